import type { RunFigures } from './run-figures'
import { figureDefinitions, isSnapshot } from './run-figures'

/*
 * May these runs be compared?
 *
 *   page size, time axis, requested sizes, header model   differ -> refused, unless only common figures are wanted
 *   heap                                                  differs -> refused, unless all replay one trace (then it is the subject)
 *   runs on one side, snapshots on the other              refused: no figure is common to both
 *   trace, partial input, workload                        differ -> said
 */
export interface ComparabilityIssue {
  readonly code: 'kind' | 'page-size' | 'time-axis' | 'requested-sizes' | 'header-model' | 'heap' | 'other-trace' | 'one-moment' | 'partial' | 'workload-drift'
  readonly severity: 'refuse' | 'note'
  readonly text: string
}

export interface Comparability {
  /** All runs of both sides carried out the same events. */
  readonly sameTrace: boolean
  readonly issues: readonly ComparabilityIssue[]
  /** Figures both sides can answer alike; all of them when nothing differs. */
  readonly commonFigures: readonly string[]
}

/** Change of live bytes above which a comparison leads with the program (compare-runs, section 1). */
const WORKLOAD_DRIFT = 0.05

/** Metrics whose value depends on what differs. */
const AFFECTED: Readonly<Record<'page-size' | 'time-axis' | 'requested-sizes' | 'header-model', readonly string[]>> = {
  'page-size': ['M2', 'M3', 'M5', 'M11', 'M12', 'M14', 'M15'],
  'time-axis': ['M14', 'M15'],
  'requested-sizes': ['M1', 'M3', 'M4', 'M14', 'M15'],
  'header-model': ['M3', 'M4', 'M14', 'M15'],
}

/** @param runs of both sides together, each side not empty. */
export function checkComparability(a: readonly RunFigures[], b: readonly RunFigures[]): Comparability {
  const runs = [...a, ...b]
  const issues: ComparabilityIssue[] = []
  const first = runs[0]!
  const sameTrace = first.source.traceHash !== '' && runs.every((run) => run.source.traceHash === first.source.traceHash)
  const differing = (of: (run: RunFigures) => unknown): readonly string[] => [...new Set(runs.map((run) => JSON.stringify(of(run))))]
  const snapshots = runs.filter(isSnapshot)
  if (snapshots.length > 0 && snapshots.length < runs.length) {
    const text = `Runs and snapshots are mixed: ${names(snapshots)} ${snapshots.length === 1 ? 'is' : 'are'} of one moment and cannot be held against whole runs.`
    return { sameTrace: false, issues: [{ code: 'kind', severity: 'refuse', text }], commonFigures: [] }
  }
  const refuse = (code: ComparabilityIssue['code'], what: string, of: (run: RunFigures) => unknown): void => {
    const values = differing(of)
    if (values.length > 1) issues.push({ code, severity: 'refuse', text: `${what} differ: ${values.join(', ')}.` })
  }
  refuse('page-size', 'Page sizes', (run) => run.conditions.pageBytes)
  refuse('time-axis', 'Time axes', (run) => run.conditions.timeAxis)
  refuse('requested-sizes', 'Known requested sizes', (run) => run.conditions.requestedKnown)
  if (!sameTrace) {
    refuse('header-model', 'Header bytes', (run) => run.conditions.headerBytes)
    refuse('heap', 'Heaps', heapText)
    if (snapshots.length > 0) issues.push({ code: 'one-moment', severity: 'note', text: 'Snapshots are of one moment each: nothing is known of what lies between, and no figure is about time.' })
    else issues.push({ code: 'other-trace', severity: 'note', text: 'The runs carry out different traces: differences come from the program, the heap, or both.' })
  }
  const partial = runs.filter((run) => run.partial)
  if (partial.length > 0) issues.push({ code: 'partial', severity: 'note', text: `Opened only in part: ${names(partial)}.` })
  return { sameTrace, issues, commonFigures: commonFigures(issues, snapshots.length > 0) }
}

const names = (runs: readonly RunFigures[]): string => runs.map(({ title }) => title).join(', ')

const heapText = ({ conditions: { request } }: RunFigures): string => {
  const parameters = Object.entries(request.parameters).map(([name, value]) => `${name}=${String(value)}`)
  return [`${request.heap}/${request.profile}`, ...parameters].join(' ')
}

/** Of the figures that runs, or snapshots, have at all. */
function commonFigures(issues: readonly ComparabilityIssue[], ofSnapshots: boolean): string[] {
  const lost = new Set(issues.flatMap(({ code, severity }) => (severity === 'refuse' && code in AFFECTED ? AFFECTED[code as keyof typeof AFFECTED] : [])))
  return figureDefinitions.filter(({ metric, moment }) => (moment === 'snapshot') === ofSnapshots && (metric === undefined || !lost.has(metric))).map(({ id }) => id)
}

/** A note when the program itself asks for another amount; undefined otherwise or when unknown. */
export function workloadDrift(liveA: number | null, liveB: number | null): ComparabilityIssue | undefined {
  if (liveA === null || liveB === null || liveA === 0) return undefined
  const drift = liveB / liveA - 1
  if (Math.abs(drift) <= WORKLOAD_DRIFT) return undefined
  const text = `${drift > 0 ? '+' : '−'}${Math.abs(drift * 100).toFixed(1)} %`
  return { code: 'workload-drift', severity: 'note', text: `Peak live bytes differ by ${text}: the program itself asks for another amount.` }
}
