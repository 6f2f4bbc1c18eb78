import { measureRun, type RunFigures } from '../analysis/compare/run-figures'
import { judgeGate, type GateBatch, type GateResult } from '../analysis/gate/gate'
import { HeapscapeError, toFailure } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { mulberry32 } from '../base/random'
import { TraceBuilder, type Trace } from '../model/trace'
import { hashTrace } from '../model/trace-hash'
import { runSimulation, type SimulationChoice } from './run-simulation'

/*
 * Does the gate see what it should? Programs with a known change go the whole way: trace, replay, figures, verdict.
 * The program keeps about 12,000 blocks of 16 to 1024 bytes and replaces random ones; repeats differ by their seed.
 * The change is a leak: one free in `leakEvery` is forgotten.
 */
export interface SelfTestCase {
  readonly name: string
  readonly expected: string
  readonly got: string
  readonly passed: boolean
}

const RUNS = 10
const LIVE_BLOCKS = 12_000
const REPLACEMENTS = 8_000
const LEAK_EVERY = 4

export async function selfTestGate(job: JobContext): Promise<SelfTestCase[]> {
  const choice: SimulationChoice = { heap: 'first-fit', overrides: {} }
  let done = 0
  const total = 6 * RUNS + 3
  const measure = async (seed: number, leakEvery: number, heap = choice): Promise<RunFigures> => {
    const run = await runSimulation(await buildProgram(seed, leakEvery, job), heap, { progress: () => {}, checkpoint: () => job.checkpoint() })
    job.progress({ done: ++done, total, unit: 'runs' })
    return measureRun(run, `seed ${seed}`)
  }
  const repeats = async (firstSeed: number, leakEvery: number): Promise<RunFigures[]> => {
    const runs: RunFigures[] = []
    for (let i = 0; i < RUNS; i++) runs.push(await measure(firstSeed + i, leakEvery))
    return runs
  }
  const [quietA, quietB, quietC, quietD] = [await repeats(100, 0), await repeats(200, 0), await repeats(300, 0), await repeats(400, 0)]
  const [leakyA, leakyB] = [await repeats(500, LEAK_EVERY), await repeats(600, LEAK_EVERY)]
  const once = await measure(1, 0)
  const again = await measure(1, 0)
  const wider = await measure(1, 0, { ...choice, overrides: { header: 24 } })
  const quiet: GateBatch = { baseline: quietC, candidate: quietD }
  return [
    check('replay of one trace in one heap', 'pass', () => judgeGate({ baseline: [once], candidate: [again] }, null)),
    check('16 more header bytes in every block of one trace', 'fail', () => judgeGate({ baseline: [once], candidate: [wider] }, null)),
    check('repeats of one program', 'pass', () => judgeGate({ baseline: quietA, candidate: quietB }, quiet)),
    check('a leak in both batches', 'fail', () => judgeGate({ baseline: quietA, candidate: leakyA }, { baseline: quietC, candidate: leakyB })),
    check('a leak in the first batch only', 'suspect', () => judgeGate({ baseline: quietA, candidate: leakyA }, quiet)),
    check('a leak mended', 'improved', () => judgeGate({ baseline: leakyA, candidate: quietA }, null)),
    check('five repeats, too few for three figures', 'usage', () => judgeGate({ baseline: quietA.slice(0, 5), candidate: quietB.slice(0, 5) }, null)),
    check('another heap for other traces', 'not-comparable', () => judgeGate({ baseline: quietA, candidate: [wider] }, null)),
  ]
}

function check(name: string, expected: string, judge: () => GateResult): SelfTestCase {
  const got = outcome(judge)
  return { name, expected, got, passed: got === expected }
}

function outcome(judge: () => GateResult): string {
  try {
    return judge().verdict
  } catch (error) {
    if (!(error instanceof HeapscapeError)) throw error
    return toFailure(error).code
  }
}

async function buildProgram(seed: number, leakEvery: number, job: JobContext): Promise<Trace> {
  const builder = new TraceBuilder({ file: `self-test ${seed}`, format: 'workload', partial: false, notes: [] })
  const random = mulberry32(seed)
  const size = (): number => 16 + Math.floor(random() * 1009)
  const alive = Array.from({ length: LIVE_BLOCKS }, () => builder.alloc(size()))
  for (let i = 1; i <= REPLACEMENTS; i++) {
    const victim = Math.floor(random() * alive.length)
    if (leakEvery === 0 || i % leakEvery !== 0) builder.free(alive[victim]!)
    alive[victim] = builder.alloc(size())
  }
  for (const object of alive) builder.free(object)
  const trace = builder.finish(builder.trace.origin)
  trace.hash = await hashTrace(trace, job)
  return trace
}
