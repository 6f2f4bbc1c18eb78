import { quietJob } from '../../base/job-context'
import type { Trace } from '../../model/trace'
import { heapDefinitions, resolveRequest } from '../profiles'
import { buildChurn, uniformSize } from '../workload/generate'
import { replayTrace } from '../replay/replay'

export interface ReplayRate {
  readonly heap: string
  readonly live: number
  readonly events: number
  /** Median over the repetitions, with lifetimes, page changes and failures recorded. */
  readonly eventsPerSecond: number
}

/** G1's shape, made longer: `live` blocks, and as many replacements as `events` asks for. */
export function benchTrace(live: number, events: number): Trace {
  return buildChurn('G1-long', { seed: 1, live, replacements: Math.max(0, Math.ceil(events / 2) - live), size: uniformSize })
}

/** Replays the trace with every heap's default profile; `now` gives milliseconds. */
export async function benchReplay(trace: Trace, live: number, repetitions: number, now: () => number): Promise<ReplayRate[]> {
  const rates: ReplayRate[] = []
  for (const { id } of heapDefinitions) {
    const request = resolveRequest(id, undefined, {})
    const seconds: number[] = []
    for (let i = 0; i < repetitions; i++) {
      const start = now()
      await replayTrace(trace, request, quietJob)
      seconds.push((now() - start) / 1000)
    }
    seconds.sort((a, b) => a - b)
    rates.push({ heap: id, live, events: trace.events, eventsPerSecond: trace.events / seconds[seconds.length >> 1]! })
  }
  return rates
}
