import { defineStore } from 'pinia'
import { computed, reactive, type WritableComputedRef } from 'vue'
import type { DocumentId } from '../../shared/ipc/engine-api'
import { engine } from '../client/engine-client'

/** Runs whose reasons the engine knows by now. A new engine knows none, and gives its documents the same ids again. */
const useExplainedRuns = defineStore('explained', () => {
  const runs = reactive(new Set<DocumentId>())
  engine.onRestart(() => runs.clear())
  return { runs }
})

/** Whether the blocks of a run have the column `why`; the same for every tab that shows it. */
export function useExplained(documentId: DocumentId): WritableComputedRef<boolean> {
  const { runs } = useExplainedRuns()
  return computed({
    get: () => runs.has(documentId),
    set: (isExplained) => void (isExplained ? runs.add(documentId) : runs.delete(documentId)),
  })
}
