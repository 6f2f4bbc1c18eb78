import { watch } from 'vue'
import { useSettings } from '../stores/settings'

/** Keeps `data-theme` of the page at the chosen theme; `system` follows the desktop while it changes. */
export function applyTheme(): void {
  const settings = useSettings()
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const apply = (): void => {
    const theme = settings.theme === 'system' ? (dark.matches ? 'dark' : 'light') : settings.theme
    document.documentElement.dataset['theme'] = theme
  }
  dark.addEventListener('change', apply)
  watch(() => settings.theme, apply, { immediate: true })
}
