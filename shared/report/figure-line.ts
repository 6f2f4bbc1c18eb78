import { assertNever } from '../base/assert'
import type { FigureDifference } from '../analysis/compare/compare-sides'
import type { MetricUnit } from '../analysis/metrics/metric-definition'
import { formatCount, formatFigure } from './format-number'

/*
 * One compared figure as a line:
 *
 *   Peak committed bytes  8.00 -> 8.39 MiB  +4.9 % [+3.7, +6.2]  p=0.0000 δ=1.00 n=10+10  REGRESSION
 */
const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Both values in the unit that suits the larger one: `8.00 → 8.39 MiB`. */
export function formatPair(a: number | null, b: number | null, unit: MetricUnit): string {
  if (a === null || b === null) return `${formatValue(a, unit)} → ${formatValue(b, unit)}`
  if (unit !== 'bytes') return `${formatFigure(a)} → ${formatFigure(b)}`
  const scale = scaleOf(Math.max(Math.abs(a), Math.abs(b)))
  return `${inUnit(a, scale)} → ${inUnit(b, scale)} ${BYTE_UNITS[scale]!}`
}

export function formatValue(value: number | null, unit: MetricUnit): string {
  if (value === null || unit !== 'bytes') return formatFigure(value)
  const scale = scaleOf(Math.abs(value))
  return `${inUnit(value, scale)} ${BYTE_UNITS[scale]!}`
}

function scaleOf(bytes: number): number {
  let scale = 0
  while (scale + 1 < BYTE_UNITS.length && bytes >= 1024 ** (scale + 1)) scale++
  return scale
}

const inUnit = (bytes: number, scale: number): string => (scale === 0 ? formatCount(Math.round(bytes)) : (bytes / 1024 ** scale).toFixed(2))

const signedPercent = (share: number): string => {
  const text = Math.abs(share * 100).toFixed(1)
  return text === '0.0' ? '0.0' : `${share > 0 ? '+' : '−'}${text}`
}

/** `+4.9 % [+3.7, +6.2]`; a change from 0 has no share. */
export function formatChange({ change, changeInterval, difference }: FigureDifference): string {
  if (difference === null) return '—'
  if (change === null) return difference === 0 ? 'equal' : 'from 0'
  const interval = changeInterval === null ? '' : ` [${signedPercent(changeInterval.low)}, ${signedPercent(changeInterval.high)}]`
  return `${signedPercent(change)} %${interval}`
}

/** `p=0.0000 δ=1.00 n=10+10`; "" where nothing was tested. */
export function formatTest({ p, adjustedP, delta, a, b }: FigureDifference): string {
  if (p === null || delta === null) return ''
  return `p=${(adjustedP ?? p).toFixed(4)} δ=${delta.toFixed(2)} n=${a.values.length}+${b.values.length}`
}

/** What the verdict means, with the smallest change that would have been seen where there is none. */
export function formatVerdict({ verdict, p, detectable, difference }: FigureDifference): string {
  switch (verdict) {
    case 'worse':
      return 'REGRESSION'
    case 'better':
      return 'improvement'
    case 'changed':
      return 'changed'
    case 'not-available':
      return 'not available'
    case 'same':
      if (difference === 0) return 'equal'
      if (p === null) return '~'
      return detectable === null ? '~ (sees no growth below 400 %)' : `~ (cannot see changes below ${(detectable * 100).toFixed(1)} %)`
    default:
      return assertNever(verdict)
  }
}

export const figureCells = (row: FigureDifference): string[] => [
  row.figure.moment === 'run' ? row.figure.label : `${row.figure.label} (${row.figure.moment})`,
  formatPair(row.a.median, row.b.median, row.figure.unit),
  formatChange(row),
  formatTest(row),
  formatVerdict(row),
]
