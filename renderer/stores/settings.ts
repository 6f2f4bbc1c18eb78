import { defineStore } from 'pinia'
import { ref } from 'vue'
import { type AppFacts, type Contrast, type KeyChoices, MOST_FILTERS, type Theme } from '../../shared/ipc/host-api'
import { host } from '../client/host-client'
import { chooseKeys, keyChoices } from './commands'

const LAYOUT_DELAY_MS = 500

export const useSettings = defineStore('settings', () => {
  const theme = ref<Theme>('system')
  const contrast = ref<Contrast>('system')
  const tourSeen = ref(false)
  const askBeforeClosing = ref(true)
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
    contrast.value = settings.contrast
    tourSeen.value = settings.tourSeen
    askBeforeClosing.value = settings.askBeforeClosing
    chooseKeys(settings.keys)
  }

  async function setTheme(next: Theme): Promise<void> {
    theme.value = next
    await host.changeSettings({ theme: next })
  }

  async function setContrast(next: Contrast): Promise<void> {
    contrast.value = next
    await host.changeSettings({ contrast: next })
  }

  async function setAskBeforeClosing(next: boolean): Promise<void> {
    askBeforeClosing.value = next
    await host.changeSettings({ askBeforeClosing: next })
  }

  /** Undefined: the command's own keys again. */
  async function setKeys(changes: Readonly<Record<string, readonly string[] | undefined>>): Promise<void> {
    const next: KeyChoices = Object.fromEntries(Object.entries({ ...keyChoices.value, ...changes }).flatMap(([id, keys]) => (keys === undefined ? [] : [[id, [...keys]]])))
    chooseKeys(next)
    await host.changeSettings({ keys: next })
  }

  async function setTourSeen(): Promise<void> {
    if (tourSeen.value) return
    tourSeen.value = true
    await host.changeSettings({ tourSeen: true })
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

  return { theme, contrast, layout, filters, facts, tourSeen, askBeforeClosing, load, setTheme, setContrast, setAskBeforeClosing, setKeys, setTourSeen, saveLayout, saveFilter, forgetFilter }
})
