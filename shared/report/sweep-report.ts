import type { RankedPoint, SweepRanking, SweepResult } from '../analysis/sweep/sweep-ranking'
import { formatValue } from './figure-line'
import { formatCount } from './format-number'
import { textTable } from './text-table'

/** Version of the JSON below; grows when a key changes its meaning. */
export const SWEEP_SCHEMA = 1

export function sweepJson(ranking: SweepRanking, results: readonly SweepResult[]): Record<string, unknown> {
  return { schema: SWEEP_SCHEMA, ...ranking, runs: results }
}

export function sweepText({ points, reference, advice }: SweepRanking): string {
  const head = ['heap and settings', 'peak committed', 'against first', 'wasted, mean', 'pinned at end', 'failed', '']
  return [textTable([head, ...points.map((point) => cells(point, reference))]), '', '* no other choice that serves as much is better in footprint and waste', '', advice].join('\n')
}

function cells({ key, peakFootprintBytes, change, meanWastedBytes, pinnedAtEndBytes, failedRequests, onFrontier }: RankedPoint, reference: string): string[] {
  const share = change === null ? '—' : `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change * 100).toFixed(1)} %`
  return [
    key,
    formatValue(peakFootprintBytes, 'bytes'),
    key === reference ? 'first' : share,
    formatValue(meanWastedBytes, 'bytes'),
    formatValue(pinnedAtEndBytes, 'bytes'),
    formatCount(failedRequests),
    onFrontier ? '*' : '',
  ]
}
