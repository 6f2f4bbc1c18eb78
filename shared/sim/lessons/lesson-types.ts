import type { AssertResult } from '../console/console-types'
import type { KathReading } from '../profiles/kath-behaviours'
import type { ProcessOptions } from '../win32/process-types'

/** A place where a lesson waits: what to look at there. */
export interface StopPoint {
  /** 1-based line of the part's script after which it stops. */
  readonly line: number
  readonly lookAt: string
}

/** One script of a lesson, in a machine of its own. */
export interface LessonPartText {
  readonly title: string
  /** `heap`: a heap manager (heap-script.ts). `console`: a simulated process (console/syntax.ts). `threads`: a queue at a lock (lock-queue.ts). */
  readonly machine: 'heap' | 'console' | 'threads'
  readonly script: string
  /** Of the simulated process, for `console`. */
  readonly options?: ProcessOptions
  readonly stops: readonly StopPoint[]
}

export interface LessonText {
  /** Number in the list, from 1. */
  readonly number: number
  /** Short name for the command line, for instance `enough-free`. */
  readonly id: string
  readonly title: string
  /** The idea in a few words. */
  readonly idea: string
  /** Paragraphs. */
  readonly text: readonly string[]
  readonly parts: readonly LessonPartText[]
  /** Where its source contradicts itself or is silent, and what is taken here. */
  readonly readings?: readonly KathReading[]
  readonly source: string
}

export interface LessonPartResult {
  readonly title: string
  readonly operations: number
  readonly asserts: readonly AssertResult[]
}

export interface LessonResult {
  readonly number: number
  readonly id: string
  readonly title: string
  readonly operations: number
  readonly ok: boolean
  readonly parts: readonly LessonPartResult[]
}
