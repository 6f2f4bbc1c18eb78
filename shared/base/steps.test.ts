import { expect, test } from 'vitest'
import { cancelledAfter, quietJob } from './job-context'
import { finish, inTurns, type Steps } from './steps'

function* count(log: number[]): Steps<string> {
  for (let i = 0; i < 3; i++) {
    log.push(i)
    yield
  }
  return 'done'
}

test('the same work in one go and in turns', async () => {
  const [atOnce, turns]: [number[], number[]] = [[], []]
  expect(finish(count(atOnce))).toBe('done')
  expect(await inTurns(count(turns), quietJob)).toBe('done')
  expect(turns).toEqual(atOnce)
})

test('a cancel stops it at the next step', async () => {
  const log: number[] = []
  await expect(inTurns(count(log), cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
  expect(log).toEqual([0, 1])
})
