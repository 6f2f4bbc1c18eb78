import { HeapscapeError } from '../../base/errors'
import type { Address } from '../../base/units'
import { findApiFunction } from './api-catalog'
import { HeapFlag } from './constants'
import { RaisedException } from './error-codes'
import type { ApiArgument } from './process-types'
import type { SimulatedProcess } from './simulated-process'

/** Result of an earlier call of the same thread, by its position. */
export interface ResultOf {
  readonly resultOf: number
}

export interface ThreadCall {
  readonly name: string
  readonly args: readonly (ApiArgument | ResultOf)[]
}

export interface ThreadProgram {
  readonly name: string
  readonly calls: readonly ThreadCall[]
}

export interface ThreadTimes {
  /** Time a call spends inside its heap. */
  readonly insideUs: number
  /** Time a thread works on between two calls. */
  readonly outsideUs: number
}

export interface ThreadTotals {
  readonly name: string
  readonly calls: number
  /** Calls that had to wait. */
  readonly contended: number
  readonly waitUs: number
  /** Heap the thread waits for in vain at the end, 0 when it came to its end. */
  readonly stuckAt: Address
}

export interface HeapContention {
  readonly heap: Address
  readonly calls: number
  readonly contended: number
  readonly waitUs: number
  /** Time calls were inside. */
  readonly insideUs: number
}

/** Two calls inside one heap at a time, at least one of them without serialisation: the heap would be damaged. */
export interface Race {
  readonly heap: Address
  readonly atUs: number
  readonly first: { readonly thread: string; readonly call: string }
  readonly second: { readonly thread: string; readonly call: string }
}

export interface ThreadReport {
  readonly elapsedUs: number
  readonly threads: readonly ThreadTotals[]
  readonly heaps: readonly HeapContention[]
  /** The first races; `raceCount` counts all. */
  readonly races: readonly Race[]
  readonly raceCount: number
  /** Over the middle half of the time, where starting and ending do not show: calls per microsecond, wait per call. */
  readonly steadyCallsPerUs: number
  readonly steadyWaitUs: number
}

const MOST_RACES = 100
const NOBODY = -1

interface ThreadState {
  readonly index: number
  readonly program: ThreadProgram
  readonly results: number[]
  readyUs: number
  contended: number
  waitUs: number
  /** Heap whose HeapUnlock it waits for, 0 when it waits for none. */
  blockedAt: Address
}

interface Visit {
  readonly thread: ThreadState
  readonly call: string
  readonly endUs: number
  readonly serialised: boolean
}

interface HeapState {
  readonly heap: Address
  freeUs: number
  /** Thread that holds it by HeapLock, and how often. */
  holder: number
  depth: number
  calls: number
  contended: number
  waitUs: number
  insideUs: number
  visits: Visit[]
}

/**
 * Carries out the programs of several threads in one process on one simulated clock. A call enters its heap alone, in
 * the order of arrival, and stays `insideUs`; then its thread works outside for `outsideUs`. Calls with
 * HEAP_NO_SERIALIZE enter at once, and an overlap is reported as a race. HeapLock keeps the heap until HeapUnlock.
 *
 * Deterministic: threads that are ready at the same time go in the order given.
 * @throws HeapscapeError `usage` as SimulatedProcess.call does
 */
export function runThreads(process: SimulatedProcess, programs: readonly ThreadProgram[], times: ThreadTimes): ThreadReport {
  return new ThreadRun(process, programs, times).finish()
}

class ThreadRun {
  readonly #process: SimulatedProcess
  readonly #times: ThreadTimes
  readonly #threads: ThreadState[]
  readonly #heaps = new Map<Address, HeapState>()
  readonly #starts: number[] = []
  readonly #waits: number[] = []
  readonly #races: Race[] = []
  #raceCount = 0
  #elapsedUs = 0

  constructor(process: SimulatedProcess, programs: readonly ThreadProgram[], times: ThreadTimes) {
    this.#process = process
    this.#times = times
    this.#threads = programs.map((program, index) => ({ index, program, results: [], readyUs: 0, contended: 0, waitUs: 0, blockedAt: 0 }))
    const before = process.thread
    for (let thread = this.#next(); thread !== undefined; thread = this.#next()) this.#step(thread)
    process.call('SwitchToThread', before)
  }

  finish(): ThreadReport {
    const [steadyCallsPerUs, steadyWaitUs] = this.#steady()
    return {
      elapsedUs: this.#elapsedUs,
      threads: this.#threads.map(({ program, results, contended, waitUs, blockedAt }) => ({ name: program.name, calls: results.length, contended, waitUs, stuckAt: blockedAt })),
      heaps: [...this.#heaps.values()].map(({ heap, calls, contended, waitUs, insideUs }) => ({ heap, calls, contended, waitUs, insideUs })),
      races: this.#races,
      raceCount: this.#raceCount,
      steadyCallsPerUs,
      steadyWaitUs,
    }
  }

  /** The thread that has been ready longest, of those that are not blocked and have calls left. */
  #next(): ThreadState | undefined {
    let chosen: ThreadState | undefined
    for (const thread of this.#threads) {
      if (thread.blockedAt !== 0 || thread.results.length === thread.program.calls.length) continue
      if (chosen === undefined || thread.readyUs < chosen.readyUs) chosen = thread
    }
    return chosen
  }

  #step(thread: ThreadState): void {
    const call = thread.program.calls[thread.results.length]!
    const args = call.args.map((arg) => (isReference(arg) ? (thread.results[arg.resultOf] ?? 0) : arg))
    const heap = this.#heapOf(call.name, args)
    const serialised = heap !== undefined && this.#isSerialised(heap, call.name, args)
    if (heap !== undefined && serialised && heap.holder !== NOBODY && heap.holder !== thread.index) {
      thread.blockedAt = heap.heap
      return
    }
    const startUs = serialised ? Math.max(thread.readyUs, heap!.freeUs) : thread.readyUs
    const endUs = startUs + this.#times.insideUs
    const waitUs = startUs - thread.readyUs
    const result = this.#carryOut(thread, call.name, args)
    if (heap !== undefined) this.#enter(heap, thread, call.name, startUs, endUs, waitUs, serialised)
    if (heap !== undefined && result !== 0) this.#follow(heap, thread, call.name, endUs)
    this.#starts.push(startUs)
    this.#waits.push(waitUs)
    thread.waitUs += waitUs
    if (waitUs > 0) thread.contended++
    thread.readyUs = endUs + this.#times.outsideUs
    this.#elapsedUs = Math.max(this.#elapsedUs, thread.readyUs)
  }

  #carryOut(thread: ThreadState, name: string, args: readonly ApiArgument[]): number {
    if (this.#process.thread !== thread.index) this.#process.call('SwitchToThread', thread.index)
    let result = 0
    try {
      result = this.#process.call(name, ...args)
    } catch (error) {
      if (!(error instanceof RaisedException)) throw error
    }
    thread.results.push(result)
    return result
  }

  #enter(heap: HeapState, thread: ThreadState, call: string, startUs: number, endUs: number, waitUs: number, serialised: boolean): void {
    heap.calls++
    heap.waitUs += waitUs
    heap.insideUs += endUs - startUs
    if (waitUs > 0) heap.contended++
    heap.visits = heap.visits.filter((visit) => visit.endUs > startUs)
    for (const visit of heap.visits) {
      if (visit.thread === thread || (visit.serialised && serialised)) continue
      this.#raceCount++
      if (this.#races.length >= MOST_RACES) continue
      const first = { thread: visit.thread.program.name, call: visit.call }
      this.#races.push({ heap: heap.heap, atUs: startUs, first, second: { thread: thread.program.name, call } })
    }
    heap.visits.push({ thread, call, endUs, serialised })
    if (serialised) heap.freeUs = Math.max(heap.freeUs, endUs)
  }

  /** HeapLock and HeapUnlock that succeeded, and the threads that wait for the heap. */
  #follow(heap: HeapState, thread: ThreadState, call: string, endUs: number): void {
    if (call === 'HeapLock') {
      heap.holder = thread.index
      heap.depth++
    }
    if (call === 'HeapDestroy') heap.depth = 0
    if (call === 'HeapUnlock') heap.depth--
    if ((call !== 'HeapUnlock' && call !== 'HeapDestroy') || heap.depth > 0) return
    heap.holder = NOBODY
    heap.freeUs = Math.max(heap.freeUs, endUs)
    for (const waiting of this.#threads) if (waiting.blockedAt === heap.heap) waiting.blockedAt = 0
  }

  /** The heap a call works in, undefined for calls that need none. */
  #heapOf(name: string, args: readonly ApiArgument[]): HeapState | undefined {
    const api = findApiFunction(name)
    if (api === undefined) throw new HeapscapeError('usage', { detail: `There is no call "${name}".` })
    const position = api.parameters.findIndex((parameter) => parameter.kind === 'heap')
    const usesDefault = api.group === 'global' || api.group === 'local' || api.group === 'C runtime'
    const handle = position >= 0 ? args[position] : usesDefault ? this.#process.defaultHeap : undefined
    if (typeof handle !== 'number') return undefined
    let state = this.#heaps.get(handle)
    if (state === undefined) {
      state = { heap: handle, freeUs: 0, holder: NOBODY, depth: 0, calls: 0, contended: 0, waitUs: 0, insideUs: 0, visits: [] }
      this.#heaps.set(handle, state)
    }
    return state
  }

  #isSerialised(heap: HeapState, name: string, args: readonly ApiArgument[]): boolean {
    const own = this.#process.heapFlags(heap.heap)
    const position = findApiFunction(name)!.parameters.findIndex((parameter) => parameter.set === 'HeapFlag')
    const flags = position >= 0 ? args[position] : 0
    return ((own | (typeof flags === 'number' ? flags : 0)) & HeapFlag.HEAP_NO_SERIALIZE) === 0
  }

  #steady(): [callsPerUs: number, waitUs: number] {
    let from = Infinity
    let to = -Infinity
    for (const start of this.#starts) {
      if (start >= this.#elapsedUs / 4) from = Math.min(from, start)
      if (start <= (this.#elapsedUs * 3) / 4) to = Math.max(to, start)
    }
    let calls = 0
    let wait = 0
    for (const [i, start] of this.#starts.entries()) {
      if (start < from || start >= to) continue
      calls++
      wait += this.#waits[i]!
    }
    return calls === 0 ? [0, 0] : [calls / (to - from), wait / calls]
  }
}

const isReference = (arg: ApiArgument | ResultOf): arg is ResultOf => typeof arg === 'object' && !(arg instanceof Uint8Array)
