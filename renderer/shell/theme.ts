import { watch } from 'vue'
import { useSettings } from '../stores/settings'

/** Keeps `data-theme` and `data-contrast` of the page at what was chosen; `system` follows the desktop while it changes. */
export function applyTheme(): void {
  const settings = useSettings()
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const more = window.matchMedia('(prefers-contrast: more)')
  const apply = (): void => {
    const { dataset } = document.documentElement
    dataset['theme'] = settings.theme === 'system' ? (dark.matches ? 'dark' : 'light') : settings.theme
    dataset['contrast'] = settings.contrast === 'more' || more.matches ? 'more' : 'normal'
  }
  dark.addEventListener('change', apply)
  more.addEventListener('change', apply)
  watch(() => [settings.theme, settings.contrast], apply, { immediate: true })
}
