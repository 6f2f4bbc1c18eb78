import { describe, expect, test } from 'vitest'
import { quietJob } from '../../../base/job-context'
import type { ParameterValue, Run } from '../../../model/run'
import { Op, Trace } from '../../../model/trace'
import { resolveRequest } from '../../profiles'
import { replayTrace } from '../../replay/replay'
import { HeapUnderTest } from '../../testing/heap-under-test'
import { RoutedHeap } from './routed-heap'

const HEAPS = [['nt-lfh', 'win10-x64'], ['nt-xp', 'xp-x86'], ['segment-heap', 'win11-22h2']] as const

function routed(heap: string, profile: string, overrides: Record<string, ParameterValue>): { under: HeapUnderTest; heap: RoutedHeap } {
  const under = new HeapUnderTest(heap, profile, overrides)
  if (!(under.heap instanceof RoutedHeap)) throw new Error('several heaps')
  return { under, heap: under.heap }
}

describe.each(HEAPS)('%s %s', (id, profile) => {
  test('one heap for each thread, made when it first asks; what a thread frees goes back to the heap it came from', () => {
    const { under, heap } = routed(id, profile, { heapPer: 'thread', heapsMost: 8 })
    expect(heap.heapCount).toBe(1)
    const at = (thread: number, bytes: number): number => {
      heap.thread = thread
      return under.alloc(bytes)
    }
    const [a, b, c] = [at(0, 100), at(1, 100), at(9, 100)]
    expect([heap.heapCount, heap.heapOf(a), heap.heapOf(b), heap.heapOf(c)]).toEqual([2, 0, 1, 1])
    const address = heap.blocks.address[b]!
    at(1, 100)
    heap.thread = 0
    under.free(b)
    // Thread 0 does not get what thread 1 had.
    expect(Array.from({ length: 50 }, () => heap.blocks.address[at(0, 100)])).not.toContain(address)
    heap.thread = 0
    const resized = under.realloc(c, 5000)
    expect([heap.heapOf(resized), heap.heapCount]).toEqual([1, 2])
    const { joined, overlaps } = under.tiling()
    expect({ joined, overlaps }).toEqual({ joined: under.committed(), overlaps: 0 })
  })

  test('one heap for each call site; requests of an unknown one go to the first', () => {
    const { under, heap } = routed(id, profile, { heapPer: 'site', heapsMost: 100 })
    const at = (site: number): number => {
      heap.site = site
      return heap.heapOf(under.alloc(64))
    }
    expect([at(-1), at(3), at(7), at(3), at(103), at(0)]).toEqual([0, 3, 7, 3, 3, 0])
    expect(heap.heapCount).toBe(3)
  })

  test('heaps never share a lock', () => {
    const { under, heap } = routed(id, profile, { heapPer: 'thread', heapsMost: 4 })
    const locks = [0, 1, 2, 3].map((thread) => {
      heap.thread = thread
      under.alloc(40)
      return heap.lock
    })
    expect(new Set(locks.filter((lock) => lock >= 0)).size).toBe(locks.filter((lock) => lock >= 0).length)
  })

  test('with one thread only, the run is that of the one heap', async () => {
    const trace = traceOf({ threads: 1, sites: 0 })
    const [one, several] = [await replay(trace, id, profile, {}), await replay(trace, id, profile, { heapPer: 'thread' })]
    expect(addresses(several)).toEqual(addresses(one))
    expect(several.origin.notes).toEqual([])
  })

  test('threads that take turns do not contend any more, and the note says when threads or sites are not told', async () => {
    const trace = traceOf({ threads: 4, sites: 3 })
    const [one, several] = [await replay(trace, id, profile, {}), await replay(trace, id, profile, { heapPer: 'thread' })]
    expect(one.contention!.contendedCalls).toBeGreaterThan(several.contention!.contendedCalls)
    expect(several.contention!.contendedCalls).toBe(0)
    const bySite = await replay(trace, id, profile, { heapPer: 'site' })
    expect(addresses(bySite)).not.toEqual(addresses(one))
    const silent = traceOf({ threads: 0, sites: 0 })
    for (const heapPer of ['thread', 'site']) expect((await replay(silent, id, profile, { heapPer })).origin.notes).toMatchObject([{ code: 'one-heap' }])
  })
})

const replay = (trace: Trace, heap: string, profile: string, overrides: Record<string, ParameterValue>): Promise<Run> => replayTrace(trace, resolveRequest(heap, profile, overrides), quietJob)
const addresses = ({ lifetimes }: Run): number[] => Array.from({ length: lifetimes.length }, (_, row) => lifetimes.address.at(row))

/** Blocks of many sizes, each freed by the thread that took it. */
function traceOf({ threads, sites }: { readonly threads: number; readonly sites: number }): Trace {
  const trace = new Trace({ file: 'several', format: 'test', partial: false, notes: [] }, { thread: threads > 0, site: sites > 0 })
  for (let i = 0; i < 600; i++) {
    const object = i < 300 ? i : i - 300
    trace.op.push(i < 300 ? Op.Alloc : Op.Free)
    trace.object.push(object)
    trace.size.push(i < 300 ? 20 + ((object * 37) % 500) : 0)
    if (threads > 0) trace.thread!.push(object % threads)
    if (sites > 0) trace.site!.push(object % sites)
  }
  trace.objects = 300
  return trace
}
