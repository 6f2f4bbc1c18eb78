import { expect, test } from 'vitest'
import { jumpsOf, neighbourJump } from './run-jumps'

const jumps = jumpsOf({ events: 100, jumps: { peakLive: 60, peakFootprint: 70, worstOverhead: 20, firstFailure: null } })

test('every jump has its command; one without an event is there and says so', () => {
  expect(jumps.map(({ command, event }) => [command, event])).toEqual([
    ['run.first', 0], ['run.peakLive', 60], ['run.peakFootprint', 70], ['run.worstOverhead', 20], ['run.firstFailure', null], ['run.last', 100],
  ])
})

test('peaks are stepped through in order of events, and the ends hold', () => {
  expect([0, 20, 61, 70, 100].map((event) => neighbourJump(jumps, event, true))).toEqual([20, 60, 70, 100, 100])
  expect([0, 20, 61, 100].map((event) => neighbourJump(jumps, event, false))).toEqual([0, 0, 60, 70])
})
