import type { BlockGrouping } from '../../../shared/analysis/block-columns'
import { groupFilter, UNKNOWN_GROUP } from '../../../shared/analysis/block-groups'
import { formatAddress, formatCount, NOT_AVAILABLE } from '../format'
import { countColumn, type RowColumn, type RowSpec, type RowValues } from '../row-list/row-spec'

export const GROUP_TITLES: Readonly<Record<BlockGrouping, string>> = {
  class: 'Size class', state: 'State', kind: 'Inside', heap: 'Heap', segment: 'Segment', page: 'Page', site: 'Call site', age: 'Age', why: 'Why here',
}
const HINTS: Partial<Record<BlockGrouping, string>> = {
  class: 'Powers of two in four steps, of the request or, where none is known, of the whole block',
  why: 'How the heap placed the blocks of the program; the others were not placed for a reason of their own',
  age: 'Events since the block was made; each step is twice as wide as the one before',
}

/** The group a row is about, as people write it. */
function groupText(by: BlockGrouping, row: RowValues): string {
  const key = row.number('key')
  if (key === UNKNOWN_GROUP) return NOT_AVAILABLE
  if (by === 'heap' || by === 'page') return formatAddress(key)
  const name = row.text('name')
  return by === 'class' || by === 'age' ? name.split('..').map((end) => formatCount(Number(end))).join(' to ') : name
}

/** The list of groups: what they have in common, and its sums. */
export function groupSpec(by: BlockGrouping): RowSpec {
  const key: RowColumn = { key: 'key', label: GROUP_TITLES[by], leastPx: 148, grow: 1.2, sortable: true, mono: by !== 'state' && by !== 'kind' && by !== 'why', text: (row) => groupText(by, row), ...(HINTS[by] === undefined ? {} : { hint: HINTS[by] }) }
  const columns = [
    by === 'site' ? { ...key, key: 'name', grow: 3 } : key,
    countColumn('blocks', 'Blocks'),
    countColumn('bytes', 'Consumed', { hint: 'Bytes taken in the heap' }),
    countColumn('busy', 'Busy blocks'),
    countColumn('requested', 'Requested', { hint: 'Bytes the program asked for, of the busy blocks whose request is known' }),
    countColumn('free', 'Free bytes'),
    countColumn('pins', 'Pins', { hint: 'Free bytes on their pages that cannot be given back because of these blocks' }),
  ]
  return { id: `groups-${by}`, label: `Blocks by ${GROUP_TITLES[by].toLowerCase()}`, columns, emptyText: 'No block passes the filter.' }
}

/** The condition that keeps a row's blocks, beside the one that holds. */
export function filterWithGroup(where: string | undefined, by: BlockGrouping, row: RowValues): string {
  const group = groupFilter(by, row.number('key'), row.text('name'))
  if (where === undefined || where === '') return group
  return /\bor\b/i.test(where) ? `(${where}) and ${group}` : `${where} and ${group}`
}
