import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useSettings } from './settings'

/** The tour of the window: which step is shown, null for none. */
export const useTour = defineStore('tour', () => {
  const step = ref<number | null>(null)

  function end(): void {
    step.value = null
    void useSettings().setTourSeen()
  }

  return {
    step,
    start: () => void (step.value = 0),
    go: (to: number) => void (step.value = to),
    end,
  }
})
