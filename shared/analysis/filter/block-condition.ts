import type { BlockColumn } from '../block-columns'
import { columnFacts, NEVER } from '../block-columns'

/*
 * What a filter text says, as a tree:
 *
 *   size > 4k and state in (free, cached)        { all: [compare size > 4096, in state 1..1, 2..2] }
 *
 * Numbers are bytes, addresses, counts or indices of names, as the column has them (block-columns.ts). A comparison with a
 * value that is not known is false, whichever the operator; `is unknown` asks for it.
 */
export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const
export type Comparison = (typeof COMPARISONS)[number]

/** Both ends included. */
export interface ValueRange {
  readonly from: number
  readonly to: number
}

export type BlockCondition =
  /** At least two parts. */
  | { readonly type: 'all'; readonly parts: readonly BlockCondition[] }
  | { readonly type: 'any'; readonly parts: readonly BlockCondition[] }
  | { readonly type: 'not'; readonly part: BlockCondition }
  | { readonly type: 'compare'; readonly column: BlockColumn; readonly comparison: Comparison; readonly value: number }
  | { readonly type: 'in'; readonly column: BlockColumn; readonly ranges: readonly ValueRange[] }
  | { readonly type: 'text'; readonly column: BlockColumn; readonly comparison: '=' | '!='; readonly text: string }
  /** The text contains it; case does not count. */
  | { readonly type: 'contains'; readonly column: BlockColumn; readonly isNegated: boolean; readonly text: string }
  /** A regular expression of safe-pattern.ts fits somewhere in it. */
  | { readonly type: 'matches'; readonly column: BlockColumn; readonly isNegated: boolean; readonly pattern: string }
  | { readonly type: 'known'; readonly column: BlockColumn; readonly isKnown: boolean }

/** The condition as text that reads back as the same condition. */
export function conditionText(condition: BlockCondition): string {
  switch (condition.type) {
    case 'all':
    case 'any':
      return condition.parts.map(partText).join(condition.type === 'all' ? ' and ' : ' or ')
    case 'not':
      return `not ${partText(condition.part)}`
    case 'compare':
      return `${condition.column} ${condition.comparison} ${valueText(condition.column, condition.value)}`
    case 'in':
      return inText(condition.column, condition.ranges)
    case 'text':
      return `${condition.column} ${condition.comparison} ${quoted(condition.text)}`
    case 'contains':
      return `${condition.column} ${condition.isNegated ? '!~' : '~'} ${quoted(condition.text)}`
    case 'matches':
      return `${condition.column} ${condition.isNegated ? '!~' : '~'} /${condition.pattern.replaceAll('/', '\\/')}/`
    case 'known':
      return `${condition.column} is ${condition.isKnown ? 'known' : 'unknown'}`
  }
}

const partText = (part: BlockCondition): string => (part.type === 'all' || part.type === 'any' ? `(${conditionText(part)})` : conditionText(part))
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

function inText(column: BlockColumn, ranges: readonly ValueRange[]): string {
  const texts = ranges.map(({ from, to }) => (from === to ? valueText(column, from) : `${valueText(column, from)}..${valueText(column, to)}`))
  return ranges.length === 1 && ranges[0]!.from !== ranges[0]!.to ? `${column} in ${texts[0]!}` : `${column} in (${texts.join(', ')})`
}

function valueText(column: BlockColumn, value: number): string {
  const { unit, names } = columnFacts(column)
  if (unit === 'name') return names?.[value] ?? String(value)
  if (value === Infinity) return NEVER
  return unit === 'address' ? `0x${value.toString(16)}` : plainNumber(value)
}

/** Decimal digits without an exponent, to a millionth. */
export const plainNumber = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, ''))

/** The conditions that must all hold as one; undefined when there are none. */
export function allOf(parts: readonly BlockCondition[]): BlockCondition | undefined {
  return parts.length > 1 ? { type: 'all', parts } : parts[0]
}

/** Columns a condition asks for, each once. */
export function columnsAsked(condition: BlockCondition): BlockColumn[] {
  if (condition.type === 'all' || condition.type === 'any') return [...new Set(condition.parts.flatMap(columnsAsked))]
  return condition.type === 'not' ? columnsAsked(condition.part) : [condition.column]
}
