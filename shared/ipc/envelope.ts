import type { Progress } from '../base/job-context'
import type { Failure } from '../base/errors'
import type { AnswerPart } from './answer-parts'

/** Window to engine. */
export type ToEngine =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number }

/**
 * Engine to window. Every request gets exactly one answer; progress may come before it, and the value of an answer larger than
 * a message may be, in parts.
 */
export type FromEngine =
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown; readonly inParts?: never }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: Failure }
  /** The parts that came before are the value. */
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly inParts: true }
  | { readonly type: 'part'; readonly id: number; readonly part: AnswerPart }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
