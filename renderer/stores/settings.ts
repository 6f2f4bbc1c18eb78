import { defineStore } from 'pinia'
import { ref } from 'vue'
import { type AppFacts, MOST_FILTERS, type Theme } from '../../shared/ipc/host-api'
import { host } from '../client/host-client'

const LAYOUT_DELAY_MS = 500

export const useSettings = defineStore('settings', () => {
  const theme = ref<Theme>('system')
  const layout = ref('')
  const filters = ref<readonly string[]>([])
  const facts = ref<AppFacts | null>(null)
  let layoutTimer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    const [settings, appFacts] = await Promise.all([host.settings(), host.appFacts()])
    facts.value = appFacts
    layout.value = settings.layout
    filters.value = settings.filters
    theme.value = settings.theme
  }

  async function setTheme(next: Theme): Promise<void> {
    theme.value = next
    await host.changeSettings({ theme: next })
  }

  /** Saves soon; only the last of several changes in a row is written. */
  function saveLayout(text: string): void {
    if (text === layout.value) return
    layout.value = text
    clearTimeout(layoutTimer)
    layoutTimer = setTimeout(() => void host.changeSettings({ layout: text }), LAYOUT_DELAY_MS)
  }

  async function setFilters(next: readonly string[]): Promise<void> {
    filters.value = next
    await host.changeSettings({ filters: [...next] })
  }
  const saveFilter = (text: string): Promise<void> => setFilters([text, ...filters.value.filter((other) => other !== text)].slice(0, MOST_FILTERS))
  const forgetFilter = (text: string): Promise<void> => setFilters(filters.value.filter((other) => other !== text))

  return { theme, layout, filters, facts, load, setTheme, saveLayout, saveFilter, forgetFilter }
})
