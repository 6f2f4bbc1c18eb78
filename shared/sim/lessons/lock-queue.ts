import { HeapscapeError } from '../../base/errors'
import type { Comparison } from '../console/syntax'

/*
 * Threads that call a heap again and again, in exact microseconds:
 *
 *   thread 0  [inside][outside]      [inside][outside]
 *   thread 1          [inside][outside]      [inside]     waits while another is inside, first come, first served
 *
 *   threads 4 shared           one heap with its lock;   own: a heap for each thread;   unserialised: one heap, no lock
 *   assert wait = 2
 */
export interface LockQueueResult {
  /** Operations per microsecond in the steady state. */
  readonly throughput: number
  /** Mean microseconds an operation waits for the lock in the steady state. */
  readonly wait: number
  /** Number of the first call that overlapped another one in the heap without a lock, from 1; 0 = none. */
  readonly race: number
  readonly heaps: number
  /** Calls carried out, warm-up included. */
  readonly operations: number
}

type Sharing = 'shared' | 'own' | 'unserialised'

const INSIDE_US = 1
const OUTSIDE_US = 1
/** Rounds of all threads before measuring begins, and measured ones. */
const WARM_UP_ROUNDS = 16
const ROUNDS = 128

export interface ThreadCommand {
  readonly line: number
  readonly text: string
  readonly run: { readonly threads: number; readonly sharing: Sharing } | null
  readonly assert: { readonly measure: keyof LockQueueResult; readonly comparison: Comparison; readonly expected: number } | null
}

/** @throws HeapscapeError `format-malformed` with the line */
export function parseThreadScript(script: string): ThreadCommand[] {
  return script.split(/\r?\n/).flatMap((full, index): ThreadCommand[] => {
    const text = full.replace(/#.*/, '').trim()
    const line = index + 1
    if (text === '') return []
    const run = /^threads ([1-9]\d{0,2}) (shared|own|unserialised)$/.exec(text)
    if (run !== null) return [{ line, text, run: { threads: Number(run[1]), sharing: run[2] as Sharing }, assert: null }]
    const assert = /^assert (throughput|wait|race|heaps) (=|<|>) ([\d.]+)$/.exec(text)
    if (assert === null) throw new HeapscapeError('format-malformed', { expected: 'threads COUNT shared|own|unserialised, or assert', got: `"${text}"` }, { line })
    return [{ line, text, run: null, assert: { measure: assert[1] as keyof LockQueueResult, comparison: assert[2] as Comparison, expected: Number(assert[3]) } }]
  })
}

export function simulateThreads(threads: number, sharing: Sharing): LockQueueResult {
  const locks = sharing === 'own' ? threads : 1
  /** Time each thread wants its heap next, and time each lock is free. */
  const wants = new Float64Array(threads)
  const freeAt = new Float64Array(locks)
  const [warmUp, operations] = [WARM_UP_ROUNDS * threads, ROUNDS * threads]
  let [race, waited, from, to] = [0, 0, 0, 0]
  for (let call = 1; call <= warmUp + operations; call++) {
    const thread = earliest(wants)
    const lock = sharing === 'own' ? thread : 0
    const wanted = wants[thread]!
    const overlaps = freeAt[lock]! > wanted
    if (overlaps && sharing === 'unserialised' && race === 0) race = call
    const begins = sharing === 'unserialised' ? wanted : Math.max(wanted, freeAt[lock]!)
    freeAt[lock] = Math.max(freeAt[lock]!, begins + INSIDE_US)
    wants[thread] = begins + INSIDE_US + OUTSIDE_US
    if (call === warmUp) from = begins
    if (call > warmUp) waited += begins - wanted
    to = begins
  }
  return { throughput: operations / (to - from), wait: waited / operations, race, heaps: locks, operations: warmUp + operations }
}

/** First come, first served; the lower number on ties. */
function earliest(wants: Float64Array): number {
  let first = 0
  for (let thread = 1; thread < wants.length; thread++) if (wants[thread]! < wants[first]!) first = thread
  return first
}
