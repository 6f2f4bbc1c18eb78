import { columnFacts, isNumberUnit, NEVER, type BlockColumn } from '../../../shared/analysis/block-columns'
import type { BlockPage } from '../../../shared/analysis/block-query'
import type { ShownValue } from '../../../shared/base/shown-table'
import { kindName } from '../block-text'
import { formatAddress, formatCount, formatShare, formatShortAddress, NOT_AVAILABLE } from '../format'

/** A row of a page as texts; what is unknown or does not apply is an em dash, a column the page does not have is empty. */
export function blockRowTexts(page: BlockPage, index: number, shows: readonly BlockColumn[]): Record<BlockColumn, string> {
  const texts = {} as Record<BlockColumn, string>
  for (const column of shows) {
    const value = page.values[column]?.[index]
    texts[column] = value === undefined ? '' : textOf(column, value, page)
  }
  return texts
}

function textOf(column: BlockColumn, value: number, { sites }: BlockPage): string {
  if (Number.isNaN(value)) return NOT_AVAILABLE
  if (value === Infinity) return NEVER
  if (column === 'kind') return kindName(value)
  if (column === 'heap') return formatShortAddress(value)
  const { unit, names } = columnFacts(column)
  if (unit === 'address') return formatAddress(value)
  if (unit === 'name') return names?.[value] ?? NOT_AVAILABLE
  if (unit === 'percent') return formatShare(value / 100)
  return unit === 'text' ? (sites[value] ?? NOT_AVAILABLE) : formatCount(value)
}

/** A row with exact numbers; addresses as `0x2145C70`, what is unknown or does not apply as null. */
export function blockRowValues(page: BlockPage, index: number, shows: readonly BlockColumn[]): ShownValue[] {
  const texts = blockRowTexts(page, index, shows)
  return shows.map((column) => {
    const value = page.values[column]?.[index] ?? NaN
    const { unit } = columnFacts(column)
    if (Number.isNaN(value)) return null
    if (unit === 'address') return plainAddress(value)
    return isNumberUnit(unit) && value !== Infinity ? value : texts[column]
  })
}

/** One line for the clipboard, tab separated, as it is shown but with plain numbers and addresses. */
export function blockRowLine(page: BlockPage, index: number, shows: readonly BlockColumn[]): string {
  const texts = blockRowTexts(page, index, shows)
  return shows.map((column) => {
    const value = page.values[column]?.[index] ?? NaN
    const { unit } = columnFacts(column)
    if (unit === 'address' && !Number.isNaN(value)) return plainAddress(value)
    return isNumberUnit(unit) ? texts[column].replace(/[,%\s]/g, '') : texts[column].replace(/[\t\r\n]+/g, ' ')
  }).join('\t')
}

const plainAddress = (address: number): string => `0x${address.toString(16).toUpperCase()}`
