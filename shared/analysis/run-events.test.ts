import { expect, test } from 'vitest'
import { quietJob } from '../base/job-context'
import { RegionState } from '../model/region-table'
import { RunSketch } from '../model/testing/run-sketch'
import { failuresBetween, neighbourFailure, neighbourPageChange } from './run-events'

const run = new RunSketch()
  .page(0, 0x10000, 0x4000, RegionState.Reserved)
  .page(0, 0x10000, 0x2000, RegionState.Committed)
  .row(0x10040, 64, 1, 3)
  .row(0x10fe0, 64, 4, 9)
  .row(0x11800, 64, 5)
  .page(7, 0x11000, 0x1000, RegionState.Committed)
  .finish(10)
for (const event of [2, 3, 6, 6, 8]) {
  run.failures.event.push(event)
  run.failures.size.push(64)
}

test('failed requests are stepped through both ways', () => {
  expect([0, 2, 6, 8].map((event) => neighbourFailure(run, event, true))).toEqual([2, 3, 8, null])
  expect([0, 2, 6, 10].map((event) => neighbourFailure(run, event, false))).toEqual([null, null, 3, 8])
})

test('of many, the first of each part is told, and how many there are', () => {
  expect(failuresBetween(run, 0, 10, 100)).toEqual({ events: Float64Array.of(2, 3, 6, 8), total: 5 })
  expect(failuresBetween(run, 0, 10, 2)).toEqual({ events: Float64Array.of(2, 6), total: 5 })
  expect(failuresBetween(run, 4, 5, 10)).toEqual({ events: Float64Array.of(), total: 0 })
})

test('changes of a page are of its blocks, also those that reach into it, and of its memory', async () => {
  const steps = async (address: number, forward: boolean): Promise<number[]> => {
    const found: number[] = []
    for (let event: number | null = forward ? -1 : 11; event !== null; ) {
      event = await neighbourPageChange(run, address, event, forward, quietJob)
      if (event !== null) found.push(event)
    }
    return found
  }
  expect(await steps(0x10000, true)).toEqual([0, 1, 3, 4, 9])
  expect(await steps(0x11fff, false)).toEqual([9, 7, 5, 4, 0])
  expect(await steps(0x90000, true)).toEqual([])
})
