import type { AdviceConfidence } from '../analysis/sweep/advice-confidence'
import type { SweepResult } from '../analysis/sweep/sweep-measure'
import type { RankedPoint, SweepRanking } from '../analysis/sweep/sweep-ranking'
import { formatValue } from './figure-line'
import { formatCount } from './format-number'
import { csvLine } from './csv-line'
import { textTable } from './text-table'

/** Version of the JSON below; grows when a key changes its meaning. */
export const SWEEP_SCHEMA = 1

export function sweepJson(ranking: SweepRanking, results: readonly SweepResult[]): Record<string, unknown> {
  return { schema: SWEEP_SCHEMA, ...ranking, runs: results.map(({ key, input, settings, figures }) => ({ key, input, settings, figures })) }
}

export const SWEEP_HEAD = ['heap and settings', 'peak committed', 'against baseline', 'wasted, mean', 'pinned at end', 'failed', 'search steps', ''] as const

export function sweepText({ points, reference, advice, confidence }: SweepRanking): string {
  return [
    textTable([[...SWEEP_HEAD], ...points.map((point) => sweepCells(point, reference))]),
    '',
    '* no other choice that serves as much is better in footprint and waste',
    '',
    advice,
    ...(confidence === null ? [] : [formatConfidence(confidence)]),
  ].join('\n')
}

/** `Confidence medium: one trace only; replays are exact, nothing in them is chance.` */
export const formatConfidence = ({ level, reasons }: AdviceConfidence): string => `Confidence ${level}: ${reasons.join('; ')}.`

/** One row of the ranked table, under SWEEP_HEAD. */
export function sweepCells({ key, peakFootprintBytes, change, meanWastedBytes, pinnedAtEndBytes, failedRequests, searchSteps, onFrontier }: RankedPoint, reference: string): string[] {
  const share = change === null ? '—' : `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change * 100).toFixed(1)} %`
  return [
    key,
    formatValue(peakFootprintBytes, 'bytes'),
    key === reference ? 'baseline' : share,
    formatValue(meanWastedBytes, 'bytes'),
    formatValue(pinnedAtEndBytes, 'bytes'),
    formatCount(failedRequests),
    formatCount(searchSteps),
    onFrontier ? '*' : '',
  ]
}

/** The ranked table with exact values; an empty field where a value is not available. */
export function sweepCsv({ points }: SweepRanking): string {
  const head = ['rank', 'heap', 'profile', 'settings', 'peak_footprint_bytes', 'change', 'mean_wasted_bytes', 'pinned_at_end_bytes', 'failed_requests', 'search_steps', 'on_frontier']
  const row = (point: RankedPoint, place: number): unknown[] => [
    place + 1,
    point.request.heap,
    point.request.profile,
    Object.entries(point.settings).map(([name, value]) => `${name}=${value}`).join(','),
    point.peakFootprintBytes,
    point.change,
    point.meanWastedBytes,
    point.pinnedAtEndBytes,
    point.failedRequests,
    point.searchSteps,
    point.onFrontier,
  ]
  return [head, ...points.map(row)].map(csvLine).join('\n')
}
