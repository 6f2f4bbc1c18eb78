import { HeapscapeError } from '../../base/errors'
import { NONE } from '../../base/units'
import { nodeAt, pathOf, type CallTree } from './call-tree'
import { layoutFlame, type FlameLayout } from './flame-layout'
import type { NamedFrame } from './frame-keys'
import { ROOT } from './merged-stacks'
import { SiteFilter } from './site-filter'
import type { StudiedTree } from './site-study'
import { listRows, type TreeRows } from './tree-rows'

/** Values of a node: two columns, or four in a difference (SiteColumn). */
export type SiteFigures = readonly number[]

/** Rows [offset, offset + depth.length) of a tree table. */
export interface SiteRowPage {
  readonly total: number
  readonly offset: number
  readonly depth: Uint32Array
  /** Frame key, a step of a path. */
  readonly key: Uint32Array
  /** Path of the first row of the page; the others follow from depths and keys. */
  readonly firstPath: readonly number[]
  /** Index into `frames`. */
  readonly frame: Uint32Array
  readonly frames: readonly NamedFrame[]
  readonly hasChildren: Uint8Array
  readonly isOpen: Uint8Array
  /** 1 where the frame fulfils the search. */
  readonly isFound: Uint8Array
  /** By column over the rows: the node with all below it, and paths that end at it. */
  readonly totals: readonly Float64Array[]
  readonly selves: readonly Float64Array[]
  /** Of the whole tree, filter applied. */
  readonly rootTotals: SiteFigures
  /** Of the whole tree by the unit asked for; what shares are taken of. */
  readonly weight: number
}

/** Boxes of a flame graph: depth by depth in flat arrays (flame-layout.ts), `from` and `to` 0..1 of the root's width. */
export interface FlamePage {
  readonly depthStart: Uint32Array
  readonly parent: Int32Array
  readonly from: Float64Array
  readonly to: Float64Array
  readonly key: Int32Array
  readonly frame: Uint32Array
  readonly frames: readonly NamedFrame[]
  readonly hasChildren: Uint8Array
  readonly isFound: Uint8Array
  /** By column over the boxes. */
  readonly totals: readonly Float64Array[]
  readonly selves: readonly Float64Array[]
  /** From the tree's root to the parent of the flame's root. */
  readonly ancestors: readonly { readonly key: number; readonly frame: NamedFrame; readonly totals: SiteFigures }[]
  readonly rootTotals: SiteFigures
  /** Weight of the flame's root and of the whole tree. */
  readonly weight: number
  readonly treeWeight: number
  readonly isCut: boolean
  /** Boxes that fulfil the search, nested ones counted once, as a share of the flame's root; null without a search. */
  readonly foundShare: number | null
}

export interface FlameWish {
  /** Frame keys from the tree's root. */
  readonly root: readonly number[]
  /** Boxes narrower than one of so many parts are left out. */
  readonly parts: number
  readonly mostDepth: number
  /** Text of a SiteFilter; what fulfils it is marked. "" marks nothing. */
  readonly search: string
}

const MOST_BOXES = 12_000
const ROOT_FRAME: NamedFrame = { module: '', function: '', file: '', line: 0, isInlined: false, name: 'all' }

/** Boxes below a node; when the path is not there (another filter, another moment), as deep as it is. */
export function flamePage(studied: StudiedTree, wish: FlameWish): FlamePage {
  const { tree } = studied
  const { root, path } = deepest(tree, wish.root)
  const weight = tree.weightOf(root)
  const flame = layoutFlame(tree, root, { leastWeight: Math.max(weight / wish.parts, Number.MIN_VALUE), mostDepth: wish.mostDepth, mostBoxes: MOST_BOXES })
  const texts = new FrameTexts(studied, wish.search)
  const page = {
    key: Int32Array.from(flame.node, (node) => (node === ROOT ? NONE : tree.keyOf(node))),
    frame: Uint32Array.from(flame.node, (node) => texts.indexOf(node)),
    hasChildren: Uint8Array.from(flame.node, (node) => Number(tree.children(node).length > 0)),
    isFound: Uint8Array.from(flame.node, (node) => texts.isFound(node)),
  }
  const columns = columnsOf(studied)
  const whole = weight > 0 ? weight : 1
  return {
    ...page,
    depthStart: flame.depthStart,
    parent: flame.parent,
    from: flame.from.map((value) => value / whole),
    to: flame.to.map((value) => value / whole),
    frames: texts.frames,
    totals: columns.map((column) => Float64Array.from(flame.node, (node) => tree.total(column, node))),
    selves: columns.map((column) => Float64Array.from(flame.node, (node) => tree.self(column, node))),
    ancestors: ancestorsOf(studied, path),
    rootTotals: columns.map((column) => tree.total(column, ROOT)),
    weight,
    treeWeight: tree.weightOf(ROOT),
    isCut: flame.isCut,
    foundShare: wish.search.trim() === '' ? null : foundShare(flame, page.isFound) / whole,
  }
}

export interface RowWish {
  readonly root: readonly number[]
  readonly open: readonly (readonly number[])[]
  readonly search: string
}

/** Kept between pages of the same table. */
export function siteRows({ tree }: StudiedTree, { root, open }: RowWish): TreeRows {
  return listRows(tree, deepest(tree, root).root, open)
}

export function rowPage(studied: StudiedTree, rows: TreeRows, wish: RowWish, place: { offset: number; count: number }): SiteRowPage {
  const { tree } = studied
  const node = rows.node.subarray(place.offset, place.offset + place.count)
  const texts = new FrameTexts(studied, wish.search)
  const columns = columnsOf(studied)
  const open = new Set(wish.open.map((path) => nodeAt(tree, path)))
  const first = node[0]
  return {
    total: rows.node.length,
    offset: place.offset,
    depth: rows.depth.slice(place.offset, place.offset + place.count),
    key: Uint32Array.from(node, (one) => tree.keyOf(one)),
    firstPath: first === undefined ? [] : pathOf(tree, first),
    frame: Uint32Array.from(node, (one) => texts.indexOf(one)),
    frames: texts.frames,
    hasChildren: Uint8Array.from(node, (one) => Number(tree.children(one).length > 0)),
    isOpen: Uint8Array.from(node, (one) => Number(open.has(one))),
    isFound: Uint8Array.from(node, (one) => texts.isFound(one)),
    totals: columns.map((column) => Float64Array.from(node, (one) => tree.total(column, one))),
    selves: columns.map((column) => Float64Array.from(node, (one) => tree.self(column, one))),
    rootTotals: columns.map((column) => tree.total(column, ROOT)),
    weight: tree.weightOf(ROOT),
  }
}

const columnsOf = ({ columns }: StudiedTree): number[] => Array.from({ length: columns }, (_, column) => column)

/** The last node of the path that is there. */
function deepest(tree: CallTree, path: readonly number[]): { root: number; path: readonly number[] } {
  for (let steps = path.length; steps >= 0; steps--) {
    const root = nodeAt(tree, path.slice(0, steps))
    if (root !== NONE) return { root, path: path.slice(0, steps) }
  }
  throw new HeapscapeError('internal', { detail: 'a call tree has no root' })
}

function ancestorsOf(studied: StudiedTree, path: readonly number[]): FlamePage['ancestors'] {
  const { tree, stacks } = studied
  const columns = columnsOf(studied)
  let node: number = ROOT
  return path.map((key) => {
    const frame = node === ROOT ? ROOT_FRAME : stacks.frames.frame(tree.keyOf(node))
    const one = { key: node === ROOT ? NONE : tree.keyOf(node), frame, totals: columns.map((column) => tree.total(column, node)) }
    node = tree.children(node).find((child: number) => tree.keyOf(child) === key)!
    return one
  })
}

function foundShare({ depthStart, parent, from, to }: FlameLayout, isFound: Uint8Array): number {
  // A box inside a found one is found already; callers stand before their callees.
  const isInside = new Uint8Array(isFound.length)
  let sum = 0
  for (let box = 0; box < depthStart.at(-1)!; box++) {
    const caller = parent[box]!
    if (caller >= 0 && isInside[caller] === 1) isInside[box] = 1
    else if (isFound[box] === 1) {
      isInside[box] = 1
      sum += to[box]! - from[box]!
    }
  }
  return sum
}

/** Frames of an answer, each once, and whether they fulfil the search. */
class FrameTexts {
  readonly frames: NamedFrame[] = []
  readonly #studied: StudiedTree
  readonly #indexOfKey = new Map<number, number>()
  readonly #found: boolean[] = []
  readonly #search: SiteFilter

  constructor(studied: StudiedTree, search: string) {
    this.#studied = studied
    this.#search = new SiteFilter(search)
  }

  indexOf(node: number): number {
    const { tree, stacks } = this.#studied
    const key = node === ROOT ? NONE : tree.keyOf(node)
    const known = this.#indexOfKey.get(key)
    if (known !== undefined) return known
    const frame = key === NONE ? ROOT_FRAME : stacks.frames.frame(key)
    const index = this.frames.push(frame) - 1
    this.#indexOfKey.set(key, index)
    this.#found.push(key !== NONE && this.#search.matches(frame))
    return index
  }

  isFound(node: number): number {
    return Number(this.#found[this.indexOf(node)]!)
  }
}
