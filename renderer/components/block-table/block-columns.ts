import type { BlockColumn } from '../../../shared/analysis/block-columns'
import type { TableColumn } from '../table-column'

export interface BlockTableColumn extends TableColumn<BlockColumn> {
  /** Definition, one line. */
  readonly hint: string
  /** What an em dash in it means. */
  readonly absent?: string
}

const BUSY_ONLY = 'Not a block of the program, or its request is not known'
const NO_BIRTH = 'Not made by an event, or not known by which'

/** In the order in which they stand, whichever are shown. */
const ALL: readonly BlockTableColumn[] = [
  { key: 'address', label: 'Address', leastPx: 148, grow: 0, sortable: true, mono: true, hint: 'Where the block begins' },
  { key: 'end', label: 'End', leastPx: 148, grow: 0, sortable: true, mono: true, hint: 'First address behind the block' },
  { key: 'page', label: 'Page', leastPx: 148, grow: 0, sortable: true, mono: true, hint: 'Page the block begins on' },
  { key: 'occupancy', label: 'Page used', leastPx: 84, grow: 0, align: 'right', sortable: true, mono: true, hint: 'Used share of the committed bytes of the page the block begins on: busy and internal ones', absent: 'Nothing is committed there' },
  { key: 'requested', label: 'Requested', leastPx: 88, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Bytes the program asked for', absent: BUSY_ONLY },
  { key: 'size', label: 'Consumed', leastPx: 88, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Bytes taken in the heap: header, payload and rounding' },
  { key: 'overhead', label: 'Overhead', leastPx: 80, grow: 0.4, align: 'right', sortable: true, mono: true, hint: 'Bytes of a busy block beyond what was asked for: header and unused bytes', absent: BUSY_ONLY },
  { key: 'class', label: 'Size class', leastPx: 84, grow: 0.4, align: 'right', sortable: true, mono: true, hint: 'Largest size of the size class (powers of two in four steps) of the request, or of the whole block where no request is known' },
  { key: 'state', label: 'State', leastPx: 104, grow: 0.7, sortable: true, hint: 'Busy, free, cached, internal or uncommitted' },
  { key: 'kind', label: 'Inside', leastPx: 102, grow: 0.7, sortable: true, hint: 'What the block is in its heap: an entry of the back end, a slot of a front-end container, a structure of the heap itself', absent: 'The inside of its heap was not read' },
  { key: 'why', label: 'Why here', leastPx: 92, grow: 0.7, sortable: true, hint: 'How the heap placed the block; w tells the whole sentence for the selected one', absent: 'Not placed for a reason of its own, or the run was not explained' },
  { key: 'heap', label: 'Heap', leastPx: 100, grow: 0.5, sortable: true, mono: true, hint: 'Address of the heap the block belongs to', absent: 'Not known which heap it belongs to' },
  { key: 'segment', label: 'Segment', leastPx: 74, grow: 0, align: 'right', sortable: true, mono: true, hint: 'Number of the segment, in order of address', absent: 'Lies in no segment' },
  { key: 'confidence', label: 'Trust', leastPx: 92, grow: 0.4, sortable: true, hint: 'Verified: every check of the entry passed. Inferred: read by rules no source confirms twice. Uncertain: a check failed. Opaque: not read', absent: 'Nothing tells how far it can be trusted' },
  { key: 'birth', label: 'Born at', leastPx: 94, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Event that made the block', absent: NO_BIRTH },
  { key: 'age', label: 'Age', leastPx: 84, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Events since the block was made', absent: NO_BIRTH },
  { key: 'death', label: 'Freed at', leastPx: 94, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Event that ends the block; never for one that is still there at the end of the run', absent: NO_BIRTH },
  { key: 'lifetime', label: 'Lifetime', leastPx: 84, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Events from its birth to its end; never for one that is still there at the end of the run', absent: NO_BIRTH },
  { key: 'pins', label: 'Pins', leastPx: 72, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Free bytes on its pages that cannot be given back because of this block', absent: 'Only busy blocks keep pages from being given back' },
  { key: 'site', label: 'Site', leastPx: 104, grow: 1.4, sortable: true, hint: 'Call site, where the source has it', absent: 'Not known which call site made it' },
]

/** Of blocks an allocator of ours placed, or a recorder saw. */
export const RUN_COLUMNS = ['address', 'requested', 'size', 'state', 'segment', 'birth', 'pins', 'site'] as const satisfies readonly BlockColumn[]
/** The same once the run was explained. */
export const EXPLAINED_COLUMNS = ['address', 'requested', 'size', 'state', 'why', 'segment', 'birth', 'pins', 'site'] as const satisfies readonly BlockColumn[]
/** Of blocks that were read out of a heap's own structures. */
export const DUMP_COLUMNS = ['address', 'requested', 'size', 'overhead', 'state', 'kind', 'segment', 'confidence', 'pins'] as const satisfies readonly BlockColumn[]
export const ALL_HEAPS_COLUMNS = ['address', 'requested', 'size', 'overhead', 'state', 'kind', 'heap', 'confidence', 'pins'] as const satisfies readonly BlockColumn[]

export const BLOCK_TABLE_COLUMNS = ALL

/** Those of the keys in the table's order, whatever theirs is; the address is always one of them. */
export const columnsFor = (keys: readonly BlockColumn[]): readonly BlockTableColumn[] => ALL.filter(({ key }) => key === 'address' || keys.includes(key))
