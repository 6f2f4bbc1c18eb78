import { HeapscapeError } from '../base/errors'
import type { Address, EventNumber } from '../base/units'
import { columnNamed, type BlockColumn } from './block-columns'
import { conditionOf, type BlockFilter } from './block-query'
import { conditionText } from './filter/block-condition'
import { readFilter } from './filter/read-filter'

/*
 * What a document looks at, as text that gives the same view again, for notes and mails:
 *
 *   heapscape view 1
 *   event 120000
 *   select 0x2145c70
 *   sort size descending
 *   where size > 4096 and state = free
 *   sites function:read
 */
export interface SharedView {
  /** Absent for a snapshot. */
  readonly event?: EventNumber
  readonly selectedAddress: Address | null
  readonly sort: BlockColumn
  readonly descending: boolean
  readonly filter: BlockFilter
}

const HEAD = 'heapscape view 1'

export function viewText({ event, selectedAddress, sort, descending, filter }: SharedView): string {
  const condition = conditionOf(filter)
  const lines = [
    HEAD,
    ...(event === undefined ? [] : [`event ${event}`]),
    ...(selectedAddress === null ? [] : [`select 0x${selectedAddress.toString(16)}`]),
    ...(sort === 'address' && !descending ? [] : [`sort ${sort}${descending ? ' descending' : ''}`]),
    ...(condition === undefined ? [] : [`where ${conditionText(condition)}`]),
    ...(filter.sites === undefined ? [] : [`sites ${filter.sites}`]),
  ]
  return `${lines.join('\n')}\n`
}

/** @throws HeapscapeError `view-text-invalid` with line and what was expected; `pattern-invalid` for its condition. */
export function readViewText(text: string): SharedView {
  const lines = text.trim().split(/\r?\n/).map((line) => line.trim())
  if (lines[0] !== HEAD) throw invalid(1, `"${HEAD}"`, lines[0]!)
  let view: SharedView = { selectedAddress: null, sort: 'address', descending: false, filter: {} }
  lines.slice(1).forEach((line, index) => {
    if (line !== '') view = withLine(view, line, index + 2)
  })
  return view
}

function withLine(view: SharedView, line: string, number: number): SharedView {
  const [, key, value] = /^(\S+)\s*(.*)$/.exec(line)!
  switch (key) {
    case 'event':
      if (!/^\d{1,15}$/.test(value!)) throw invalid(number, 'an event number', value!)
      return { ...view, event: Number(value) }
    case 'select':
      if (!/^0x[0-9a-f]{1,13}$/i.test(value!)) throw invalid(number, 'an address such as 0x2145c70', value!)
      return { ...view, selectedAddress: parseInt(value!, 16) }
    case 'sort': {
      const [name, direction] = value!.split(/\s+/)
      const column = columnNamed(name!)
      if (column === undefined || (direction !== undefined && direction !== 'descending')) throw invalid(number, 'a column, and perhaps the word descending', value!)
      return { ...view, sort: column, descending: direction !== undefined }
    }
    case 'where':
      readFilter(value!)
      return { ...view, filter: { ...view.filter, where: value! } }
    case 'sites':
      return { ...view, filter: { ...view.filter, sites: value! } }
    default:
      throw invalid(number, 'event, select, sort, where or sites', key!)
  }
}

const invalid = (line: number, expected: string, got: string): HeapscapeError => new HeapscapeError('view-text-invalid', { expected, got: got.slice(0, 80) }, { line })
