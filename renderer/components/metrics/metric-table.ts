import { metricDefinitions } from '../../../shared/analysis/metrics/definitions'
import type { MetricDefinition } from '../../../shared/analysis/metrics/metric-definition'
import type { RunMetrics, SnapshotMetrics } from '../../../shared/analysis/metrics/types'
import type { ShownTable, ShownValue } from '../../../shared/base/shown-table'

/** Every value of the metrics of one moment, and of the whole run where there is one, exactly; null has its reason beside it. */
export function metricTable(title: string, notes: readonly string[], moment: SnapshotMetrics, run: RunMetrics | null): ShownTable {
  const rowsOf = (scope: MetricDefinition['scope'], values: SnapshotMetrics | RunMetrics): ShownValue[][] =>
    metricDefinitions.filter((definition) => definition.scope === scope).flatMap((definition) =>
      definition.values.flatMap(({ key, label, unit }) => {
        const value = (values as unknown as Readonly<Record<string, unknown>>)[key]
        // Curves have pictures and tables of their own.
        if (typeof value === 'object' && value !== null) return []
        const known = typeof value === 'number' || typeof value === 'string' ? value : null
        return [[definition.id, label, known, unit, known === null ? (values.reasons[key] ?? 'not available') : null, definition.formula]]
      }))
  const scopes = [...new Set(metricDefinitions.map(({ scope }) => scope))]
  return {
    title,
    notes,
    columns: [
      { key: 'metric', label: 'Metric' }, { key: 'name', label: 'Name' }, { key: 'value', label: 'Value' }, { key: 'unit', label: 'Unit' },
      { key: 'reason', label: 'Why not available' }, { key: 'definition', label: 'Definition' },
    ],
    rows: scopes.flatMap((scope) => (scope === 'run' ? (run === null ? [] : rowsOf(scope, run)) : rowsOf(scope, moment))),
  }
}
