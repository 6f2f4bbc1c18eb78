import type { FigureDifference, SidesComparison } from '../../../shared/analysis/compare/compare-sides'
import type { CostDifference } from '../../../shared/analysis/compare/cost-differences'
import type { SizeClassMeasure, SizeClassPairs } from '../../../shared/analysis/compare/size-class-pairs'
import type { MetricUnit } from '../../../shared/analysis/metrics/metric-definition'
import type { TriggerRule } from '../../../shared/analysis/statistics/trigger-rule'
import type { Bytes } from '../../../shared/base/units'
import { formatBytes, formatCount, formatRatio, formatShareDifference, NOT_AVAILABLE } from '../../components/format'

/*
 * What the tables and bars of a comparison set say, as texts and places; no page in it.
 */

/** One figure of any unit as prose; an em dash for null. */
export function figureText(value: number | null, unit: MetricUnit): string {
  if (value === null) return NOT_AVAILABLE
  if (unit === 'bytes') return formatBytes(Math.round(value))
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`
  if (unit === 'percent') return `${value} %`
  return Number.isInteger(value) ? formatCount(value) : formatRatio(value)
}

export function differenceText({ difference, figure }: FigureDifference): string {
  if (difference === null) return NOT_AVAILABLE
  if (difference === 0) return '0'
  const size = Math.abs(difference)
  const text = figure.unit === 'share' ? `${(size * 100).toFixed(1)} pp` : figureText(size, figure.unit)
  return `${difference > 0 ? '+' : '−'}${text}`
}

/** `+4.9 %`, or how it stands where there is no share. */
export function changeText({ change, difference }: FigureDifference): string {
  if (difference === null) return NOT_AVAILABLE
  if (change === null) return difference === 0 ? 'equal' : 'from 0'
  return formatShareDifference(change)
}

/** `+3.7 to +6.2 %`; a dash where nothing was tested. */
export function intervalText({ changeInterval }: FigureDifference): string {
  if (changeInterval === null) return NOT_AVAILABLE
  return `${formatShareDifference(changeInterval.low).replace(' %', '')} to ${formatShareDifference(changeInterval.high)}`
}

export function pText({ p, adjustedP }: FigureDifference): string {
  const shown = adjustedP ?? p
  if (shown === null) return NOT_AVAILABLE
  return shown < 0.0001 ? '< 0.0001' : shown.toFixed(4)
}

export const deltaText = ({ delta }: FigureDifference): string => (delta === null ? NOT_AVAILABLE : delta.toFixed(2))

/** Verdict in words; a mark goes before it, so that colour is never alone. A change that is plain but small says which floor it is under. */
export function verdictText(row: FigureDifference, { relative, floor, alpha }: Pick<TriggerRule, 'relative' | 'floor' | 'alpha'>): string {
  const { verdict, difference, change, p, figure } = row
  switch (verdict) {
    case 'worse':
      return '▲ worse'
    case 'better':
      return '▼ better'
    case 'changed':
      return '◆ changed'
    case 'same':
      if (difference === 0) return '= equal'
      if (figure.unit === 'bytes' && difference !== null && Math.abs(difference) < floor && Math.abs(change ?? 0) >= relative && (p ?? 0) < alpha) return `~ less than ${formatBytes(floor)}`
      return '~ no change seen'
    case 'not-available':
      return '— not available'
  }
}

/** The smallest growth that a "no change" excludes; '' where something was seen or nothing tested. */
export function detectableText({ verdict, p, difference, detectable }: FigureDifference): string {
  if (verdict !== 'same' || p === null || difference === 0) return ''
  return detectable === null ? '400 %' : `${(detectable * 100).toFixed(1)} %`
}

/** One sentence over the first primary figure. */
export function headlineOf({ a, b, primary }: SidesComparison): string {
  const first = primary.find(({ verdict }) => verdict !== 'not-available')
  if (first === undefined) return 'None of the primary figures is known of both sides.'
  const { figure } = first
  const values = `${figureText(first.a.median, figure.unit)} → ${figureText(first.b.median, figure.unit)}`
  const own = first.verdict === 'same' ? 'no change that the rule can see' : `${b.name} is ${first.verdict === 'changed' ? 'other' : first.verdict} than ${a.name}`
  const others = (['worse', 'better'] as const).flatMap((verdict) => {
    const labels = primary.filter((row) => row !== first && row.verdict === verdict).map((row) => row.figure.label.toLowerCase())
    return labels.length === 0 ? [] : [`${verdict === first.verdict ? 'also ' : ''}${verdict}: ${listText(labels)}`]
  })
  return `${figure.label} ${values} (${changeText(first)}): ${[own, ...others].join('; ')}.`
}

const listText = (items: readonly string[]): string => (items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`)

/** Classes in order of size, those that are empty on both sides left out. */
export function sizePairs(rows: readonly CostDifference[], measure: SizeClassMeasure): SizeClassPairs {
  const known = rows.filter(({ upper, a, b }) => upper > 0 && (valueOf(a, measure) !== 0 || valueOf(b, measure) !== 0)).sort((one, other) => one.upper - other.upper)
  return {
    lowerBytes: Float64Array.from(known, ({ upper }) => previousClass(upper)),
    upperBytes: Float64Array.from(known, ({ upper }) => upper),
    a: Float64Array.from(known, ({ a }) => valueOf(a, measure)),
    b: Float64Array.from(known, ({ b }) => valueOf(b, measure)),
  }
}

function valueOf({ blocks, live, header, rounding, pinned }: CostDifference['a'], measure: SizeClassMeasure): number {
  switch (measure) {
    case 'busyBlocks':
      return blocks
    case 'requestedBytes':
      return live
    case 'consumedBytes':
      return live + header + rounding
    case 'pinnedBytes':
      return pinned
  }
}

/* Classes are powers of two in four steps; the first is up to 8 bytes (analysis/metrics/size-classes.ts). */
const FIRST_UPPER = 8
const previousClass = (upper: Bytes): Bytes => (upper <= FIRST_UPPER ? 0 : upper - 2 ** (Math.floor(Math.log2(upper - 1)) - 2))

/** Sizes of the class that ends at `upper`, both included. */
export const classRange = (upper: Bytes): { minBytes: Bytes; maxBytes: Bytes } => ({ minBytes: upper <= FIRST_UPPER ? 0 : previousClass(upper) + 1, maxBytes: upper })
