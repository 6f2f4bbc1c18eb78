import { watch } from 'vue'
import type { DocumentId, RunDocument, RunFigures } from '../../shared/ipc/engine-api'
import { useLatestRequest, type AskOptions, type LatestRequest } from './latest-request'

/**
 * Adds up what a large run did not tell when it was opened, as soon as `when` says so. Given up with the view that wants it; `ask`
 * also gives the figures to the run's summary.
 */
export function useRunFigures(run: () => RunDocument | null, when: () => boolean, ask: (id: DocumentId, options: AskOptions) => Promise<RunFigures>): LatestRequest<DocumentId, RunFigures> {
  const request = useLatestRequest<DocumentId, RunFigures>(ask)
  watch(() => (when() && run()?.metrics === null ? run()!.id : null), (id) => {
    if (id !== null) request.ask(id)
  }, { immediate: true })
  return request
}
