import type { Bytes } from '../../base/units'
import { BlockState } from '../../model/snapshot'
import type { BlockFilter } from '../block-query'
import { allOf, conditionText, type BlockCondition } from '../filter/block-condition'
import { readFilter } from '../filter/read-filter'
import type { SizeMeasure } from './size-histogram'

/*
 * A range of sizes chosen in a picture, as part of the one filter of a document:
 *
 *   free, consumed, cached    state and size of the filter:   state free, size >= 4097, size <= 8192
 *   requested, class          its condition:                  requested in 4097..8192
 *
 * Everything else the filter says stays as it is.
 */
export interface SizeRange {
  /** Sizes above this ... */
  readonly fromBytes: Bytes
  /** ... up to this. */
  readonly toBytes: Bytes
}

const STATES: Readonly<Record<SizeMeasure, BlockState>> = { requested: BlockState.Busy, consumed: BlockState.Busy, free: BlockState.Free, cached: BlockState.Cached }

/** The range a filter holds for a measure; null when it holds none. */
export function sizeBrush(filter: BlockFilter, measure: SizeMeasure): SizeRange | null {
  if (filter.states?.length !== 1 || filter.states[0] !== STATES[measure]) return null
  if (measure === 'requested') return columnBrush(filter, 'requested')
  const { minBytes, maxBytes } = filter
  return minBytes === undefined || maxBytes === undefined ? null : { fromBytes: Math.max(0, minBytes - 1), toBytes: maxBytes }
}

/** The filter with another range for the measure, or with none. */
export function withSizeBrush(filter: BlockFilter, measure: SizeMeasure, range: SizeRange | null): BlockFilter {
  const bare = withoutSizes(filter)
  if (range === null) return bare
  const states = [STATES[measure]]
  if (measure === 'requested') return withColumnBrush({ ...bare, states }, 'requested', range)
  return { ...bare, states, minBytes: leastOf(range), maxBytes: range.toBytes }
}

/** Without states, sizes and ranges of requests or classes. */
export function withoutSizes(filter: BlockFilter): BlockFilter {
  const { states: _states, minBytes: _min, maxBytes: _max, ...rest } = withColumnBrush(withColumnBrush(filter, 'requested', null), 'class', null)
  return rest
}

type RangeColumn = 'requested' | 'class'

/** The range of a column among the conditions that must all hold. */
export function columnBrush(filter: BlockFilter, column: RangeColumn): SizeRange | null {
  for (const part of conditionsOf(filter)) if (isBrush(part, column)) return { fromBytes: part.ranges[0]!.from === 0 ? 0 : part.ranges[0]!.from - 1, toBytes: part.ranges[0]!.to }
  return null
}

export function withColumnBrush(filter: BlockFilter, column: RangeColumn, range: SizeRange | null): BlockFilter {
  const parts: BlockCondition[] = conditionsOf(filter).filter((part) => !isBrush(part, column))
  if (range !== null) parts.push({ type: 'in', column, ranges: [{ from: leastOf(range), to: range.toBytes }] })
  const { where: _where, ...rest } = filter
  const whole = allOf(parts)
  return whole === undefined ? rest : { ...rest, where: conditionText(whole) }
}

/** The first class also holds size 0. */
const leastOf = ({ fromBytes }: SizeRange): Bytes => (fromBytes <= 0 ? 0 : fromBytes + 1)

/** The conditions that must all hold. */
export function conditionsOf({ where }: BlockFilter): BlockCondition[] {
  if (where === undefined) return []
  const stated = readFilter(where)
  if (stated === undefined) return []
  return stated.type === 'all' ? [...stated.parts] : [stated]
}

const isBrush = (part: BlockCondition, column: RangeColumn): part is Extract<BlockCondition, { type: 'in' }> => part.type === 'in' && part.column === column && part.ranges.length === 1
