import type { Progress } from '../base/job-context'
import type { Failure } from '../base/errors'

/** Window to engine. */
export type ToEngine =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number }

/** Engine to window. Every request gets exactly one answer; progress may come before it. */
export type FromEngine =
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: Failure }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
