import type { Address } from '../../base/units'
import type { Finding } from '../../model/heap-report'
import type { CounterCheck } from '../../model/heap-report'
import type { SizeStatement, StatedFigure } from '../../model/heap-statement'
import { type KnownSegment, ListedBlocks } from '../../model/listed-blocks'
import { NoteList } from '../../model/note-list'
import { RegionList } from '../../model/region-list'
import type { RegionTotal } from '../../model/region-table'
import { TextNumbers } from './text-numbers'

const HEADER_BYTES = 8
const WIDE_HEADER_BYTES = 16

/** What the log has said of one heap so far. */
export class HeapDraft {
  readonly index: number
  readonly base: Address
  flavour = 'nt-heap'
  flags: number | undefined
  /** A row of `!heap -s`: sizes cut to KiB. */
  isSummarised = false
  frontEnd: string | undefined
  granularity: number | undefined
  headerBytes = WIDE_HEADER_BYTES
  readonly stated: Partial<Record<StatedFigure, number>> = {}
  readonly sizes: SizeStatement[] = []
  readonly findings: Finding[] = []
  readonly counters: CounterCheck[] = []
  /** Of `Segment at`, by base. */
  readonly segments = new Map<Address, { readonly end: Address; readonly committedBytes: number }>()
  /** Free blocks and bytes of the free lists, when they were printed. */
  readonly freeList = { blocks: 0, bytes: 0 }

  constructor(index: number, base: Address) {
    this.index = index
    this.base = base
  }

  /** A figure the log states; a second, other one is kept and told. */
  state(name: StatedFigure, value: number): void {
    const before = this.stated[name]
    if (before !== undefined && before !== value) this.find('stated-twice', 'note', `${name} is stated as ${before} and later as ${value}; the later is kept.`)
    this.stated[name] = value
  }

  /** A stated figure beside the sum of rows. */
  check(name: string, stored: number, walked: number): void {
    const found = this.counters.findIndex((counter) => counter.name === name)
    const counter = { name, stored, walked, equal: stored === walked }
    if (found >= 0) this.counters[found] = counter
    else this.counters.push(counter)
  }

  find(code: string, severity: Finding['severity'], text: string, address?: Address): void {
    const at = this.findings.findIndex((finding) => finding.code === code)
    if (at >= 0) this.findings[at] = { ...this.findings[at]!, count: this.findings[at]!.count + 1 }
    else this.findings.push(address === undefined ? { code, severity, text, count: 1 } : { code, severity, text, count: 1, address })
  }
}

/** Part of the log being read; decides what a row with an address and sizes means. */
export type Section = 'none' | 'summary' | 'heap' | 'free-lists' | 'segment' | 'entries' | 'slots' | 'stat' | 'filter' | 'page-heap' | 'address' | 'totals' | 'lfh-table'

/** Everything a log has told so far; the readers of single lines write into it. */
export class LogState {
  readonly list = new NoteList()
  readonly note = {
    cutLine: this.list.kind('cut-line', 'The last line is cut and was ignored.'),
    other: this.list.kind('other-line', 'Lines that tell nothing of heaps or regions were passed over.'),
    unreadable: this.list.kind('unreadable-line', 'Rows of a table that make no sense were skipped.'),
    leftOut: this.list.kind('left-out', 'Dots stand where rows were left out of the text.'),
    debuggerError: this.list.kind('debugger-error', "The debugger reports errors of its own; its figures may be incomplete."),
    overlap: this.list.kind('overlapping-block', 'Blocks that begin inside another were left out.'),
    regionOverlap: this.list.kind('overlapping-region', 'Regions that begin inside another were left out.'),
    otherTotal: this.list.kind('other-total', 'A total of the text is not the sum of its rows.'),
    listsDiffer: this.list.kind('lists-differ', 'The regions and the blocks of the log do not account for the same bytes; they may be of different moments.'),
    otherTool: this.list.kind('other-tool', 'The text is of the debugger vdb (vivisect), whose tables follow those of WinDbg.'),
  }
  readonly heaps = new Map<Address, HeapDraft>()
  readonly blocks = new ListedBlocks()
  readonly sites = new TextNumbers()
  readonly regions = new RegionList()
  readonly totals: RegionTotal[] = []
  /** True once a table of regions shows what is free, too. */
  listsFree = false
  section: Section = 'none'
  heap: HeapDraft | undefined
  line = 0
  /** Addresses of more than 8 digits. */
  isWide = false
  /** Address and size of the entry before, for its successor's statement of it. */
  lastEntry: { readonly end: Address; readonly size: number } | undefined
  /** `Virtual block` lines since the last heap row. */
  virtualBlocks = 0

  /** Header of a block of the current heap; the least of a heap is kept for all of it, should a log mix widths. */
  headerBytes(): number {
    const bytes = this.isWide ? WIDE_HEADER_BYTES : HEADER_BYTES
    if (this.heap !== undefined) this.heap.headerBytes = Math.min(this.heap.headerBytes, bytes)
    return bytes
  }

  /** Granules of NT heaps are as large as their headers. */
  granule(): number {
    return this.heap?.granularity ?? this.headerBytes()
  }

  heapAt(base: Address): HeapDraft {
    let heap = this.heaps.get(base)
    if (heap === undefined) this.heaps.set(base, (heap = new HeapDraft(this.heaps.size, base)))
    this.heap = heap
    return heap
  }

  /** Addresses are written with backticks, leading zeros or neither; NaN above 2^53. */
  address(text: string): Address {
    const digits = text.replace('`', '')
    if (digits.replace(/^0+/, '').length > 8 || digits.length > 8) this.isWide = true
    const value = Number.parseInt(digits, 16)
    return value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN
  }

  knownSegments(): KnownSegment[] {
    return [...this.heaps.values()].flatMap(({ index, segments }) => [...segments].map(([base, { end }]) => ({ heap: index, base, end })))
  }
}
