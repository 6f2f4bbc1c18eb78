import { measureSweepRun } from '../../analysis/sweep/sweep-measure'
import { quietJob } from '../../base/job-context'
import { Op, Trace } from '../../model/trace'
import { simulateStatistics } from '../run-simulation'
import type { SweepPoint } from './sweep-plan'

/** Seconds per event on this machine: of a heap as measured, else the mean of all measured ones, else a trial's. */
export class SweepRates {
  readonly #measured = new Map<string, number>()
  #trial: number | undefined

  get isMeasured(): boolean {
    return this.#measured.size > 0
  }

  add(heap: string, seconds: number, events: number): void {
    if (events > 0 && seconds > 0) this.#measured.set(heap, seconds / events)
  }

  addTrial(seconds: number, events: number): void {
    if (events > 0 && seconds > 0) this.#trial = seconds / events
  }

  /** Undefined when nothing is known. */
  of(heap: string): number | undefined {
    const known = this.#measured.get(heap)
    if (known !== undefined) return known
    if (!this.isMeasured) return this.#trial
    return [...this.#measured.values()].reduce((sum, rate) => sum + rate, 0) / this.#measured.size
  }
}

/** Starting the processes and reading the traces, roughly; small against any sweep worth waiting for. */
const START_SECONDS = 0.5

/**
 * Seconds the points will take in so many processes, by what points of the same heaps took before; null without any.
 * @param events of each input, by its place in the plan
 */
export function estimateSweep(points: readonly SweepPoint[], events: readonly number[], processes: number, rates: SweepRates): number | null {
  let sum = 0
  let longest = 0
  for (const { input, request } of points) {
    const rate = rates.of(request.heap)
    if (rate === undefined) return null
    const seconds = rate * events[input]!
    sum += seconds
    longest = Math.max(longest, seconds)
  }
  return points.length === 0 ? 0 : START_SECONDS + Math.max(longest, sum / Math.min(processes, points.length))
}

const TRIAL_EVENTS = 20_000
const TRIAL_HEAP = 'first-fit'

/** Replays and measures the first events of a trace once, so that a first estimate has something to go by: 0.1 s of work. */
export async function tryRate(trace: Trace, rates: SweepRates, nowMs: () => number): Promise<void> {
  const head = headOf(trace, TRIAL_EVENTS)
  if (!holdsRequest(head)) return
  const startMs = nowMs()
  measureSweepRun(await simulateStatistics(head, { heap: TRIAL_HEAP, overrides: {} }, quietJob), 'trial')
  rates.addTrial((nowMs() - startMs) / 1000, head.events)
}

/** Objects are numbered in order of first appearance, so the first events need none of the later ones. */
function headOf(trace: Trace, events: number): Trace {
  const head = new Trace(trace.origin)
  for (let event = 0; event < Math.min(events, trace.events); event++) {
    head.op.push(trace.op.at(event))
    head.object.push(trace.object.at(event))
    head.size.push(trace.size.at(event))
  }
  head.objects = trace.objects
  return head
}

function holdsRequest(trace: Trace): boolean {
  for (let event = 0; event < trace.events; event++) if (trace.op.at(event) === Op.Alloc || trace.op.at(event) === Op.Realloc) return true
  return false
}
