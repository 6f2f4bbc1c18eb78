/** Exact whole numbers with thousands separators; a missing value is an em dash. */
export function formatCount(value: number | null): string {
  return value === null ? '—' : String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** A figure of a metric: whole numbers exactly, others with four decimals. */
export function formatFigure(value: number | null): string {
  if (value === null) return '—'
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(4)
}

export function formatSigned(value: number | null): string {
  if (value === null) return '—'
  if (value === 0) return '0'
  return `${value > 0 ? '+' : '−'}${formatFigure(Math.abs(value))}`
}

export function formatPercent(share: number | null): string {
  return share === null ? '—' : `${(share * 100).toFixed(1)} %`
}
