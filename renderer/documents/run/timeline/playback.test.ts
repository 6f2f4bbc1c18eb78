import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { dueEvent, usePlayback, usualSpeed } from './playback'

let frames: ((now: number) => void)[] = []
let now = 0
beforeEach(() => {
  frames = []
  now = 0
  vi.stubGlobal('requestAnimationFrame', (callback: (at: number) => void) => frames.push(callback))
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []))
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function player(events: number, from: number) {
  const state = { event: from, isShown: true, asked: [] as number[] }
  const scope = effectScope()
  const playback = scope.run(() => usePlayback({ events: () => events, event: () => state.event, isShown: () => state.isShown, goTo: (event) => void state.asked.push((state.event = event)) }))!
  const pass = (ms: number): void => {
    now += ms
    frames.splice(0).forEach((callback) => callback(now))
  }
  return { state, playback, pass, scope }
}

test('the usual speed plays a run in about 20 seconds', () => {
  expect([10, 200, 5000, 5_000_000, 5e9].map(usualSpeed)).toEqual([1, 10, 1000, 1_000_000, 1_000_000])
  expect([dueEvent(50, 999, 1, 1), dueEvent(50, 1000, 1, 1), dueEvent(50, 100, 100, -1)]).toEqual([50, 51, 40])
})

test('asks only for what can be shown, and skips what was due meanwhile', () => {
  const { state, playback, pass } = player(1000, 0)
  playback.setSpeed(100)
  playback.play(1)
  pass(100)
  state.isShown = false
  pass(100)
  pass(100)
  expect(state.asked).toEqual([10])
  state.isShown = true
  pass(100)
  expect(state.asked).toEqual([10, 40])
  playback.pause()
  pass(1000)
  expect(state.asked).toEqual([10, 40])
})

test('stops at either end, and begins anew from there', () => {
  const { state, playback, pass } = player(30, 20)
  playback.setSpeed(100)
  playback.play(1)
  pass(500)
  expect([state.event, playback.playing.value]).toEqual([30, null])
  playback.play(1)
  expect(state.event).toBe(0)
  playback.play(-1)
  expect(state.event).toBe(30)
  pass(10_000)
  expect([state.event, playback.playing.value]).toEqual([0, null])
})

test('plays on from where somebody went', () => {
  const { state, playback, pass } = player(1000, 0)
  playback.setSpeed(100)
  playback.play(1)
  pass(100)
  state.event = 500
  pass(50)
  pass(100)
  expect(state.event).toBe(510)
})

test('speeds end where the run would be over in a second, and nothing plays on when the view is gone', () => {
  const { playback, scope, pass, state } = player(50, 0)
  expect(playback.speeds.value).toEqual([1, 10, 100])
  playback.changeSpeed(1)
  playback.changeSpeed(1)
  playback.changeSpeed(1)
  expect(playback.speed.value).toBe(100)
  playback.play(1)
  scope.stop()
  pass(1000)
  expect(state.asked).toEqual([])
})
