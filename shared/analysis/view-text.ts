import type { Bookmark } from './bookmarks'
import { noteLine, orderedBookmarks } from './bookmarks'
import { HeapscapeError } from '../base/errors'
import type { Address, EventNumber } from '../base/units'
import { BLOCK_COLUMNS, columnNamed, type BlockColumn } from './block-columns'
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
 *   columns address size age
 *   where size > 4096 and state = free
 *   sites function:read
 *   map layout hilbert
 *   list sites
 *   bookmark 4711 the cache is dropped here
 */

/** Choices of a part of the window by name, of which this file knows nothing more: each part takes what it understands. */
export type ViewChoices = Readonly<Record<string, string | number | boolean>>

export const MOST_CHOICES = 32
export const LONGEST_CHOICE = 200

export interface SharedView {
  /** Absent for a snapshot. */
  readonly event?: EventNumber
  readonly selectedAddress: Address | null
  readonly sort: BlockColumn
  readonly descending: boolean
  readonly filter: BlockFilter
  /** Columns of the block table; absent: as they are. */
  readonly columns?: readonly BlockColumn[]
  /** Layout, colouring and chosen range of the map, colour and zoom of address and time; absent: as it is. */
  readonly map?: ViewChoices
  /** Tab of the lists; absent: the one shown. */
  readonly list?: string
  /** Kind of the timeline; absent: the one shown. */
  readonly timeline?: string
  readonly bookmarks?: readonly Bookmark[]
}

const HEAD = 'heapscape view 1'

export function viewText({ event, selectedAddress, sort, descending, filter, columns, map, list, timeline, bookmarks }: SharedView): string {
  const condition = conditionOf(filter)
  const lines = [
    HEAD,
    ...(event === undefined ? [] : [`event ${event}`]),
    ...(selectedAddress === null ? [] : [`select 0x${selectedAddress.toString(16)}`]),
    ...(sort === 'address' && !descending ? [] : [`sort ${sort}${descending ? ' descending' : ''}`]),
    ...(columns === undefined ? [] : [`columns ${columns.join(' ')}`]),
    ...(condition === undefined ? [] : [`where ${conditionText(condition)}`]),
    ...(filter.sites === undefined ? [] : [`sites ${filter.sites}`]),
    ...Object.entries(map ?? {}).map(([name, choice]) => `map ${name} ${choiceText(choice)}`),
    ...(list === undefined ? [] : [`list ${list}`]),
    ...(timeline === undefined ? [] : [`timeline ${timeline}`]),
    ...(bookmarks ?? []).map(({ event: at, note }) => `bookmark ${at} ${note}`.trimEnd()),
  ]
  return `${lines.join('\n')}\n`
}

const PLAIN_NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/

/** A text that would read back as something else, or spans lines, stands in quotes. */
function choiceText(choice: string | number | boolean): string {
  if (typeof choice !== 'string') return String(choice)
  return readChoice(choice) === choice && choice !== '' && !/[\r\n]|^\s|\s$/.test(choice) ? choice : JSON.stringify(choice)
}

/** undefined: a quoted text that does not end. */
function readChoice(text: string): string | number | boolean | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  if (PLAIN_NUMBER.test(text)) return Number(text)
  if (!text.startsWith('"')) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return undefined
  }
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
    case 'columns': {
      const columns = value!.split(/\s+/).map((name) => columnNamed(name))
      if (!columns.every((column) => column !== undefined) || columns.length > BLOCK_COLUMNS.length) throw invalid(number, 'names of columns', value!)
      return { ...view, columns }
    }
    case 'where':
      readFilter(value!)
      return { ...view, filter: { ...view.filter, where: value! } }
    case 'sites':
      return { ...view, filter: { ...view.filter, sites: value! } }
    case 'map': {
      const [, name, text] = /^([a-z][a-zA-Z0-9]{0,31})\s+(.+)$/.exec(value!) ?? []
      const choice = text === undefined || text.length > LONGEST_CHOICE ? undefined : readChoice(text)
      if (choice === undefined || Object.keys(view.map ?? {}).length >= MOST_CHOICES) throw invalid(number, 'a choice of the map and its value', value!)
      return { ...view, map: { ...view.map, [name!]: choice } }
    }
    case 'list':
    case 'timeline':
      if (!/^[a-z][\w-]{0,63}$/i.test(value!)) throw invalid(number, `the name of a ${key}`, value!)
      return { ...view, [key]: value! }
    case 'bookmark': {
      const [, at, note] = /^(\d{1,10})(?:\s+(.*))?$/.exec(value!) ?? []
      if (at === undefined) throw invalid(number, 'an event number and a note', value!)
      return { ...view, bookmarks: orderedBookmarks([...(view.bookmarks ?? []), { event: Number(at), note: noteLine(note ?? '') }]) }
    }
    default:
      throw invalid(number, 'event, select, sort, columns, where, sites, map, list, timeline or bookmark', key!)
  }
}

const invalid = (line: number, expected: string, got: string): HeapscapeError => new HeapscapeError('view-text-invalid', { expected, got: got.slice(0, 80) }, { line })
