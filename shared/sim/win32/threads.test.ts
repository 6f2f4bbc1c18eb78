import { describe, expect, it } from 'vitest'
import { HeapFlag } from './constants'
import { SimulatedProcess } from './simulated-process'
import { runThreads, type ThreadCall, type ThreadProgram } from './threads'

const TIMES = { insideUs: 1, outsideUs: 1 }
const repeated = (heap: number, calls: number, flags = 0): ThreadCall[] => Array.from({ length: calls }, () => ({ name: 'HeapAlloc', args: [heap, flags, 16] }))
const named = (programs: readonly ThreadCall[][]): ThreadProgram[] => programs.map((calls, i) => ({ name: `thread ${i}`, calls }))

describe('serialised heaps', () => {
  it.each([[1, 0.5, 0], [2, 1, 0], [4, 1, 2], [8, 1, 6]])('K54 K85 lets %i threads on one heap make %f calls a microsecond, each waiting %f', (threads, rate, wait) => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    const report = runThreads(process, named(Array.from({ length: threads }, () => repeated(heap, 200))), TIMES)
    expect([report.steadyCallsPerUs, report.steadyWaitUs]).toEqual([rate, wait])
    expect(report.raceCount).toBe(0)
    expect(process.heaps()[1]!.busyBlocks).toBe(200 * threads)
    expect(report.heaps).toEqual([{ heap, calls: 200 * threads, contended: report.heaps[0]!.contended, waitUs: report.threads.reduce((sum, thread) => sum + thread.waitUs, 0), insideUs: 200 * threads }])
  })

  it.each([[1, 0.5], [2, 1], [4, 2], [8, 4]])('lets %i threads with a heap each make %f calls a microsecond, none waiting', (threads, rate) => {
    const process = new SimulatedProcess()
    const programs = Array.from({ length: threads }, () => repeated(process.heapCreate(0, 0, 0), 200))
    const report = runThreads(process, named(programs), TIMES)
    expect([report.steadyCallsPerUs, report.steadyWaitUs, report.raceCount]).toEqual([rate, 0, 0])
    // The price: a partly used page per heap.
    expect(process.heaps().length).toBe(threads + 1)
  })
})

describe('heaps without serialisation', () => {
  it('reports a race at the first overlapping call, whoever asked for none', () => {
    for (const [created, called] of [[HeapFlag.HEAP_NO_SERIALIZE, 0], [0, HeapFlag.HEAP_NO_SERIALIZE]] as const) {
      const process = new SimulatedProcess()
      const heap = process.heapCreate(created, 0, 0)
      const report = runThreads(process, named([repeated(heap, 5, called), repeated(heap, 5)]), TIMES)
      expect(report.races[0]).toEqual({ heap, atUs: 0, first: { thread: 'thread 0', call: 'HeapAlloc' }, second: { thread: 'thread 1', call: 'HeapAlloc' } })
      expect(process.heapValidate(heap, 0)).toBe(1)
    }
  })

  it('reports none when only one thread uses the heap', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(HeapFlag.HEAP_NO_SERIALIZE, 0, 0)
    const other = process.heapCreate(HeapFlag.HEAP_NO_SERIALIZE, 0, 0)
    expect(runThreads(process, named([repeated(heap, 50), repeated(other, 50)]), TIMES).raceCount).toBe(0)
  })
})

describe('HeapLock', () => {
  it('keeps other threads out until HeapUnlock', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    const holder: ThreadCall[] = [{ name: 'HeapLock', args: [heap] }, ...repeated(heap, 3), { name: 'HeapUnlock', args: [heap] }]
    const report = runThreads(process, named([holder, repeated(heap, 1)]), TIMES)
    // Lock, three allocations and unlock: five calls with four pauses, 9 microseconds.
    expect(report.threads[1]).toMatchObject({ calls: 1, contended: 1, waitUs: 9, stuckAt: 0 })
  })

  it('leaves threads waiting for a heap nobody unlocks', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    const report = runThreads(process, named([[{ name: 'HeapLock', args: [heap] }], repeated(heap, 1)]), TIMES)
    expect(report.threads.map((thread) => thread.stuckAt)).toEqual([0, heap])
  })
})

it('hands results on within a thread', () => {
  const process = new SimulatedProcess()
  const calls: ThreadCall[] = [{ name: 'malloc', args: [10] }, { name: 'free', args: [{ resultOf: 0 }] }, { name: 'malloc', args: [10] }]
  runThreads(process, named([calls]), TIMES)
  expect(process.heaps()[0]!.busyBlocks).toBe(1)
  expect(process.thread).toBe(0)
})
