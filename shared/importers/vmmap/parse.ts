import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { PAGE_BYTES } from '../../base/units'
import { NoteList } from '../../model/note-list'
import { type ListedRegion, RegionList } from '../../model/region-list'
import { RegionKind, RegionState } from '../../model/region-table'
import { BlockTable, Snapshot } from '../../model/snapshot'
import type { ImportOptions } from '../importer'
import { eachTag, tagOf, type Tag } from './tags'

/** Numbers of the UseType attribute, as another reader of the format names them. */
const USES: Readonly<Record<number, readonly [name: string, kind: RegionKind]>> = {
  0: ['Heap', RegionKind.Heap],
  1: ['Stack', RegionKind.Stack],
  2: ['Image', RegionKind.Image],
  3: ['Mapped File', RegionKind.Mapped],
  4: ['Private Data', RegionKind.Private],
  5: ['Shareable', RegionKind.Mapped],
  6: ['Free', RegionKind.Unknown],
  8: ['Managed Heap', RegionKind.Heap],
  10: ['Unusable', RegionKind.Unknown],
}
const FREE = 6

export function looksLikeVmMap(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  return /^\s*</.test(text) && /<Region\b[^>]*\bAddress="\d+"[^>]*>/.test(text) && /\bUseType="\d+"/.test(text)
}

/** Reads the last snapshot of a VMMap file as the regions of an address space. Throws format-malformed, `cancelled`. */
export async function parseVmMap(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Snapshot> {
  const reader = new VmMapReader(source.name, options.mode === 'strict')
  const isWhole = await eachTag(source, job, (text, line) => reader.take(text, line))
  return reader.finish(isWhole)
}

interface Node {
  readonly base: number
  readonly end: number
  readonly tag: Tag
  readonly line: number
}

interface OpenNode {
  readonly node: Node
  /** What the region or the one around it is said to be, for blocks that say nothing themselves. */
  readonly details: string
  at: number
  hasInner: boolean
}

class VmMapReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #list = new NoteList()
  readonly #note = {
    unverified: this.#list.kind('unverified-format', 'VMMap files are read by what is publicly known of them; no file of VMMap itself was at hand to prove it. Compare with VMMap before you rely on a figure.'),
    unreadable: this.#list.kind('unreadable-region', 'Regions without a sound address and size were left out.'),
    overlap: this.#list.kind('overlapping-region', 'Regions that overlap others without lying in them were left out.'),
    snapshots: this.#list.kind('more-snapshots', 'Of several snapshots in the file the last was read.'),
    cut: this.#list.kind('cut-file', 'The file ends inside an element or before its end tag.'),
    unknownUse: this.#list.kind('unknown-use', 'Regions of a use that is not known are shown without one.'),
  }
  #nodes: Node[] = []
  #snapshots = 0
  #rootName: string | undefined
  #rootIsClosed = false

  constructor(file: string, strict: boolean) {
    this.#file = file
    this.#strict = strict
  }

  take(text: string, line: number): void {
    if (text.startsWith('<?') || text.startsWith('<!')) return
    if (text.startsWith('</')) {
      if (text.slice(2, -1).trim() === this.#rootName) this.#rootIsClosed = true
      return
    }
    const tag = tagOf(text)
    this.#rootName ??= tag?.name
    if (tag?.name === 'Snapshot') {
      // Each repeats the whole address space.
      if (this.#snapshots++ > 0) this.#note.snapshots.hit(line)
      this.#nodes = []
    } else if (tag?.name === 'Region' || text.startsWith('<Region ')) this.#takeRegion(tag, line)
  }

  finish(isWhole: boolean): Snapshot {
    const isCut = !isWhole || !this.#rootIsClosed
    if (isCut && this.#strict) throw new HeapscapeError('format-truncated', { expected: 'the end of the XML', got: 'the end of the file' })
    if (this.#nodes.length === 0) throw new HeapscapeError('format-malformed', { expected: 'a region', got: 'none' })
    if (isCut) this.#note.cut.count = 1
    this.#note.unverified.count = 1
    const { regions, owners, overlapping } = this.#regions().toTable()
    this.#note.overlap.count += overlapping.length
    const last = this.#nodes.reduce((end, node) => Math.max(end, node.end), 0)
    return new Snapshot({
      origin: { file: this.#file, format: 'vmmap', partial: isCut, notes: this.#list.toNotes(), producer: 'VMMap' },
      pageBytes: PAGE_BYTES,
      addressSpace: { low: 0, high: last <= 2 ** 32 ? 2 ** 32 : Math.max(2 ** 47, last) },
      heaps: [],
      segments: [],
      owners,
      regions,
      regionsComplete: !isCut,
      blocks: new BlockTable(),
      coverage: 'none',
      event: undefined,
      siteNames: [],
    })
  }

  #takeRegion(tag: Tag | undefined, line: number): void {
    const base = numberOf(tag, 'Address')
    const size = numberOf(tag, 'Size')
    if (tag !== undefined && base !== undefined && size !== undefined && size > 0 && base + size <= Number.MAX_SAFE_INTEGER) this.#nodes.push({ base, end: base + size, tag, line })
    else if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a region with address and size', got: 'another' }, { line })
    else this.#note.unreadable.hit(line)
  }

  /** A region that holds others is told by them; what they leave of it is its own. */
  #regions(): RegionList {
    const list = new RegionList()
    const nodes = [...this.#nodes].sort((a, b) => a.base - b.base || b.end - a.end)
    const open: OpenNode[] = []
    const close = (limit: number): void => {
      while (open.length > 0 && open.at(-1)!.node.end <= limit) {
        const { node, at, hasInner, details } = open.pop()!
        if (at < node.end) this.#push(list, node, { base: at, end: node.end }, details, hasInner)
        const outer = open.at(-1)
        if (outer !== undefined) outer.at = Math.max(outer.at, node.end)
      }
    }
    for (const node of nodes) {
      close(node.base)
      const outer = open.at(-1)
      const details = node.tag.attributes.get('Details') || (outer?.details ?? '')
      if (outer !== undefined) {
        if (node.end > outer.node.end) {
          this.#note.overlap.hit(node.line)
          continue
        }
        if (node.base === outer.node.base && node.end === outer.node.end) {
          // The same range again: the inner one is the finer statement.
          open[open.length - 1] = { node, details, at: outer.at, hasInner: false }
          continue
        }
        if (node.base > outer.at) this.#push(list, outer.node, { base: outer.at, end: node.base }, outer.details, true)
        outer.at = node.base
        outer.hasInner = true
      }
      open.push({ node, details, at: node.base, hasInner: false })
    }
    close(Infinity)
    return list
  }

  /** `isRest`: what inner regions leave of an outer one, whose figures are of the whole and do not apply. */
  #push(list: RegionList, { tag, line }: Node, { base, end }: { readonly base: number; readonly end: number }, details: string, isRest: boolean): void {
    const use = numberOf(tag, 'UseType') ?? -1
    if (use === FREE) return
    const known = USES[use]
    if (known === undefined) this.#note.unknownUse.hit(line)
    const commit = numberOf(tag, 'Commit')
    const shared = numberOf(tag, 'ShareableWS')
    const own = numberOf(tag, 'PrivateWS')
    const bytes = numberOf(tag, 'PrivateBytes')
    const measures: ListedRegion['measures'] = isRest ? {} : { ...(shared === undefined || own === undefined ? {} : { resident: shared + own }), ...(bytes === undefined ? {} : { private: bytes }) }
    list.push({
      base,
      end,
      state: isRest || commit === 0 ? RegionState.Reserved : RegionState.Committed,
      kind: known?.[1] ?? RegionKind.Unknown,
      protect: isRest ? 0 : (numberOf(tag, 'Protection') ?? 0),
      owner: details !== '' ? details : (tag.attributes.get('Type') || (known?.[0] ?? '')),
      measures,
    })
  }
}

/** Attributes are decimal bytes. */
function numberOf(tag: Tag | undefined, name: string): number | undefined {
  const text = tag?.attributes.get(name)
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  const value = Number(text)
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined
}
