import type { ShownTable, ShownValue } from '../../../shared/base/shown-table'
import { NOT_AVAILABLE } from '../format'

/*
 * Tables that stand on the page as HTML, read off as they are shown: short lists whose rows are all there. What looks
 * like a number becomes one, an em dash becomes null; everything else stays the text that is shown.
 */
const NUMBER = /^[+−-]?\d{1,3}(,\d{3})*(\.\d+)?$|^[+−-]?\d+(\.\d+)?$/

export function shownValue(text: string): ShownValue {
  const trimmed = text.replace(/\s+/g, ' ').trim()
  if (trimmed === NOT_AVAILABLE || trimmed === '') return null
  return NUMBER.test(trimmed) ? Number(trimmed.replace(/,/g, '').replace('−', '-').replace('+', '')) : trimmed
}

/** What is written in a cell; a mark that only readers hear, or only eyes see, is no part of it. */
function textOf(cell: Element): string {
  const copy = cell.cloneNode(true) as Element
  for (const hidden of copy.querySelectorAll('[aria-hidden="true"], script, style')) hidden.remove()
  return copy.textContent
}

const labelOf = (element: Element): string => element.getAttribute('aria-label')?.trim() ?? ''

/** Its caption or label, or that of what it stands in, next after next. */
export function titleOfTable(table: HTMLTableElement): string {
  const caption = table.querySelector('caption')?.textContent.trim() ?? ''
  if (caption !== '') return caption
  const around: string[] = []
  for (let at: Element | null = table; at !== null && around.length < 2; at = at.parentElement) {
    const label = labelOf(at)
    if (label !== '' && !around.includes(label)) around.push(label)
  }
  return around.reverse().join(', ') || 'Table'
}

export function readTable(table: HTMLTableElement): ShownTable {
  const heads = [...(table.querySelector('thead tr:last-child')?.children ?? [])]
  const rows = [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => shownValue(textOf(cell))))
  const width = Math.max(heads.length, ...rows.map(({ length }) => length))
  const columns = Array.from({ length: width }, (_, i) => {
    const cell = heads[i]
    const label = (cell === undefined ? '' : textOf(cell).trim()) || `Column ${i + 1}`
    const definition = cell?.getAttribute('title') ?? ''
    return { key: `c${i + 1}_${label.replace(/\W+/g, '_').replace(/^_|_$/g, '')}`, label, ...(definition === '' ? {} : { definition }) }
  })
  return { title: titleOfTable(table), notes: [], columns, rows: rows.map((row) => columns.map((_, i) => row[i] ?? null)) }
}
