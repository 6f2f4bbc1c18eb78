import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Failure } from '../../shared/base/errors'

export type DialogName = 'palette' | 'shortcuts' | 'about' | 'compare' | 'console' | 'version' | 'readings' | 'part' | 'saveShown' | 'viewText'

/** Which dialog is open, and what a command had to report. */
export const useDialogs = defineStore('dialogs', () => {
  const open = ref<DialogName | null>(null)
  /** Takes the text of a view, and answers what is wrong with it. */
  const viewText = shallowRef<((text: string) => string | null) | null>(null)
  const notice = shallowRef<{ readonly title: string; readonly failure: Failure } | null>(null)

  return {
    open,
    notice,
    viewText,
    askViewText: (show: (text: string) => string | null) => {
      viewText.value = show
      open.value = 'viewText'
    },
    show: (name: DialogName) => void (open.value = name),
    close: () => void (open.value = null),
    report: (title: string, failure: Failure) => void (notice.value = { title, failure }),
    dismiss: () => void (notice.value = null),
  }
})
