import { runMetricDefinitions } from './definitions-run'
import { snapshotMetricDefinitions } from './definitions-snapshot'
import type { MetricDefinition } from './metric-definition'

export type { MetricDefinition, MetricUnit, MetricValue } from './metric-definition'

/** M1 to M15 in order. */
export const metricDefinitions: readonly MetricDefinition[] = [...snapshotMetricDefinitions, ...runMetricDefinitions]
