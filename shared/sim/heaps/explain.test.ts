import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import type { ParameterValue, Run } from '../../model/run'
import { Op, Trace } from '../../model/trace'
import { resolveRequest } from '../profiles'
import { FitGrown, FitPlaced } from '../profiles/reasons/fit-reasons'
import { reasonsOf } from '../profiles/reasons'
import { reasonSentence } from '../profiles/reasons/reason-text'
import { replayTrace } from '../replay/replay'

type Step = readonly ['alloc' | 'free' | 'realloc', object: number, bytes?: number]

function traceOf(steps: readonly Step[]): Trace {
  const trace = new Trace({ file: 'steps', format: 'test', partial: false, notes: [] })
  for (const [op, object, bytes = 0] of steps) {
    trace.op.push(op === 'alloc' ? Op.Alloc : op === 'free' ? Op.Free : Op.Realloc)
    trace.object.push(object)
    trace.size.push(bytes)
    trace.objects = Math.max(trace.objects, object + 1)
  }
  return trace
}

const run = (heap: string, profile: string, steps: readonly Step[], overrides: Record<string, ParameterValue> = {}): Promise<Run> =>
  replayTrace(traceOf(steps), resolveRequest(heap, profile, overrides), quietJob, { explain: true })

const placed = ({ reasons }: Run): number[][] => Array.from({ length: reasons!.code.length }, (_, row) => [reasons!.code.at(row), reasons!.a.at(row), reasons!.b.at(row)])
const grown = ({ reasons }: Run): number[][] =>
  Array.from({ length: reasons!.grownCode.length }, (_, row) => [reasons!.grownEvent.at(row), reasons!.grownCode.at(row), reasons!.grownA.at(row), reasons!.grownB.at(row)])

test('a fit heap tells for each block whether it grew, split, took a block whole or resized', async () => {
  const told = await run('first-fit', 'pure', [
    ['alloc', 0, 64],
    ['alloc', 1, 8],
    ['free', 0],
    ['alloc', 2, 64],
    ['free', 2],
    ['alloc', 3, 40],
    ['realloc', 3, 64],
  ], { realloc: 'in-place-forward', splitMin: 16 })
  expect(placed(told)).toEqual([
    [FitPlaced.Grown, 64, 0],
    [FitPlaced.Grown, 8, 0],
    [FitPlaced.Exact, 64, 0],
    [FitPlaced.Split, 64, 24],
    [FitPlaced.Resized, 40, 64],
  ])
  expect(grown(told)).toEqual([
    [1, FitGrown.Extended, 64, 64],
    [2, FitGrown.Extended, 8, 8],
  ])
})

test('the 1993 heap tells of its first pages, of more pages and of further ranges', async () => {
  const told = await run('kath-nt31', 'simple', [
    ['alloc', 0, 8176],
    ['alloc', 1, 1_048_560],
  ])
  expect(grown(told)).toEqual([
    [0, FitGrown.Initial, 4096, 0],
    [1, FitGrown.Extended, 8192, 4096],
    [2, FitGrown.NewRange, 1_048_576, 1_048_576],
  ])
  expect(placed(told).map(([code]) => code)).toEqual([FitPlaced.Grown, FitPlaced.Grown])
})

test('reasons are parallel to the lifetimes, and without them the run is the same', async () => {
  const steps: Step[] = [['alloc', 0, 100], ['alloc', 1, 5000], ['free', 0], ['alloc', 2, 10]]
  const told = await run('best-fit', 'csapp', steps)
  const silent = await replayTrace(traceOf(steps), resolveRequest('best-fit', 'csapp', {}), quietJob)
  expect(silent.reasons).toBeUndefined()
  expect(told.reasons!.code.length).toBe(told.lifetimes.length)
  expect(placed(told)[0]).toEqual([0, 0, 0])
  for (const column of ['address', 'size', 'birth', 'death'] as const) {
    expect(Array.from({ length: told.lifetimes.length }, (_, row) => told.lifetimes[column].at(row))).toEqual(
      Array.from({ length: silent.lifetimes.length }, (_, row) => silent.lifetimes[column].at(row)),
    )
  }
})

test('every code has a sentence with its numbers', () => {
  const table = reasonsOf('first-fit')!
  for (const code of Object.values(FitPlaced)) expect(table.placed[code]!.text).toContain('{a:')
  for (const code of Object.values(FitGrown)) expect(table.grown[code]!.text).toContain('{a:')
  expect(reasonSentence(table.placed[FitPlaced.Split]!, 4096, 1)).toBe('Split from a free block of 4,096 bytes; 1 byte stayed free behind it.')
  expect(reasonsOf('buddy')).toBeUndefined()
})
