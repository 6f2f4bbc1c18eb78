import type { JobContext } from '../../base/job-context'
import { NONE } from '../../base/units'
import type { StackTable } from '../../model/call-stacks'
import type { TraceSites } from '../../model/trace'
import { FrameKeys, HEAP_KEY, UNKNOWN_KEY, type FrameDetail } from './frame-keys'
import type { SiteFilter } from './site-filter'

/*
 * The call paths of one or several documents as one tree, in which equal paths are one node, by frame key:
 *
 *   node    0     1      2      3      4
 *   key     -     main   run    grow   run       node 0 is the root: everything
 *   parent  -1    0      1      2      0
 *
 * A parent always is a lower node, so that one pass upwards or downwards carries sums or marks through the whole tree.
 */
export const ROOT = 0
const ROWS_BETWEEN_TURNS = 1 << 16

export interface MergedStacks {
  readonly frames: FrameKeys
  readonly nodes: number
  /** Frame key by node; -1 at the root. */
  readonly key: Int32Array
  readonly parent: Int32Array
  /** By document: the node of site i at [i + 1], of calls without a known site at [0]. */
  readonly nodeOfSite: readonly Int32Array[]
  /** What belongs to no call of the program. */
  readonly heapNode: number
  /** Children of node n: childList from childStart[n] to childStart[n + 1], in order of their numbers. */
  readonly childStart: Uint32Array
  readonly childList: Int32Array
}

/** About 100 ns per path. `byAddress` tells frames without a function apart by their addresses (one document only). */
export async function mergeStacks(documents: readonly TraceSites[], detail: FrameDetail, job: JobContext): Promise<MergedStacks> {
  const frames = new FrameKeys(detail, documents.length === 1)
  const most = documents.reduce((sum, sites) => sum + (sites.calls?.tables.stacks.length ?? 0) + sites.names.length, 3)
  const writer = new TreeWriter(most)
  const unknownNode = writer.child(ROOT, UNKNOWN_KEY)
  const heapNode = writer.child(ROOT, HEAP_KEY)
  const nodeOfSite: Int32Array[] = []
  for (const sites of documents) {
    const nodeOfStack = await addStacks(sites, frames, writer, job)
    nodeOfSite.push(nodesOfSites(sites, nodeOfStack, { frames, writer, unknownNode }))
  }
  const { key, parent, nodes } = writer.finish()
  return { frames, nodes, key, parent, nodeOfSite, heapNode, ...childrenOf(parent) }
}

async function addStacks(sites: TraceSites, frames: FrameKeys, writer: TreeWriter, job: JobContext): Promise<Int32Array> {
  const keyOfFrame = frames.addFrames(sites)
  const stacks: StackTable | undefined = sites.calls?.tables.stacks
  const rows = stacks?.length ?? 0
  const nodeOfStack = new Int32Array(rows)
  if (stacks === undefined) return nodeOfStack
  // Flat copies: Column.at costs several times a plain read, and the parents jump about.
  const frameOf = stacks.frame.slice()
  const parentOf = stacks.parent.slice()
  for (let row = 0; row < rows; row++) {
    const caller = parentOf[row]!
    nodeOfStack[row] = writer.child(caller < 0 ? ROOT : nodeOfStack[caller]!, keyOfFrame[frameOf[row]!]!)
    if (row % ROWS_BETWEEN_TURNS === 0) {
      job.progress({ done: row, total: rows, unit: 'call paths' })
      await job.checkpoint()
    }
  }
  return nodeOfStack
}

interface SiteWorld {
  readonly frames: FrameKeys
  readonly writer: TreeWriter
  readonly unknownNode: number
}

function nodesOfSites(sites: TraceSites, nodeOfStack: Int32Array, { frames, writer, unknownNode }: SiteWorld): Int32Array {
  const nodes = new Int32Array(sites.names.length + 1).fill(unknownNode)
  const keyOfName = frames.addNames(sites)
  const stackOf = sites.calls?.stackOf
  for (let site = 0; site < sites.names.length; site++) {
    const stack = stackOf === undefined ? NONE : stackOf.at(site)
    if (stack >= 0) nodes[site + 1] = nodeOfStack[stack]!
    else if (sites.names[site] !== '') nodes[site + 1] = writer.child(ROOT, keyOfName(site))
  }
  return nodes
}

/** Gives out nodes; a pair of parent and key is found again by open addressing over typed arrays, no object per path. */
class TreeWriter {
  readonly #key: Int32Array
  readonly #parent: Int32Array
  /** Node + 1, 0 = free place. */
  readonly #places: Int32Array
  #nodes = 1

  constructor(most: number) {
    this.#key = new Int32Array(most).fill(NONE)
    this.#parent = new Int32Array(most).fill(NONE)
    this.#places = new Int32Array(2 ** Math.ceil(Math.log2(most * 2 + 2)))
  }

  child(parent: number, key: number): number {
    const places = this.#places
    const mask = places.length - 1
    let mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(key + 1, 0x85ebca6b)
    mixed ^= mixed >>> 15
    for (let place = mixed & mask; ; place = (place + 1) & mask) {
      const found = places[place]! - 1
      if (found < 0) {
        const node = this.#nodes++
        places[place] = node + 1
        this.#key[node] = key
        this.#parent[node] = parent
        return node
      }
      if (this.#parent[found] === parent && this.#key[found] === key) return found
    }
  }

  finish(): { key: Int32Array; parent: Int32Array; nodes: number } {
    return { key: this.#key.slice(0, this.#nodes), parent: this.#parent.slice(0, this.#nodes), nodes: this.#nodes }
  }
}

function childrenOf(parent: Int32Array): { childStart: Uint32Array; childList: Int32Array } {
  const childStart = new Uint32Array(parent.length + 1)
  for (let node = 1; node < parent.length; node++) childStart[parent[node]! + 1]!++
  for (let node = 0; node < parent.length; node++) childStart[node + 1]! += childStart[node]!
  const next = childStart.slice()
  const childList = new Int32Array(parent.length - 1)
  for (let node = 1; node < parent.length; node++) childList[next[parent[node]!]!++] = node
  return { childStart, childList }
}

/** 1 for every node whose path the filter keeps. */
function keptNodes({ frames, key, parent, nodes }: MergedStacks, filter: SiteFilter): Uint8Array {
  const kept = new Uint8Array(nodes)
  if (filter.isEmpty) return kept.fill(1)
  const matches = new Uint8Array(frames.length)
  const refuses = new Uint8Array(frames.length)
  for (let k = 0; k < frames.length; k++) {
    const frame = frames.frame(k)
    const text = k > HEAP_KEY ? frame : { ...frame, function: frame.name }
    if (filter.matches(text)) matches[k] = 1
    if (filter.refuses(text)) refuses[k] = 1
  }
  // First whether a frame of the path matches (1) or refuses (2, for good); parents stand before their children.
  const REFUSED = 2
  kept[ROOT] = filter.needsMatch ? 0 : 1
  for (let node = 1; node < nodes; node++) {
    const above = kept[parent[node]!]!
    const k = key[node]!
    kept[node] = above === REFUSED || refuses[k] === 1 ? REFUSED : above === 1 || matches[k] === 1 ? 1 : 0
  }
  for (let node = 0; node < nodes; node++) if (kept[node] === REFUSED) kept[node] = 0
  return kept
}

/** What a filter keeps: by document 1 at [site + 1] for every site, [0] for calls without a known one; and the heap itself. */
export interface KeptSites {
  readonly sites: readonly Uint8Array[]
  readonly heap: boolean
}

/** `stacks` are best merged by line, so that a filter may name one. */
export function keepSites(stacks: MergedStacks, filter: SiteFilter): KeptSites {
  const kept = keptNodes(stacks, filter)
  return { sites: stacks.nodeOfSite.map((nodes) => Uint8Array.from(nodes, (node) => kept[node]!)), heap: kept[stacks.heapNode] === 1 }
}
