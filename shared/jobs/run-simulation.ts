import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import type { ParameterValue, Run } from '../model/run'
import type { RunStatistics } from '../model/run-statistics'
import { RECORDED_HEAP, recordedRun } from '../model/recorded-run'
import { Op, type Trace } from '../model/trace'
import { hashTrace } from '../model/trace-hash'
import { resolveRequest } from '../sim/profiles'
import { replayStatistics, replayTrace } from '../sim/replay/replay'
import { workloads } from '../sim/workload'

export interface SimulationChoice {
  readonly heap: string
  readonly profile?: string
  /** Values that differ from the profile's; texts are read as the parameter's type. */
  readonly overrides: Readonly<Record<string, ParameterValue>>
  /** The run tells why its blocks lie where they do (Run.reasons). */
  readonly explain?: boolean
}

/**
 * Replays a trace in the chosen heap; the heap `recorded` is the trace itself, with the addresses its program got. Same trace
 * and same choice give the same run, byte for byte.
 * @throws HeapscapeError `trace-empty`, `document-wrong-kind` (recorded, without addresses), `heap-unknown`, `profile-unknown`, `parameter-unknown`, `parameter-invalid`, `cancelled`
 */
export async function runSimulation(trace: Trace, choice: SimulationChoice, job: JobContext): Promise<Run> {
  if (choice.heap === RECORDED_HEAP) return asRecorded(trace, choice, job)
  const request = resolveRequest(choice.heap, choice.profile, choice.overrides)
  if (!hasAllocation(trace)) throw new HeapscapeError('trace-empty')
  return replayTrace(trace, request, job, { explain: choice.explain ?? false })
}

/**
 * The same replay where only figures are wanted: it keeps no rows, takes a fraction of the time and memory, and gives the same
 * figures (shared/jobs/statistics.test.ts). Who wants to see the run afterwards replays with runSimulation. Not of the heap `recorded`.
 * @throws HeapscapeError as runSimulation
 */
export async function simulateStatistics(trace: Trace, choice: SimulationChoice, job: JobContext): Promise<RunStatistics> {
  const request = resolveRequest(choice.heap, choice.profile, choice.overrides)
  return replayStatistics(trace, request, job)
}

function asRecorded(trace: Trace, { profile, overrides }: SimulationChoice, job: JobContext): Promise<Run> {
  const [name] = Object.keys(overrides)
  if (name !== undefined) throw new HeapscapeError('parameter-unknown', { heap: RECORDED_HEAP, got: name, expected: 'none' })
  if (profile !== undefined && profile !== RECORDED_HEAP) throw new HeapscapeError('profile-unknown', { heap: RECORDED_HEAP, got: profile, expected: RECORDED_HEAP })
  if (!hasAllocation(trace)) throw new HeapscapeError('trace-empty')
  return recordedRun(trace, job)
}

function hasAllocation(trace: Trace): boolean {
  for (let event = 0; event < trace.events; event++) {
    const op = trace.op.at(event)
    if (op === Op.Alloc || op === Op.Realloc) return true
  }
  return false
}

/**
 * The trace of a synthetic workload, by id (`G1`) or as an input name (`workload:G1`).
 * @throws HeapscapeError `workload-unknown`
 */
export async function traceOfWorkload(name: string, job: JobContext): Promise<Trace> {
  const id = name.replace(/^workload:/, '')
  const workload = workloads.find((candidate) => candidate.id === id)
  if (workload === undefined) throw new HeapscapeError('workload-unknown', { got: id, expected: workloads.map((known) => known.id).join(', ') })
  const trace = workload.build()
  trace.hash = await hashTrace(trace, job)
  return trace
}
