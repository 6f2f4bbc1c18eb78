import { describe, expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import type { ParameterValue, Run } from '../../model/run'
import { Op, Trace } from '../../model/trace'
import { resolveRequest } from '../profiles'
import { ContentionMeter, ThreadNumbers } from './contention'
import { replayTrace } from './replay'

describe('a call counts when another thread took its lock within the window', () => {
  const contended = (window: number, calls: readonly (readonly [event: number, thread: number, lock: number])[]): number => {
    const meter = new ContentionMeter(window)
    for (const [event, thread, lock] of calls) meter.meet(event, thread, lock)
    return meter.figures(2).contendedCalls
  }

  test('the example of the definition', () => {
    expect(contended(2, [[1, 0, 0], [2, 1, 0], [3, 1, 1], [4, 0, 1], [5, 0, 0]])).toBe(2)
  })

  test.each([
    ['the same thread never', 8, [[1, 0, 0], [2, 0, 0], [3, 0, 0]], 0],
    ['another thread behind calls of one’s own still', 8, [[1, 1, 0], [2, 0, 0], [3, 0, 0], [4, 0, 0]], 3],
    ['not beyond the window', 2, [[1, 1, 0], [4, 0, 0]], 0],
    ['just within it', 3, [[1, 1, 0], [4, 0, 0]], 1],
    ['another lock never', 8, [[1, 1, 0], [2, 0, 1]], 0],
    ['no lock never', 8, [[1, 1, -1], [2, 0, -1]], 0],
    ['a lock of a large number', 8, [[1, 1, 1000], [2, 0, 1000]], 1],
  ] as const)('%s', (_name, window, calls, count) => {
    expect(contended(window, calls)).toBe(count)
  })

  test('as a walk over all calls before would count', () => {
    const random = mulberry32(5)
    const calls = Array.from({ length: 3000 }, (_, i) => [i * 1 + Math.floor(random() * 2), Math.floor(random() * 3), Math.floor(random() * 6)] as const).sort((a, b) => a[0] - b[0])
    const plain = calls.filter(([event, thread, lock], i) => calls.slice(Math.max(0, i - 40), i).some(([at, other, same]) => event - at <= 7 && other !== thread && same === lock))
    expect(contended(7, calls)).toBe(plain.length)
  })

  test('threads are numbered in the order they come', () => {
    const numbers = new ThreadNumbers()
    expect([4_000_000_000, 12, 12, 4_000_000_000, 8].map((thread) => numbers.of(thread))).toEqual([0, 1, 1, 0, 2])
    expect(numbers.count).toBe(3)
  })
})

/** `threads` threads take turns at random and keep blocks of one size. */
function traceOf(threads: number | undefined): Trace {
  const trace = new Trace({ file: 'threads', format: 'test', partial: false, notes: [] }, { thread: threads !== undefined })
  const random = mulberry32(11)
  const turns = mulberry32(12)
  const live: number[] = []
  for (let i = 0; i < 20_000; i++) {
    const isFree = live.length > 300 || (live.length > 0 && random() < 0.45)
    trace.op.push(isFree ? Op.Free : Op.Alloc)
    trace.object.push(isFree ? live.splice(Math.floor(random() * live.length), 1)[0]! : trace.objects)
    trace.size.push(isFree ? 0 : 40)
    if (!isFree) live.push(trace.objects++)
    trace.thread?.push(Math.floor(turns() * threads!) * 4 + 1000)
  }
  return trace
}

const replay = (threads: number | undefined, heap: string, overrides: Record<string, ParameterValue> = {}): Promise<Run> => replayTrace(traceOf(threads), resolveRequest(heap, undefined, overrides), quietJob)

describe('in a run', () => {
  test('a trace without threads tells nothing, one with a single thread no contention', async () => {
    expect((await replay(undefined, 'segment-heap')).contention).toBeUndefined()
    expect((await replay(1, 'segment-heap')).contention).toEqual({ window: 8, threads: 1, calls: 20_000, contendedCalls: 0 })
  })

  test('one lock for everything is met by nearly every call, and affinity slots keep threads apart', async () => {
    const one = (await replay(4, 'first-fit')).contention!
    const shared = (await replay(4, 'segment-heap', { affinitySlots: 1 })).contention!
    const apart = (await replay(4, 'segment-heap', { affinitySlots: 8 })).contention!
    expect([one.threads, one.calls]).toEqual([4, 20_000])
    // Eight calls before, each of another thread in three of four cases.
    expect(one.contendedCalls / one.calls).toBeGreaterThan(0.99)
    expect(shared.contendedCalls).toBeLessThan(one.contendedCalls)
    // Half of the calls are frees, of blocks that threads allocated for one another.
    expect(apart.contendedCalls).toBeLessThan(shared.contendedCalls * 0.9)
  })

  test('the NT heap has one lock too, but for the slots of its front end', async () => {
    const back = (await replay(4, 'nt-lfh', { lfh: false })).contention!
    const front = (await replay(4, 'nt-lfh')).contention!
    expect(back.contendedCalls / back.calls).toBeGreaterThan(0.99)
    expect(front.contendedCalls).toBeLessThan(back.contendedCalls)
  })

  test('the thread decides nothing where slots are one', async () => {
    const [first, second] = [await replay(4, 'segment-heap', { affinitySlots: 1 }), await replay(undefined, 'segment-heap', { affinitySlots: 1 })]
    const addresses = first.lifetimes.address.slice()
    const others = second.lifetimes.address.slice()
    expect([addresses.length, addresses.every((address, row) => address === others[row])]).toEqual([others.length, true])
  })
})
