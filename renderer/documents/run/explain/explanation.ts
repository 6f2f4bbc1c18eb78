import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Address, EventNumber } from '../../../../shared/base/units'
import type { Explanation } from '../../../../shared/ipc/explain-api'
import { engine } from '../../../client/engine-client'
import { failureOf, isCancelled } from '../../../client/failure'
import { useLatestRequest, type LatestRequest } from '../../../components/latest-request'
import type { RunSession } from '../run-session'

interface Wish {
  readonly event: EventNumber
  readonly address: Address | null
}

/** Why the selected block lies where it does and why the heap last changed its memory; nothing is asked until it is wanted. */
export interface ExplanationState {
  readonly isWanted: Ref<boolean>
  readonly request: LatestRequest<Wish, Explanation>
  /** Of the moment shown; null until it has come. */
  readonly shown: ComputedRef<Explanation | null>
  readonly failure: ComputedRef<string | null>
  start(): void
  stop(): void
}

export function useExplanation(session: RunSession): ExplanationState {
  const isWanted = ref(false)
  const request = useLatestRequest<Wish, Explanation>((wish, options) => engine.request('explain', { documentId: session.documentId, ...wish }, options))
  const wish = computed<Wish | null>(() => {
    const event = session.shownEvent.value
    return isWanted.value && typeof event === 'number' ? { event, address: session.actions.view.selectedAddress } : null
  })
  watch(request.answer, (answer) => answer !== null && (session.isExplained.value = true))
  watch(wish, (now) => now !== null && request.ask(now))
  const failure = computed(() => {
    const error = request.error.value
    return error === null || isCancelled(error) ? null : failureOf(error).text
  })
  const shown = computed(() => (isWanted.value && failure.value === null ? request.answer.value : null))
  const stop = (): void => {
    isWanted.value = false
    request.cancel()
  }
  const start = (): void => {
    // A second wish after a failure asks again: the trace may have been opened meanwhile.
    if (isWanted.value && wish.value !== null) request.ask(wish.value)
    isWanted.value = true
  }
  return { isWanted, request, shown, failure, start, stop }
}
