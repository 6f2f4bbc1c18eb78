import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Failure } from '../../shared/base/errors'

export type DialogName = 'palette' | 'shortcuts' | 'about' | 'compare' | 'console' | 'readings' | 'part' | 'saveShown'

/** Which dialog is open, and what a command had to report. */
export const useDialogs = defineStore('dialogs', () => {
  const open = ref<DialogName | null>(null)
  const notice = shallowRef<{ readonly title: string; readonly failure: Failure } | null>(null)

  return {
    open,
    notice,
    show: (name: DialogName) => void (open.value = name),
    close: () => void (open.value = null),
    report: (title: string, failure: Failure) => void (notice.value = { title, failure }),
    dismiss: () => void (notice.value = null),
  }
})
