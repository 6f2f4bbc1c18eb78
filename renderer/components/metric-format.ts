import type { MetricUnit } from '../../shared/analysis/metrics/definitions'
import { formatCount, formatRatio, formatShare, NOT_AVAILABLE } from './format'

/** A figure of any metric in its unit; an em dash for null. */
export function formatMetric(value: number | null, unit: MetricUnit): string {
  if (value === null) return NOT_AVAILABLE
  if (unit === 'bytes' || unit === 'blocks' || unit === 'byte-operations') return formatCount(value)
  if (unit === 'share') return formatShare(value)
  if (unit === 'percent') return `${value} %`
  return Number.isInteger(value) ? formatCount(value) : formatRatio(value)
}

/** The difference of two figures with its sign; shares in percentage points. */
export function formatMetricDifference(value: number | null, unit: MetricUnit): string {
  if (value === null) return NOT_AVAILABLE
  if (value === 0) return '0'
  const sign = value > 0 ? '+' : '−'
  const size = Math.abs(value)
  return unit === 'share' ? `${sign}${(size * 100).toFixed(1)} pp` : `${sign}${formatMetric(size, unit)}`
}
