import type { Comparison, MetricDifference, SplitDifference } from '../analysis/compare-runs'
import { formatCount, formatFigure, formatPercent, formatSigned } from './format-number'
import { markdownTable, textTable } from './text-table'

/** A comparison as JSON: size classes become rows, everything else stays as it is. */
export function comparisonJson(comparison: Comparison): Record<string, unknown> {
  const { sizeClasses: classes, ...rest } = comparison
  const rows = Array.from(classes.upperBytes, (upperBytes, i) => ({
    upperBytes,
    blocks: { a: classes.blocksA[i], b: classes.blocksB[i] },
    requestedBytes: { a: classes.requestedA[i], b: classes.requestedB[i] },
    consumedBytes: { a: classes.consumedA[i], b: classes.consumedB[i] },
    pinnedBytes: { a: classes.pinnedA[i], b: classes.pinnedB[i] },
  }))
  return { ...rest, sizeClasses: rows }
}

export function comparisonText(comparison: Comparison): string {
  return render(comparison, textTable, (title) => `\n${title}`)
}

export function comparisonMarkdown(comparison: Comparison): string {
  return render(comparison, markdownTable, (title) => `\n### ${title}\n`)
}

type TableWriter = (rows: readonly (readonly string[])[], left?: readonly number[]) => string

function render(comparison: Comparison, table: TableWriter, heading: (title: string) => string): string {
  const { a, b } = comparison
  return [
    `A: ${a.title} (${a.source}, ${a.request.heap}, profile ${a.request.profile})  `,
    `B: ${b.title} (${b.source}, ${b.request.heap}, profile ${b.request.profile})`,
    '',
    comparison.headline,
    ...comparison.notes.map((note) => `Note: ${note.text}`),
    heading('Where the footprint went (bytes, at each peak)'),
    table([['term', 'A', 'B', 'difference'], ...comparison.peakSplit.map(splitRow)]),
    heading('Metrics'),
    table([['when', 'metric', 'A', 'B', 'difference', 'reading'], ...comparison.metrics.map(metricRow)], [0, 1, 5]),
    heading('Size classes at each peak (consumed bytes)'),
    table(sizeClassRows(comparison)),
  ].join('\n')
}

const splitRow = ({ term, a, b, difference }: SplitDifference): string[] => [term, formatCount(a), formatCount(b), formatSigned(difference)]

function metricRow({ moment, key, a, b, difference, ratio, reading }: MetricDifference): string[] {
  const share = ratio === null || difference === 0 ? '' : ` (${formatPercent(ratio - 1)})`
  return [moment, key, formatFigure(a), formatFigure(b), `${formatSigned(difference)}${share}`, reading]
}

function sizeClassRows({ sizeClasses: c }: Comparison): string[][] {
  const rows = Array.from(c.upperBytes, (upper, i) => [
    `up to ${formatCount(upper)}`,
    formatCount(c.blocksA[i]!),
    formatCount(c.blocksB[i]!),
    formatCount(c.consumedA[i]!),
    formatCount(c.consumedB[i]!),
    formatSigned(c.consumedB[i]! - c.consumedA[i]!),
  ])
  return [['size', 'blocks A', 'blocks B', 'bytes A', 'bytes B', 'difference'], ...rows]
}
