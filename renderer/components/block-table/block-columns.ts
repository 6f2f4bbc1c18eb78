import type { TableColumn } from '../table-column'
import type { BlockTableColumn } from './block-row'

const ALL: readonly TableColumn<BlockTableColumn>[] = [
  { key: 'address', label: 'Address', leastPx: 148, grow: 0, sortable: true, mono: true },
  { key: 'requested', label: 'Requested', leastPx: 78, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Bytes the program asked for' },
  { key: 'size', label: 'Consumed', leastPx: 78, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Bytes taken in the heap: header, payload and rounding' },
  { key: 'overhead', label: 'Overhead', leastPx: 70, grow: 0.4, align: 'right', sortable: true, mono: true, hint: 'Bytes of a busy block beyond what was asked for: header and unused bytes' },
  { key: 'state', label: 'State', leastPx: 104, grow: 0.7, sortable: true },
  { key: 'kind', label: 'Inside', leastPx: 102, grow: 0.7, sortable: true, hint: 'What the block is in its heap: an entry of the back end, a slot of a front-end container, a structure of the heap itself' },
  { key: 'heap', label: 'Heap', leastPx: 100, grow: 0.5, sortable: true, mono: true, hint: 'Address of the heap the block belongs to' },
  { key: 'segment', label: 'Segment', leastPx: 62, grow: 0, align: 'right', sortable: true, mono: true, hint: 'Number of the segment, in order of address' },
  { key: 'confidence', label: 'Trust', leastPx: 84, grow: 0.4, sortable: true, hint: 'Verified: every check of the entry passed. Inferred: read by rules no source confirms twice. Uncertain: a check failed. Opaque: not read' },
  { key: 'birth', label: 'Born at', leastPx: 94, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Event that made the block' },
  { key: 'why', label: 'Why here', leastPx: 78, grow: 0.7, sortable: true, hint: 'How the heap placed the block; w tells the whole sentence for the selected one' },
  { key: 'pins', label: 'Pins', leastPx: 60, grow: 0.7, align: 'right', sortable: true, mono: true, hint: 'Free bytes on its pages that cannot be given back because of this block' },
  { key: 'site', label: 'Site', leastPx: 64, grow: 1.4, sortable: true, hint: 'Call site, where the source has it' },
]

/** Of blocks an allocator of ours placed, or a recorder saw. */
export const RUN_COLUMNS = ['address', 'requested', 'size', 'state', 'segment', 'birth', 'pins', 'site'] as const satisfies readonly BlockTableColumn[]
/** The same once the run was explained. */
export const EXPLAINED_COLUMNS = ['address', 'requested', 'size', 'state', 'why', 'segment', 'birth', 'pins', 'site'] as const satisfies readonly BlockTableColumn[]
/** Of blocks that were read out of a heap's own structures. */
export const DUMP_COLUMNS = ['address', 'requested', 'size', 'overhead', 'state', 'kind', 'segment', 'confidence', 'pins'] as const satisfies readonly BlockTableColumn[]
export const ALL_HEAPS_COLUMNS = ['address', 'requested', 'size', 'overhead', 'state', 'kind', 'heap', 'confidence', 'pins'] as const satisfies readonly BlockTableColumn[]

export const columnsFor = (keys: readonly BlockTableColumn[]): readonly TableColumn<BlockTableColumn>[] => keys.map((key) => ALL.find((column) => column.key === key)!)
