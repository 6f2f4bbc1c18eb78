import type { BlockFilter } from '../block-query'
import { allOf, conditionText, type BlockCondition, type Comparison } from '../filter/block-condition'
import { conditionsOf } from './size-brush'
import { OCCUPANCY_BARS } from './page-strip'

/*
 * Bars of the occupancy histogram chosen in the picture, as part of the one filter of a document. A bar ends with its upper
 * border, so both ends are comparisons of their own:
 *
 *   bars 0..2     occupancy <= 20                        bar 11     occupancy >= 100
 *   bars 3..4     occupancy > 20 and occupancy <= 40     bar 10     occupancy > 90 and occupancy < 100
 *
 * They keep blocks by the page they begin on.
 */
export interface BarRange {
  readonly from: number
  readonly to: number
}

const LAST = OCCUPANCY_BARS - 1

/** Bars a filter keeps; null when it says nothing of occupancy, or something no bars say. */
export function occupancyBrush(filter: BlockFilter): BarRange | null {
  const own = conditionsOf(filter).filter(isOccupancy)
  if (own.length === 0) return null
  let from = 0
  let to = LAST
  for (const { comparison, value } of own) {
    if (comparison === '>=' && value === 100) from = LAST
    else if (comparison === '>' && isBorder(value)) from = value / 10 + 1
    else if (comparison === '<=' && isBorder(value)) to = value / 10
    else if (comparison === '<' && value === 100) to = LAST - 1
    else if (comparison === '<=' && value === 100) to = LAST
    else return null
  }
  return from > to ? null : { from, to }
}

/** The filter with other bars, or with none; all else it says stays. */
export function withOccupancyBrush(filter: BlockFilter, range: BarRange | null): BlockFilter {
  const parts: BlockCondition[] = conditionsOf(filter).filter((part) => !isOccupancy(part))
  const add = (comparison: Comparison, value: number): void => void parts.push({ type: 'compare', column: 'occupancy', comparison, value })
  if (range !== null) {
    if (range.from === LAST) add('>=', 100)
    else if (range.from > 0) add('>', 10 * (range.from - 1))
    if (range.to === LAST - 1) add('<', 100)
    else if (range.to < LAST) add('<=', 10 * range.to)
    // All bars: what is committed.
    if (range.from === 0 && range.to === LAST) parts.push({ type: 'compare', column: 'occupancy', comparison: '<=', value: 100 })
  }
  const { where: _where, ...rest } = filter
  const whole = allOf(parts)
  return whole === undefined ? rest : { ...rest, where: conditionText(whole) }
}

const isBorder = (value: number): boolean => value >= 0 && value < 100 && value % 10 === 0
const isOccupancy = (part: BlockCondition): part is Extract<BlockCondition, { type: 'compare' }> => part.type === 'compare' && part.column === 'occupancy'
