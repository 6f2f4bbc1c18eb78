import { ref, watch, type Ref } from 'vue'
import type { Moment } from '../../../shared/ipc/engine-api'
import { isCancelled } from '../../client/failure'
import type { FullMapSource } from '../../components/heap-map/map-source'
import type { LatestRequest } from '../../components/latest-request'

/*
 * The map of a large run is seen as soon as it can be: what takes the engine long and is not needed for it (series, metrics,
 * measures) waits until the first cells have come.
 */
export interface FirstPicture {
  readonly isThere: Readonly<Ref<boolean>>
  readonly arrived: () => void
  /** Fulfils when it is there. */
  readonly whenThere: () => Promise<void>
}

/** `withoutMap`: nothing waits for the map. Nor does it where there is nothing to draw, or the moment cannot be had. */
export function useFirstPicture(withoutMap: () => boolean, moment: Pick<LatestRequest<unknown, Moment>, 'answer' | 'error'>): FirstPicture {
  const isThere = ref(false)
  let arrived = (): void => undefined
  const there = new Promise<void>((resolve) => (arrived = resolve))
  watch(() => isThere.value || withoutMap() || moment.answer.value?.segmentCount === 0 || (moment.error.value !== null && !isCancelled(moment.error.value)), (isReady) => {
    if (!isReady) return
    isThere.value = true
    arrived()
  }, { immediate: true })
  return { isThere, arrived: () => (isThere.value = true), whenThere: () => there }
}

/** The same source; `arrived` is told of each answer to a question for cells that was not given up. */
export function noticed(source: FullMapSource, arrived: () => void): FullMapSource {
  return {
    ...source,
    tile: async (...wish) => {
      try {
        const tile = await source.tile(...wish)
        arrived()
        return tile
      } catch (error) {
        if (!isCancelled(error)) arrived()
        throw error
      }
    },
  }
}
