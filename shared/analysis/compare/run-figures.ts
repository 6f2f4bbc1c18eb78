import type { Bytes, EventNumber } from '../../base/units'
import type { Run, RunRequest, RunSource } from '../../model/run'
import type { RunStatistics } from '../../model/run-statistics'
import type { Snapshot } from '../../model/snapshot'
import { requestsKnown } from '../compare-runs'
import { metricDefinitions } from '../metrics/definitions'
import type { MetricUnit, MetricValue } from '../metrics/metric-definition'
import { computeRunMetrics } from '../metrics/run-metrics'
import { computeSnapshotMetrics } from '../metrics/snapshot-metrics'
import { computeRunParts, computeStatisticsParts, type FigureParts } from './run-parts'

/*
 * One run as a row of figures, small enough to keep of hundreds of runs and to save as a baseline:
 *
 *   run.peakFootprintBytes   peak.M3_overheadRatio   end.M11_pinnedFreeBytes   ...
 *
 * `run` figures belong to the whole run, `peak` ones to the first moment of its peak footprint, `end` ones to its end;
 * `snapshot` figures are those of a snapshot or dump, which is one moment and has no others.
 */
export type FigureMoment = 'run' | 'peak' | 'end' | 'snapshot'

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
  /** `none`: a snapshot. */
  readonly timeAxis: Run['timeAxis'] | 'none'
  readonly requestedKnown: boolean
  /** Header bytes of every heap, in order; of a snapshot, whose heaps come and go, the distinct ones in order of size. */
  readonly headerBytes: readonly Bytes[]
  /** What made the run; of a snapshot the flavours of its heaps. */
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
  {
    id: 'run.contendedShare', moment: 'run', label: 'Calls that met another thread, estimate', unit: 'share', direction: 'lower',
    formula: 'calls whose lock another thread took among the 8 calls of the trace before / all calls; needs a trace with threads',
  },
]

const SNAPSHOT_FIGURES: readonly FigureDefinition[] = [
  { id: 'snapshot.wastedBytes', moment: 'snapshot', label: 'Wasted bytes', unit: 'bytes', direction: 'lower', metric: 'M3', formula: 'C − Q' },
]

function metricFigures(isSnapshot: boolean): FigureDefinition[] {
  return metricDefinitions.flatMap((definition) => {
    const ofRuns: readonly FigureMoment[] = definition.scope === 'run' ? ['run'] : ['peak', 'end']
    const moments: readonly FigureMoment[] = !isSnapshot ? ofRuns : definition.scope === 'snapshot' ? ['snapshot'] : []
    return moments.flatMap((moment) =>
      definition.values
        .filter(({ key, unit }) => unit !== 'class' && key !== 'M7_unusableFree' && key !== 'M8_requestBytes')
        .map(({ key, label, unit, direction }): FigureDefinition => ({ id: `${moment}.${key}`, moment, label, unit, direction, metric: definition.id, formula: definition.formula })),
    )
  })
}

/** Every figure: the whole run's own first, then M1 to M15, then those of snapshots. */
export const figureDefinitions: readonly FigureDefinition[] = [...RUN_FIGURES, ...metricFigures(false), ...SNAPSHOT_FIGURES, ...metricFigures(true)]

/** What a gate judges: the price at its highest, the waste over time, and what cannot be given back at the end. */
export const PRIMARY_FIGURES = ['run.peakFootprintBytes', 'run.meanWastedBytes', 'end.M11_pinnedFreeBytes'] as const

/** The same three of one moment: what is paid, what of it is wasted, and what cannot be given back. */
export const SNAPSHOT_PRIMARY_FIGURES = ['snapshot.M2_footprintBytes', 'snapshot.wastedBytes', 'snapshot.M11_pinnedFreeBytes'] as const

export const isSnapshot = ({ conditions }: RunFigures): boolean => conditions.timeAxis === 'none'

/** What is judged together where nobody chose: by what the first of the runs is. */
export const primaryFiguresOf = ([first]: readonly RunFigures[]): readonly string[] => (first !== undefined && isSnapshot(first) ? SNAPSHOT_PRIMARY_FIGURES : PRIMARY_FIGURES)

export function measureRun(run: Run, title: string, { series, peak, end }: FigureParts = computeRunParts(run)): RunFigures {
  const metrics = computeRunMetrics(run, series)
  const values = valuesAt({
    run: { ...metrics, contendedShare: contendedShareOf(run), meanWastedBytes: metrics.peakLiveBytes === null || run.events === 0 ? null : metrics.M15_wastedByteOperations / run.events },
    peak: { ...computeSnapshotMetrics(peak) },
    end: { ...computeSnapshotMetrics(end) },
  })
  return { title, source: run.source, conditions: conditionsOf(run), events: run.events, partial: run.origin.partial, values }
}

/** The figures of the whole run, which was replayed without keeping its rows. */
export const measureStatistics = (statistics: RunStatistics, title: string): RunFigures => measureRun(statistics.moments, title, computeStatisticsParts(statistics))

/** Null when the trace tells no threads. */
export function contendedShareOf({ contention }: Run): number | null {
  return contention === undefined || contention.calls === 0 ? null : contention.contendedCalls / contention.calls
}

/** A snapshot or dump as a row of figures; what its source does not tell is null. */
export function measureSnapshot(snapshot: Snapshot, title: string): RunFigures {
  const metrics = computeSnapshotMetrics(snapshot)
  const { M2_footprintBytes: footprint, M1_liveBytes: live } = metrics
  const { file, format, partial } = snapshot.origin
  const flavours = [...new Set(snapshot.heaps.map(({ flavour }) => flavour))].sort().join('+')
  return {
    title,
    source: { name: file, format, traceHash: '' },
    conditions: {
      pageBytes: snapshot.pageBytes,
      timeAxis: 'none',
      requestedKnown: live !== null,
      headerBytes: [...new Set(snapshot.heaps.map(({ headerBytes }) => headerBytes))].sort((a, b) => a - b),
      request: { heap: flavours === '' ? 'none' : flavours, profile: 'snapshot', parameters: {} },
    },
    events: 0,
    partial,
    values: valuesAt({ snapshot: { ...metrics, wastedBytes: footprint === null || live === null ? null : footprint - live } }),
  }
}

/** Figures of the moments that were measured, by id. */
function valuesAt(records: Partial<Readonly<Record<FigureMoment, Readonly<Record<string, unknown>>>>>): Record<string, number | null> {
  const values: Record<string, number | null> = {}
  for (const { id, moment } of figureDefinitions) {
    const record = records[moment]
    if (record === undefined) continue
    const value = record[id.slice(moment.length + 1)]
    values[id] = typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  return values
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
