import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { Palette } from './palette'

/* Reads the theme's CSS variables as they hold at an element, and again whenever the theme changes. */

/** CSS variable of each CellState's colour. */
export const STATE_VARIABLES = ['--heap-gap', '--heap-busy', '--heap-internal', '--heap-pinned', '--heap-releasable', '--heap-cached', '--heap-uncommitted'] as const

const MARK_VARIABLES = ['--mark-0', '--mark-1', '--mark-2', '--mark-3', '--mark-4', '--mark-5'] as const

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `--${name}-${i}`)
/** CSS variables of the colourings of maps. */
export const SET_VARIABLES = numbered('set', 11)
export const SCALE_VARIABLES = numbered('scale', 9)
export const CHANGE_VARIABLES = numbered('change', 4)

/** Variables may hold any CSS colour; a canvas turns each into `#rrggbb` or `rgba(...)`. */
export function readPalette(element: Element): Palette {
  const view = element.ownerDocument.defaultView ?? window
  // A document behind another tab is out of the page, where no variable holds.
  const style = view.getComputedStyle(element.isConnected ? element : element.ownerDocument.documentElement)
  const context = element.ownerDocument.createElement('canvas').getContext('2d')
  const color = (name: string): string => {
    const value = style.getPropertyValue(name).trim()
    if (context === null || value === '') return value
    context.fillStyle = value
    return String(context.fillStyle)
  }
  return {
    background: color('--bg'),
    panel: color('--panel'),
    raised: color('--raise'),
    line: color('--line'),
    text: color('--text'),
    dim: color('--dim'),
    faint: color('--faint'),
    accent: color('--accent'),
    bad: color('--bad'),
    good: color('--good'),
    states: STATE_VARIABLES.map(color),
    changed: color('--heap-changed'),
    set: SET_VARIABLES.map(color),
    scale: SCALE_VARIABLES.map(color),
    change: CHANGE_VARIABLES.map(color),
    marks: MARK_VARIABLES.map(color),
    uiFont: style.getPropertyValue('--font').trim() || 'sans-serif',
    monoFont: style.getPropertyValue('--mono').trim() || 'monospace',
  }
}

const CLEAR = /^(transparent|rgba\(0, 0, 0, 0\))$/

/** Colour an element lies on: its own background or that of the nearest element around it that has one. */
export function groundOf(element: Element, otherwise: string): string {
  const view = element.ownerDocument.defaultView ?? window
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const color = view.getComputedStyle(at).backgroundColor
    if (color !== '' && !CLEAR.test(color)) return color
  }
  return otherwise
}

/** Calls back when the theme of `document` may have changed. Returns a function that stops. */
export function watchTheme(document: Document, changed: () => void): () => void {
  const view = document.defaultView ?? window
  const observer = new view.MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true })
  const dark = view.matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    dark.removeEventListener('change', changed)
  }
}

export interface ElementPalette {
  readonly palette: Readonly<ShallowRef<Palette | null>>
  /** Reads again; call when the element was put into a document. */
  attach(element: Element): void
}

/** The palette at an element that may move between windows. */
export function useElementPalette(): ElementPalette {
  const palette = shallowRef<Palette | null>(null)
  let stop: (() => void) | null = null
  let watched: Document | null = null
  onScopeDispose(() => stop?.())
  function attach(element: Element): void {
    if (watched !== element.ownerDocument) {
      stop?.()
      watched = element.ownerDocument
      stop = watchTheme(watched, () => (palette.value = readPalette(element)))
    }
    palette.value = readPalette(element)
  }
  return { palette, attach }
}
