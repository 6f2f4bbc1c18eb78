import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { Moment, MomentMeasures } from '../../shared/ipc/engine-api'
import { useLatestRequest, type AskOptions, type LatestRequest } from './latest-request'

/** Sums over all blocks of the moment shown. */
export interface ShownMeasures {
  /** Of the moment shown; null until they have come. */
  readonly measures: ComputedRef<MomentMeasures | null>
  /** Those, or of the moment before until they have come. */
  readonly lastMeasures: ComputedRef<MomentMeasures | null>
  /** Under way only for moments that do not bring them along. */
  readonly measuring: Pick<LatestRequest<unknown, MomentMeasures>, 'error' | 'slow' | 'progress'>
}

/** They come with the moment, or are asked for once `when` says so: what is seen first is not to wait for them. */
export function useMeasures<P>(moment: Pick<LatestRequest<P, Moment>, 'answer' | 'answered'>, request: (of: P, options: AskOptions) => Promise<MomentMeasures>, when: () => boolean): ShownMeasures {
  const measuring = useLatestRequest<{ readonly of: P; readonly moment: Moment }, MomentMeasures>(({ of }, options) => request(of, options))
  watch([moment.answer, when], ([shown, isTime]) => {
    if (shown !== null && shown.measures === null && isTime) measuring.ask({ of: moment.answered.value as P, moment: shown })
    else measuring.cancel()
  }, { immediate: true })
  const measures = computed(() => {
    const shown = moment.answer.value
    return shown === null ? null : (shown.measures ?? (measuring.answered.value?.moment === shown ? measuring.answer.value : null))
  })
  const last = shallowRef<MomentMeasures | null>(null)
  watch(measures, (now) => {
    if (now !== null) last.value = now
  }, { immediate: true, flush: 'sync' })
  return { measures, lastMeasures: computed(() => measures.value ?? last.value), measuring }
}
