import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { PATIENCE_MS, SLOW_MS, useLatestRequest, type AskOptions, type LatestRequest } from './latest-request'

interface Call {
  readonly params: number
  readonly signal: AbortSignal
  readonly resolve: (answer: string) => void
  readonly reject: (error: Error) => void
}

let calls: Call[]
let scope: EffectScope
let request: LatestRequest<number, string>
const flush = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined)

beforeEach(() => {
  vi.useFakeTimers()
  calls = []
  scope = effectScope()
  request = scope.run(() => useLatestRequest<number, string>((params, { signal }: AskOptions) => new Promise((resolve, reject) => calls.push({ params, signal, resolve, reject }))))!
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

describe('asking for the latest', () => {
  test('wishes made meanwhile wait; only the newest is asked', async () => {
    request.ask(1)
    request.ask(2)
    request.ask(3)
    expect(calls.map((call) => call.params)).toEqual([1])
    calls[0]!.resolve('one')
    await flush()
    expect(request.answer.value).toBe('one')
    expect(calls.map((call) => call.params)).toEqual([1, 3])
    calls[1]!.resolve('three')
    await flush()
    expect([request.answer.value, request.answered.value, request.pending.value]).toEqual(['three', 3, false])
  })

  test('a slow one is cancelled for the newer wish, and its late answer is not shown', async () => {
    request.ask(1)
    request.ask(2)
    await vi.advanceTimersByTimeAsync(PATIENCE_MS)
    expect(calls[0]!.signal.aborted).toBe(true)
    expect(calls.map((call) => call.params)).toEqual([1, 2])
    calls[0]!.resolve('late')
    await flush()
    expect(request.answer.value).toBeNull()
    calls[1]!.resolve('two')
    await flush()
    expect(request.answer.value).toBe('two')
  })

  test('says slow only after a while, and the last answer stays until the next', async () => {
    request.ask(1)
    calls[0]!.resolve('one')
    await flush()
    request.ask(2)
    await vi.advanceTimersByTimeAsync(SLOW_MS - 1)
    expect([request.slow.value, request.answer.value]).toEqual([false, 'one'])
    await vi.advanceTimersByTimeAsync(1)
    expect(request.slow.value).toBe(true)
    calls[1]!.resolve('two')
    await flush()
    expect([request.slow.value, request.answer.value]).toEqual([false, 'two'])
  })

  test('a failure is kept beside the last answer and goes with the next one', async () => {
    request.ask(1)
    calls[0]!.reject(new Error('broken'))
    await flush()
    expect(request.error.value).toEqual(new Error('broken'))
    request.ask(2)
    calls[1]!.resolve('two')
    await flush()
    expect([request.error.value, request.answer.value]).toEqual([null, 'two'])
  })

  test('the end of the owner cancels', () => {
    request.ask(1)
    scope.stop()
    expect(calls[0]!.signal.aborted).toBe(true)
  })
})
