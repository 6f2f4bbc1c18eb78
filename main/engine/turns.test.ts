import { beforeEach, expect, test, vi } from 'vitest'
import { Turns, Urgency, type Urgent } from './turns'

let passes: (() => void)[]
let turns: Turns
let nowMs: number
beforeEach(() => {
  passes = []
  nowMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  turns = new Turns((work) => passes.push(work))
  return () => vi.restoreAllMocks()
})

/** One pass of the event loop, and all that follows from it. */
async function pass(): Promise<void> {
  passes.shift()?.()
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

/** Asks for a turn again and again, using each whole. */
async function work(name: string, who: Urgent, turnsWanted: number, log: string[]): Promise<void> {
  for (let i = 0; i < turnsWanted; i++) {
    await turns.pass(who)
    log.push(name)
    nowMs += 20
  }
}
const NOW: Urgent = { urgency: Urgency.Now }
const LATER: Urgent = { urgency: Urgency.Later }

test('each pass of the event loop gives one turn, among equals in the order they came', async () => {
  const log: string[] = []
  void work('a', NOW, 2, log)
  void work('b', NOW, 2, log)
  expect(passes).toHaveLength(1)
  for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'a'], ['a', 'b', 'a', 'b']]) {
    await pass()
    expect(log).toEqual(expected)
  }
  expect(passes).toHaveLength(0)
})

test('a turn that is young goes on without a wait', async () => {
  void turns.pass(NOW)
  await pass()
  nowMs += 5
  await turns.pass(NOW)
  expect(passes).toHaveLength(0)
})

test('what is urgent comes first, but one turn in eight goes to the rest', async () => {
  const log: string[] = []
  void work('later', LATER, 3, log)
  void work('now', NOW, 16, log)
  for (let i = 0; i < 19; i++) await pass()
  const eight = [...Array<string>(7).fill('now'), 'later']
  expect(log).toEqual([...eight, ...eight, 'now', 'now', 'later'])
})

test('work somebody in a hurry has come to wait for is urgent from its next turn on', async () => {
  const log: string[] = []
  const shared = { urgency: Urgency.Later as Urgency }
  void work('shared', shared, 2, log)
  void work('other', LATER, 2, log)
  void work('now', NOW, 1, log)
  await pass()
  shared.urgency = Urgency.Now
  for (let i = 0; i < 4; i++) await pass()
  expect(log).toEqual(['now', 'shared', 'shared', 'other', 'other'])
})
