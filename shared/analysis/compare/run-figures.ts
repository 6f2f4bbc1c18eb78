import type { Bytes, EventNumber } from '../../base/units'
import type { Run, RunRequest, RunSource } from '../../model/run'
import { snapshotAt } from '../../model/snapshot-at'
import { requestsKnown } from '../compare-runs'
import { metricDefinitions } from '../metrics/definitions'
import type { MetricUnit, MetricValue } from '../metrics/metric-definition'
import { computeRunMetrics } from '../metrics/run-metrics'
import { computeSnapshotMetrics } from '../metrics/snapshot-metrics'

/*
 * One run as a row of figures, small enough to keep of hundreds of runs and to save as a baseline:
 *
 *   run.peakFootprintBytes   peak.M3_overheadRatio   end.M11_pinnedFreeBytes   ...
 *
 * `run` figures belong to the whole run, `peak` ones to the first moment of its peak footprint, `end` ones to its end.
 */
export type FigureMoment = 'run' | 'peak' | 'end'

export interface FigureDefinition {
  /** `moment.key`. */
  readonly id: string
  readonly moment: FigureMoment
  readonly label: string
  readonly unit: MetricUnit
  readonly direction: MetricValue['direction']
  /** M1 ... M15, or undefined for figures of the run itself. */
  readonly metric?: string
  readonly formula: string
}

/** What must be equal for figures of two runs to mean the same. */
export interface RunConditions {
  readonly pageBytes: Bytes
  readonly timeAxis: Run['timeAxis']
  readonly requestedKnown: boolean
  /** Header bytes of every heap, in order. */
  readonly headerBytes: readonly Bytes[]
  readonly request: RunRequest
}

export interface RunFigures {
  readonly title: string
  readonly source: RunSource
  readonly conditions: RunConditions
  readonly events: EventNumber
  /** True when only a part of the input could be read. */
  readonly partial: boolean
  /** By figure id; null = not available. */
  readonly values: Readonly<Record<string, number | null>>
}

const RUN_FIGURES: readonly FigureDefinition[] = [
  { id: 'run.peakFootprintBytes', moment: 'run', label: 'Peak committed bytes', unit: 'bytes', direction: 'lower', formula: 'max C' },
  { id: 'run.meanWastedBytes', moment: 'run', label: 'Wasted bytes, mean over time', unit: 'bytes', direction: 'lower', metric: 'M15', formula: '∫(C − Q) dt / ∫dt' },
  { id: 'run.peakLiveBytes', moment: 'run', label: 'Peak live bytes', unit: 'bytes', direction: 'neutral', formula: 'max Q' },
  { id: 'run.endFootprintBytes', moment: 'run', label: 'Committed bytes at the end', unit: 'bytes', direction: 'lower', formula: 'C at the end' },
  { id: 'run.failedRequests', moment: 'run', label: 'Failed requests', unit: 'count', direction: 'lower', formula: 'requests that got no memory' },
]

function metricFigures(): FigureDefinition[] {
  return metricDefinitions.flatMap((definition) => {
    const moments: readonly FigureMoment[] = definition.scope === 'run' ? ['run'] : ['peak', 'end']
    return moments.flatMap((moment) =>
      definition.values
        .filter(({ key, unit }) => unit !== 'class' && key !== 'M7_unusableFree' && key !== 'M8_requestBytes')
        .map(({ key, label, unit, direction }): FigureDefinition => ({ id: `${moment}.${key}`, moment, label, unit, direction, metric: definition.id, formula: definition.formula })),
    )
  })
}

/** Every figure, the whole run's own first, then M1 to M15. */
export const figureDefinitions: readonly FigureDefinition[] = [...RUN_FIGURES, ...metricFigures()]

/** What a gate judges: the price at its highest, the waste over time, and what cannot be given back at the end. */
export const PRIMARY_FIGURES = ['run.peakFootprintBytes', 'run.meanWastedBytes', 'end.M11_pinnedFreeBytes'] as const

export function measureRun(run: Run, title: string): RunFigures {
  const metrics = computeRunMetrics(run)
  const records: Readonly<Record<FigureMoment, Readonly<Record<string, unknown>>>> = {
    run: { ...metrics, meanWastedBytes: metrics.peakLiveBytes === null || run.events === 0 ? null : metrics.M15_wastedByteOperations / run.events },
    peak: { ...computeSnapshotMetrics(snapshotAt(run, metrics.peakFootprintEvent)) },
    end: { ...computeSnapshotMetrics(snapshotAt(run, run.events)) },
  }
  const values: Record<string, number | null> = {}
  for (const { id, moment } of figureDefinitions) {
    const value = records[moment][id.slice(moment.length + 1)]
    values[id] = typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  return { title, source: run.source, conditions: conditionsOf(run), events: run.events, partial: run.origin.partial, values }
}

export function conditionsOf(run: Run): RunConditions {
  return {
    pageBytes: run.pageBytes,
    timeAxis: run.timeAxis,
    requestedKnown: requestsKnown(run),
    headerBytes: run.heaps.map(({ headerBytes }) => headerBytes),
    request: run.request,
  }
}
