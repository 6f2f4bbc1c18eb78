// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import CanvasView from './CanvasView.vue'

afterEach(() => vi.unstubAllGlobals())

test('other pixels of the screen are told although the size is the same, and each time again', () => {
  const asked: { readonly query: string; change: () => void; isHeard: boolean }[] = []
  vi.stubGlobal('ResizeObserver', undefined)
  vi.stubGlobal('devicePixelRatio', 1)
  vi.stubGlobal('matchMedia', (query: string) => {
    const one = { query, change: () => undefined as void, isHeard: false }
    asked.push(one)
    return { matches: true, addEventListener: (_: string, listener: () => void) => Object.assign(one, { change: listener, isHeard: true }), removeEventListener: () => (one.isHeard = false) }
  })
  const ratios = () => asked.filter(({ query }) => query.startsWith('(resolution'))
  const view = mount(CanvasView, { props: { paint: () => undefined, label: 'a picture' } })
  for (const ratio of [2, 1.5]) {
    vi.stubGlobal('devicePixelRatio', ratio)
    ratios().at(-1)!.change()
  }
  expect(ratios().map(({ query, isHeard }) => [query, isHeard])).toEqual([['(resolution: 1dppx)', false], ['(resolution: 2dppx)', false], ['(resolution: 1.5dppx)', true]])
  expect(view.emitted('resize')!.map(([size]) => (size as { pixelRatio: number }).pixelRatio)).toEqual([2, 1.5])
  view.unmount()
  expect(ratios().every(({ isHeard }) => !isHeard)).toBe(true)
})
