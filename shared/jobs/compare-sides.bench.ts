import type { Bench } from '../../scripts/bench/bench-contract'
import { compareSides } from '../analysis/compare/compare-sides'
import { explainPeaks } from '../analysis/compare/explain-change'
import { measureRun, type RunFigures } from '../analysis/compare/run-figures'
import { quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import type { Run } from '../model/run'
import { TraceBuilder, type Trace } from '../model/trace'
import { runSimulation } from './run-simulation'

const RUNS = 20
const EVENTS = 1_000_000
const LIVE_BLOCKS = 20_000

/** Random replacements in a pool; the second half of the runs keeps blocks a tenth larger. */
function program(seed: number): Trace {
  const builder = new TraceBuilder({ file: `seed ${seed}`, format: 'bench', partial: false, notes: [] })
  const random = mulberry32(seed)
  const scale = seed < RUNS / 2 ? 1 : 1.1
  const size = (): number => Math.floor(scale * (16 + random() * random() * 2000))
  const alive = Array.from({ length: LIVE_BLOCKS }, () => builder.alloc(size()))
  while (builder.trace.events + 2 <= EVENTS) {
    const victim = Math.floor(random() * LIVE_BLOCKS)
    builder.free(alive[victim]!)
    alive[victim] = builder.alloc(size())
  }
  return builder.finish(builder.trace.origin)
}

async function simulateAll(): Promise<Run[]> {
  const runs: Run[] = []
  for (let seed = 0; seed < RUNS; seed++) runs.push(await runSimulation(program(seed), { heap: 'segregated', overrides: {} }, quietJob))
  return runs
}

let prepared: Promise<Run[]> | undefined

const measureAll = (runs: readonly Run[]): RunFigures[] => runs.map((run, i) => measureRun(run, `run ${i}`))

function compareAll(runs: readonly Run[], figures: readonly RunFigures[] = measureAll(runs)): void {
  compareSides({ name: 'A', runs: figures.slice(0, RUNS / 2) }, { name: 'B', runs: figures.slice(RUNS / 2) })
  explainPeaks(runs[0]!, runs[RUNS - 1]!)
}

/** The least it can cost: both ends of every lifetime read once. */
function readLifetimes(runs: readonly Run[]): number {
  let sum = 0
  for (const { lifetimes } of runs) {
    for (let chunk = 0; chunk < lifetimes.birth.chunks.length; chunk++) {
      const births = lifetimes.birth.chunks[chunk]!
      const deaths = lifetimes.death.chunks[chunk]!
      for (let i = 0; i < births.length; i++) sum += births[i]! + deaths[i]!
    }
  }
  return sum
}

let measured: readonly RunFigures[] | undefined

/** What is left to do when every member was measured as it was opened, as the window does. */
const compareMeasured = (runs: readonly Run[]): void => compareAll(runs, (measured ??= measureAll(runs)))

/** `clock` in milliseconds; CPU time says the same on a busy machine. */
const bench = (name: string, title: string, work: (runs: readonly Run[]) => unknown, more: Partial<Bench> = {}, clock: () => number = () => performance.now()): Bench => ({
  name: `compare/${name}`,
  title,
  unit: 'ms',
  better: 'lower',
  ...more,
  prepare: async () => {
    const runs = await (prepared ??= simulateAll())
    return {
      measure: () => {
        const start = clock()
        work(runs)
        return clock() - start
      },
    }
  },
})

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

export const benches: Bench[] = [
  bench('floor', `floor: both ends of every lifetime of ${RUNS} runs of a million events`, readLifetimes),
  bench('sides', `figures of ${RUNS} runs of a million events, all tests and intervals, causes`, (runs) => compareAll(runs), { reference: 'compare/floor', goal: '<= 10 s' }),
  bench('sides-cpu', 'the same in processor time', (runs) => compareAll(runs), { goal: '<= 10 s' }, cpuMs),
  bench('measured-cpu', 'the same once all runs were measured while opening: tests, intervals, causes; processor time', compareMeasured, { goal: '<= 2 s' }, cpuMs),
]
