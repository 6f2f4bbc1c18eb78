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
function readPalette(element: Element): Palette {
  const view = element.ownerDocument.defaultView ?? window
  const style = view.getComputedStyle(element)
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
  /** Call when the element was put into a document. */
  attach(element: Element): void
}

interface PagePalette {
  palette: Palette
  readonly listeners: Set<(palette: Palette) => void>
  readonly stop: () => void
}
const pages = new WeakMap<Document, PagePalette>()

/**
 * The palette of a page, read once for all its pictures: the variables stand at the root, and each reading makes the browser
 * bring all styles up to date. Calls back when it has changed.
 */
function listenToPalette(document: Document, listener: (palette: Palette) => void): () => void {
  const page = pages.get(document) ?? watchedPage(document)
  // A page without its style sheet yet has no colours; the next picture looks again.
  if (page.palette.background === '') page.palette = readPalette(document.documentElement)
  page.listeners.add(listener)
  listener(page.palette)
  return () => {
    page.listeners.delete(listener)
    if (page.listeners.size > 0) return
    page.stop()
    pages.delete(document)
  }
}

function watchedPage(document: Document): PagePalette {
  const listeners = new Set<(palette: Palette) => void>()
  const changed = (): void => {
    page.palette = readPalette(document.documentElement)
    for (const listener of [...listeners]) listener(page.palette)
  }
  const page: PagePalette = { palette: readPalette(document.documentElement), listeners, stop: watchTheme(document, changed) }
  pages.set(document, page)
  return page
}

/** The palette at an element that may move between windows. */
export function useElementPalette(): ElementPalette {
  const palette = shallowRef<Palette | null>(null)
  let stop: (() => void) | null = null
  onScopeDispose(() => stop?.())
  function attach(element: Element): void {
    stop?.()
    stop = listenToPalette(element.ownerDocument, (read) => (palette.value = read))
  }
  return { palette, attach }
}
