import type { DifferenceTable } from '../../../shared/analysis/dump/table-names'
import { PLACE_CHANGE_NAMES } from '../../../shared/analysis/compare-dumps/match-by-place'
import { formatCount, formatShortAddress, NOT_AVAILABLE } from '../../components/format'
import { addressColumn, countColumn, differenceColumn, type RowColumn, type RowSpec } from '../../components/row-list/row-spec'

export interface DifferenceSpec extends RowSpec {
  readonly id: DifferenceTable
}

/** -1 stands for what is not there or not known. */
const sizeColumn = (key: string, label: string, hint: string): RowColumn => countColumn(key, label, { leastPx: 84, hint, text: (row) => (row.number(key) < 0 ? NOT_AVAILABLE : formatCount(row.number(key))) })
const changeColumns = PLACE_CHANGE_NAMES.map((name) => countColumn(name, name[0]!.toUpperCase() + name.slice(1), { leastPx: 72 }))

export const PLACES: DifferenceSpec = {
  id: 'places',
  label: 'Blocks by what became of them',
  emptyText: 'No block of this kind.',
  columns: [
    addressColumn('Address'),
    { key: 'change', label: 'What', leastPx: 92, grow: 0.4, sortable: true, text: (row) => PLACE_CHANGE_NAMES[row.number('change')] ?? NOT_AVAILABLE },
    sizeColumn('sizeA', 'Size in A', 'Consumed bytes in the first dump'),
    sizeColumn('sizeB', 'Size in B', 'Consumed bytes in the second dump'),
    sizeColumn('requestedA', 'Requested A', 'Bytes the program asked for, first dump'),
    sizeColumn('requestedB', 'Requested B', 'Bytes the program asked for, second dump'),
    { key: 'heap', label: 'Heap', leastPx: 100, grow: 0.4, sortable: true, mono: true, text: (row) => formatShortAddress(row.number('heap')) },
  ],
}

export const SIZE_DIFFERENCES: DifferenceSpec = {
  id: 'sizes',
  label: 'Differences by size',
  emptyText: 'No block in either.',
  columns: [
    countColumn('size', 'Size', { leastPx: 76 }),
    countColumn('countA', 'In A', { leastPx: 66 }),
    countColumn('countB', 'In B', { leastPx: 66 }),
    differenceColumn('difference', 'Blocks', { leastPx: 70, hint: 'B less A' }),
    differenceColumn('byteDifference', 'Bytes', { leastPx: 84, hint: 'B less A' }),
    ...changeColumns,
  ],
}

export const PAGE_DIFFERENCES: DifferenceSpec = {
  id: 'pages',
  label: 'Differences by page',
  emptyText: 'No page differs.',
  columns: [addressColumn('Page'), ...changeColumns.slice(1)],
}
