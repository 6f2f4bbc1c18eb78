import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeRunParts, computeStatisticsParts } from '../../analysis/compare/run-parts'
import { measureRun, measureStatistics } from '../../analysis/compare/run-figures'
import { Column } from '../../base/column'
import { quietJob } from '../../base/job-context'
import type { ParameterValue, Run } from '../../model/run'
import type { RunStatistics } from '../../model/run-statistics'
import type { Snapshot } from '../../model/snapshot'
import { Op, Trace } from '../../model/trace'
import { heapDefinitions } from '../../sim/profiles'
import { runSimulation, simulateStatistics } from '../run-simulation'

/*
 * A replay that keeps no rows tells the same as one that keeps them: in every heap and profile, with heaps for each thread and
 * site, under random programs that lose blocks, free what they never had, and ask for more than there is.
 */
interface Step {
  readonly op: number
  readonly object: number
  readonly size: number
  readonly thread: number
}

const OBJECTS = 60
const sizes = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 700_000 }), fc.constant(5 * 2 ** 30))
// Few objects and many frees: what died is reused, and memory goes up and down.
const step = fc.record({ op: fc.constantFrom(Op.Alloc, Op.Alloc, Op.Alloc, Op.Free, Op.Free, Op.Realloc, Op.OrphanFree), object: fc.integer({ min: 0, max: OBJECTS - 1 }), size: sizes, thread: fc.integer({ min: 0, max: 3 }) })
/** Bursts of one size bring front ends to life, and their end memory back. */
const burst = fc.record({ size: fc.integer({ min: 1, max: 300 }), count: fc.integer({ min: 20, max: 40 }) }).map(({ size, count }): Step[] => {
  const each = (op: number): Step[] => Array.from({ length: count }, (_, object) => ({ op, object, size, thread: object % 4 }))
  return [...each(Op.Alloc), ...each(Op.Free)]
})
const programs = fc.array(fc.oneof({ weight: 30, arbitrary: step.map((one) => [one]) }, { weight: 3, arbitrary: burst }), { minLength: 60, maxLength: 120 }).map((parts) => parts.flat())

function traceOf(steps: readonly Step[], withThreads: boolean): Trace {
  const trace = new Trace({ file: 'random', format: 'test', partial: false, notes: [] }, { thread: withThreads, site: withThreads })
  for (const { op, object, size } of [{ op: Op.Alloc, object: 0, size: 100 }, ...steps]) {
    trace.op.push(op)
    trace.object.push(op === Op.OrphanFree ? 0 : object)
    trace.size.push(op === Op.Free || op === Op.OrphanFree ? 0 : size)
  }
  trace.objects = 1 + steps.reduce((most, { object }) => Math.max(most, object), OBJECTS - 1)
  for (const { thread } of [{ thread: 0 }, ...steps]) {
    trace.thread?.push(thread * 4)
    trace.site?.push(thread)
  }
  return trace
}

/** Everything a cut tells of its blocks but sites and births, which statistics do not tell. */
function shown({ blocks, regions, segments, event }: Snapshot): unknown {
  return { event, segments, ...sliced(blocks), regions: sliced(regions) }
  function sliced(table: object): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries(Object.entries(table).flatMap(([name, column]: [string, unknown]) => (column instanceof Column && name !== 'site' && name !== 'birth' ? [[name, [...column.slice()]]] : [])))
  }
}

function expectAlike(statistics: RunStatistics, run: Run): void {
  expect(measureStatistics(statistics, 'x')).toEqual(measureRun(run, 'x'))
  const [got, expected] = [computeStatisticsParts(statistics), computeRunParts(run)]
  expect(got.series.live).toEqual(expected.series.live)
  expect([got.series.footprint, got.series.reserved]).toEqual([expected.series.footprint, expected.series.reserved])
  expect(shown(got.peak)).toEqual(shown(expected.peak))
  expect(shown(got.end)).toEqual(shown(expected.end))
  const { moments } = statistics
  expect([moments.request, moments.origin, moments.heaps, moments.contention, moments.failures.size.slice()]).toEqual([run.request, run.origin, run.heaps, run.contention, run.failures.size.slice()])
}

export interface StatisticsCase {
  readonly heap: string
  readonly profile: string
  readonly overrides: Readonly<Record<string, ParameterValue>>
}

/** Each heap's default profile, the same with little memory, and heaps per thread and site where there can be. */
export const defaultCases = heapDefinitions.flatMap(({ id, defaultProfile, parameters }): StatisticsCase[] => {
  const plain = { heap: id, profile: defaultProfile, overrides: {} }
  const several = ['thread', 'site'].map((heapPer) => ({ ...plain, overrides: { heapPer, heapsMost: 3 } }))
  return [plain, { ...plain, overrides: { capacity: 2 ** 20 } }, ...(parameters.some(({ name }) => name === 'heapPer') ? several : [])]
})

/** Every profile that places blocks in its own way: those that differ only in the layout of their bytes place alike. */
export const allProfiles = heapDefinitions.flatMap(({ id, profiles }): StatisticsCase[] => {
  const behaviours = new Map(profiles.map((profile) => [JSON.stringify({ ...profile.values, build: 0 }), profile.id]))
  return [...behaviours.values()].map((profile) => ({ heap: id, profile, overrides: {} }))
})

const CROWD = 400

/** Blocks of one size that all move after a peak: the last one to leave a container of slots takes that with it, within its request. */
function exodus(size: number, moved: number): Step[] {
  const each = (op: number, bytes: number): Step[] => Array.from({ length: CROWD }, (_, object) => ({ op, object, size: bytes, thread: 0 }))
  const peak = [Op.Alloc, Op.Free].map((op) => ({ op, object: CROWD, size: 8 * 2 ** 20, thread: 0 }))
  return [...each(Op.Alloc, size), ...peak, ...each(Op.Realloc, moved)]
}

export function testMoves(heaps: readonly string[]): void {
  test.each(heaps)('slots of %s that end while their blocks move', async (heap) => {
    for (const [size, moved] of [[40, 300], [40, 5000], [200, 700], [1000, 40]] as const) {
      const trace = traceOf(exodus(size, moved), false)
      expectAlike(await simulateStatistics(trace, { heap, overrides: {} }, quietJob), await runSimulation(trace, { heap, overrides: {} }, quietJob))
    }
  })
}

export function testStatistics(cases: readonly StatisticsCase[], numRuns: number): void {
  test.each(cases)('$heap $profile $overrides', async ({ heap, profile, overrides }) => {
    await fc.assert(
      fc.asyncProperty(programs, fc.boolean(), async (steps, withThreads) => {
        const trace = traceOf(steps, withThreads)
        const choice = { heap, profile, overrides }
        expectAlike(await simulateStatistics(trace, choice, quietJob), await runSimulation(trace, choice, quietJob))
      }),
      { numRuns, seed: 8 },
    )
  })
}
