import { expect, test } from 'vitest'
import { checkRun } from '../../model/check-run'
import { snapshotAt } from '../../model/snapshot-at'
import { runOfManyBlocks } from './run-of-many-blocks'

test('the generated run is sound, and has as many blocks at its end as lifetimes', () => {
  const run = runOfManyBlocks(2000)
  expect(checkRun(run)).toEqual([])
  expect(run.lifetimes).toHaveLength(2000)
  expect(snapshotAt(run, run.events).blocks.length).toBeGreaterThan(1990)
})
