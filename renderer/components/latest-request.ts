import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { Progress } from '../../shared/base/job-context'

/*
 * Asking for what a view shows now, when "now" changes faster than answers come (scrubbing, panning):
 *
 *   ask 1 ──────────> answer 1 shown
 *      ask 2, ask 3 wait        ask 3 ──────> answer 3 shown       (2 is never asked)
 *
 * At most one request is under way. While it is quick, newer wishes wait for it, so that the picture follows the
 * hand; once it has lasted PATIENCE_MS it is cancelled for the newer one. The last answer stays until the next comes.
 */
export interface AskOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export interface LatestRequest<P, A> {
  readonly answer: Readonly<ShallowRef<A | null>>
  /** What `answer` answers. */
  readonly answered: Readonly<ShallowRef<P | null>>
  readonly error: Readonly<ShallowRef<unknown>>
  readonly pending: Readonly<Ref<boolean>>
  /** Pending for longer than SLOW_MS: time for a progress bar. */
  readonly slow: Readonly<Ref<boolean>>
  readonly progress: Readonly<ShallowRef<Progress | null>>
  ask(params: P): void
  /** Drops what is under way and what waits. */
  cancel(): void
}

export const PATIENCE_MS = 150
export const SLOW_MS = 300

interface Flight<P> {
  readonly params: P
  readonly startedAt: number
  readonly controller: AbortController
}

export function useLatestRequest<P, A>(request: (params: P, options: AskOptions) => Promise<A>): LatestRequest<P, A> {
  const answer = shallowRef<A | null>(null)
  const answered = shallowRef<P | null>(null)
  const error = shallowRef<unknown>(null)
  const pending = ref(false)
  const slow = ref(false)
  const progress = shallowRef<Progress | null>(null)
  let flight: Flight<P> | null = null
  let waiting: { params: P } | null = null
  let patienceTimer: ReturnType<typeof setTimeout> | undefined
  let slowTimer: ReturnType<typeof setTimeout> | undefined

  function start(params: P): void {
    waiting = null
    clearTimeout(patienceTimer)
    const own: Flight<P> = { params, startedAt: performance.now(), controller: new AbortController() }
    flight = own
    if (!pending.value) slowTimer = setTimeout(() => (slow.value = true), SLOW_MS)
    pending.value = true
    const options: AskOptions = { signal: own.controller.signal, onProgress: (step) => void (flight === own && (progress.value = step)) }
    request(params, options).then(
      (result) => finish(own, () => {
        answer.value = result
        answered.value = params
        error.value = null
      }),
      (failure: unknown) => finish(own, () => (error.value = failure)),
    )
  }

  function finish(own: Flight<P>, accept: () => void): void {
    if (flight !== own) return
    flight = null
    accept()
    if (waiting !== null) start(waiting.params)
    else settle()
  }

  function settle(): void {
    clearTimeout(slowTimer)
    clearTimeout(patienceTimer)
    pending.value = slow.value = false
    progress.value = null
  }

  function abandon(): void {
    const old = flight
    flight = null
    old?.controller.abort()
  }

  function ask(params: P): void {
    if (flight === null) return start(params)
    waiting = { params }
    clearTimeout(patienceTimer)
    patienceTimer = setTimeout(() => {
      if (waiting === null) return
      const { params: wish } = waiting
      abandon()
      start(wish)
    }, Math.max(0, PATIENCE_MS - (performance.now() - flight.startedAt)))
  }

  function cancel(): void {
    waiting = null
    abandon()
    settle()
  }

  onScopeDispose(cancel)
  return { answer, answered, error, pending, slow, progress, ask, cancel }
}
