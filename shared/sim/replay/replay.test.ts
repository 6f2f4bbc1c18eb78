import { expect, test } from 'vitest'
import { mulberry32 } from '../../base/random'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { STILL_ALIVE } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import { Op, TraceBuilder, type Trace } from '../../model/trace'
import { heapDefinitions, resolveRequest } from '../profiles'
import { replayTrace } from './replay'

const ORIGIN = { file: 'made', format: 'test', partial: false, notes: [] }

/** Rows as [address from the heap's start, consumed, requested, birth, death], Internal ones left out. */
function rowsOf(run: Run): number[][] {
  const { address, size, requested, birth, death, occupant } = run.lifetimes
  const rows: number[][] = []
  for (let i = 0; i < run.lifetimes.length; i++) {
    if (occupant.at(i) !== Occupant.Busy) continue
    rows.push([address.at(i) - run.heaps[0]!.base, size.at(i), requested.at(i), birth.at(i), death.at(i)])
  }
  return rows
}

function made(write: (builder: TraceBuilder) => void): Trace {
  const builder = new TraceBuilder(ORIGIN)
  write(builder)
  return builder.finish(ORIGIN)
}

test('a reallocation places the new block while the old one lives', async () => {
  const trace = made((t) => {
    const a = t.alloc(8)
    t.realloc(a, 16)
    t.orphanFree()
    t.alloc(8)
    t.free(a)
  })
  const run = await replayTrace(trace, resolveRequest('ff', 'pure', {}), quietJob)
  expect(rowsOf(run)).toEqual([
    [0, 8, 8, 1, 2],
    [8, 16, 16, 2, 5],
    [0, 8, 8, 4, STILL_ALIVE],
  ])
})

test('failed requests are recorded; their frees do nothing, their reallocations allocate', async () => {
  const trace = made((t) => {
    const a = t.alloc(64)
    const b = t.alloc(64)
    t.free(b)
    const c = t.alloc(64)
    t.realloc(a, 128)
    t.free(a)
    t.realloc(c, 32)
  })
  const run = await replayTrace(trace, resolveRequest('ff', 'word', { capacity: 100 }), quietJob)
  expect([run.failures.event.slice(), run.failures.size.slice()].map((column) => [...column])).toEqual([[2, 4, 5], [64, 64, 128]])
  expect(rowsOf(run)).toEqual([
    [0, 64, 64, 1, 6],
    [0, 32, 32, 7, STILL_ALIVE],
  ])
})

test('the prologue is an internal row from the start, and sites are carried over', async () => {
  const builder = new TraceBuilder(ORIGIN, { site: true })
  builder.alloc(8)
  builder.trace.site!.push(7)
  const run = await replayTrace(builder.finish(ORIGIN), resolveRequest('ff', 'csapp', {}), quietJob)
  const { occupant, size, birth, site } = run.lifetimes
  expect([occupant, size, birth, site!].map((column) => [...column.slice()])).toEqual([[1, 0], [16, 16], [0, 1], [-1, 7]])
})

test('an empty trace and a cancelled job end with their codes', async () => {
  const request = resolveRequest('ff', undefined, {})
  await expect(replayTrace(made((t) => t.orphanFree()), request, quietJob)).rejects.toMatchObject({ code: 'trace-empty' })
  await expect(replayTrace(made((t) => t.alloc(1)), request, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
})

/** 3000 requests and frees of a few sizes from three sites, enough for front ends to take over and to keep blocks. */
function ofThreeSites(): Trace {
  const random = mulberry32(9)
  const builder = new TraceBuilder(ORIGIN, { site: true })
  const living: number[] = []
  for (let event = 0; event < 3000; event++) {
    if (living.length > 60 || (living.length > 0 && random() < 0.45)) builder.free(living.splice(Math.floor(random() * living.length), 1)[0]!)
    else living.push(builder.alloc(16 * (1 + Math.floor(random() * 4))))
    builder.trace.site!.push(Math.floor(random() * 3))
  }
  return builder.finish(ORIGIN)
}

const oneOrSeveral = heapDefinitions.flatMap(({ id, parameters }) => (parameters.some(({ name }) => name === 'heapPer') ? [[id, {}], [id, { heapPer: 'site' }]] as const : [[id, {}]] as const))

test.each(oneOrSeveral)('%s %o: each stay of a block begins and ends with the events that say so', async (id, overrides) => {
  const trace = ofThreeSites()
  const { lifetimes } = await replayTrace(trace, resolveRequest(id, undefined, overrides), quietJob)
  const stays = new Map<number, number[]>()
  for (let row = 0; row < lifetimes.length; row++) {
    if (lifetimes.occupant.at(row) === Occupant.Busy) stays.set(lifetimes.object.at(row), [lifetimes.birth.at(row), lifetimes.death.at(row)])
  }
  const expected = new Map<number, number[]>()
  for (let row = 0; row < trace.events; row++) {
    const object = trace.object.at(row)
    if (trace.op.at(row) === Op.Alloc) expected.set(object, [row + 1, STILL_ALIVE])
    else expected.get(object)![1] = row + 1
  }
  expect([...stays].sort(([a], [b]) => a - b)).toEqual([...expected].sort(([a], [b]) => a - b))
})
