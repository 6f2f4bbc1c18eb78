import type { DumpTable } from '../../../../shared/analysis/dump/table-names'
import { REGION_STATE_NAMES } from '../../../../shared/model/region-table'
import { formatCount, NOT_AVAILABLE } from '../../../components/format'
import { addressColumn, countColumn, shareColumn, type RowColumn, type RowSpec } from '../../../components/row-list/row-spec'

/** A list of the lower pane, with the table of the engine it shows. */
export interface DumpListSpec extends RowSpec {
  readonly id: DumpTable
}

const heapColumn: RowColumn = { key: 'heap', label: 'Heap', leastPx: 100, grow: 0.4, sortable: true, mono: true, text: (row, names) => names[row.number('heap')] ?? NOT_AVAILABLE }
const slotColumn = countColumn('slotBytes', 'Slot bytes', { leastPx: 74, hint: 'Size of every slot: the bucket the container serves', text: (row) => (row.number('slotBytes') === 0 ? 'waiting' : formatCount(row.number('slotBytes'))) })

export const CONTAINERS: DumpListSpec = {
  id: 'containers',
  label: 'Containers of the front end',
  emptyText: 'No container.',
  columns: [
    addressColumn('Container'),
    slotColumn,
    countColumn('slots', 'Slots', { leastPx: 56 }),
    countColumn('busy', 'Busy', { leastPx: 56 }),
    shareColumn('utilisation', 'Used', { leastPx: 92 }),
    countColumn('spareBytes', 'Besides', { leastPx: 66, hint: 'Bytes of header, bitmap and rest, or of a container that waits' }),
  ],
}

export const FREE_SIZES: DumpListSpec = {
  id: 'free',
  label: 'Free blocks by size',
  emptyText: 'Nothing is free.',
  columns: [
    countColumn('size', 'Size', { hint: 'Consumed bytes of each block; a list of the heap holds them by this size' }),
    countColumn('blocks', 'Blocks'),
    countColumn('total', 'Bytes in all'),
    shareColumn('share', 'Of what is free'),
    addressColumn('First'),
  ],
}

export const SEGMENTS: DumpListSpec = {
  id: 'segments',
  label: 'Segments',
  emptyText: 'No segment.',
  columns: [
    addressColumn('Segment'),
    heapColumn,
    countColumn('bytes', 'Reserved'),
    countColumn('committed', 'Committed'),
    countColumn('uncommitted', 'Uncommitted'),
    countColumn('blocks', 'Blocks', { leastPx: 66 }),
    countColumn('busy', 'Busy bytes'),
    countColumn('free', 'Free bytes'),
    { key: 'ownReservation', label: 'Is', leastPx: 92, grow: 0.4, sortable: true, hint: 'A block with a reservation of its own has a segment to itself', text: (row) => (row.number('ownReservation') === 1 ? 'one block' : 'segment') },
  ],
}

export const UNCOMMITTED: DumpListSpec = {
  id: 'uncommitted',
  label: 'Uncommitted ranges',
  emptyText: 'All that is reserved is committed.',
  columns: [
    addressColumn('Uncommitted range'),
    countColumn('bytes', 'Bytes'),
    { key: 'described', label: 'Described', leastPx: 84, grow: 0.4, sortable: true, hint: 'The block before the range holds its descriptor', text: (row) => (row.number('described') === 1 ? 'yes' : NOT_AVAILABLE) },
  ],
}

export const PAGES: DumpListSpec = {
  id: 'pages',
  label: 'Pages',
  emptyText: 'No page is committed.',
  columns: [
    addressColumn('Page'),
    heapColumn,
    shareColumn('occupancy', 'Used', { hint: 'Bytes of busy blocks and heap structures on the page' }),
    countColumn('used', 'Used bytes'),
    countColumn('free', 'Free bytes', { hint: 'They go back only when everything else on the page goes' }),
    countColumn('blocks', 'Blocks', { leastPx: 66, hint: 'Blocks that touch the page' }),
  ],
}

export const REGIONS: DumpListSpec = {
  id: 'regions',
  label: 'Regions of the address space',
  emptyText: 'The dump lists no regions.',
  columns: [
    addressColumn('Region'),
    countColumn('bytes', 'Bytes'),
    { key: 'state', label: 'State', leastPx: 84, grow: 0.3, sortable: true, text: (row) => REGION_STATE_NAMES[row.number('state')] ?? NOT_AVAILABLE },
    { key: 'owner', label: 'Owner', leastPx: 180, grow: 2, sortable: true, hint: 'Module, stack or heap the region belongs to', text: (row) => row.text('owner') || NOT_AVAILABLE },
  ],
}

export const OWNERS: DumpListSpec = {
  id: 'owners',
  label: 'Modules, stacks and heaps',
  emptyText: 'The dump names no owner of a region.',
  columns: [
    { key: 'owner', label: 'Owner', leastPx: 180, grow: 2, sortable: true, text: (row) => row.text('owner') },
    addressColumn('First region'),
    countColumn('bytes', 'Bytes'),
    countColumn('committed', 'Committed'),
    countColumn('regions', 'Regions', { leastPx: 70 }),
  ],
}
