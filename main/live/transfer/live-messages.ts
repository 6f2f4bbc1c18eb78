import type { Failure } from '../../../shared/base/errors'
import type { Progress } from '../../../shared/base/job-context'
import type { ProcessListing } from '../../../shared/model/live-capture'
import type { CaptureRequest } from '../capture/capture-request'
import type { PackedCapture } from './pack-capture'

/*
 * What the engine and the process that captures tell each other, over a port that main makes for them.
 *
 *   engine --request--> live    live --progress, answer--> engine
 *   live --holding--> engine --hold-known--> live: only then is a program stopped, so that the engine can have it let go on
 *                                                  by the next process should this one crash
 */
export interface LiveCalls {
  list: [Record<string, never>, ProcessListing]
  /** Kept bytes are written to `bytesPath`. */
  capture: [{ readonly request: CaptureRequest; readonly bytesPath: string | null }, PackedCapture]
  dump: [{ readonly pid: number; readonly startedAt: string; readonly path: string }, null]
  /** Lets a program go on that a process which is no more held up. */
  resume: [HeldTarget, null]
}
export type LiveCall = keyof LiveCalls

export interface HeldTarget {
  readonly pid: number
  readonly startedAt: string
}

export type ToLiveProcess =
  | { readonly type: 'request'; readonly id: number; readonly method: LiveCall; readonly params: LiveCalls[LiveCall][0] }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'hold-known' }

export type FromLiveProcess =
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: Failure }
  | { readonly type: 'holding'; readonly target: HeldTarget }
  | { readonly type: 'released' }
