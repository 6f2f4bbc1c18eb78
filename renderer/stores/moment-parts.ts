import { computed, type ComputedRef } from 'vue'
import { failureOf } from '../client/failure'
import { useDialogs } from './dialogs'
import { useSettings } from './settings'

/** What every session of a moment takes from the window: filters kept for any document, and where failures are told. */
export function useMomentParts(): {
  readonly savedFilters: ComputedRef<{ readonly list: readonly string[]; save(text: string): unknown; forget(text: string): unknown }>
  readonly report: (title: string, error: unknown) => void
} {
  const settings = useSettings()
  const dialogs = useDialogs()
  return {
    savedFilters: computed(() => ({ list: settings.filters, save: settings.saveFilter, forget: settings.forgetFilter })),
    report: (title, error) => dialogs.report(title, failureOf(error)),
  }
}
