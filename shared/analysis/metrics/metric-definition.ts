export type MetricUnit = 'bytes' | 'blocks' | 'ratio' | 'share' | 'percent' | 'count' | 'class' | 'byte-operations'

/** One figure of a metric, as it stands in JSON. */
export interface MetricValue {
  /** Key in SnapshotMetrics or RunMetrics. */
  readonly key: string
  readonly label: string
  readonly unit: MetricUnit
  /** As text, for instance `[0, 1)`. */
  readonly range: string
  /** Which way is better for memory; `neutral` when it depends on the program. */
  readonly direction: 'lower' | 'higher' | 'neutral'
}

/** A metric as the window, the command line and docs/metrics.md explain it: the only place where that is written. */
export interface MetricDefinition {
  readonly id: string
  readonly title: string
  readonly scope: 'snapshot' | 'run'
  readonly formula: string
  /** One sentence: what it means, what to do next. */
  readonly reading: string
  readonly edgeCases: string
  readonly source: string
  readonly values: readonly MetricValue[]
}
