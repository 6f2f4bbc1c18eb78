import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteTicks, clampViewport, panViewport, placeInViewport, revealInViewport, roundTicks, viewportSpan, zoomViewport, type Viewport, type ViewportLimits } from './viewport'

const limits = fc.record({ total: fc.integer({ min: 1, max: 60_000_000 }), smallest: fc.constant(16) })
const anyView = limits.chain((limit) =>
  fc.record({ limit: fc.constant(limit), view: fc.tuple(fc.double({ min: -10, max: 7e7, noNaN: true }), fc.double({ min: 0, max: 7e7, noNaN: true })).map(([from, span]) => clampViewport({ from, to: from + span }, limit)) }))

function expectInside(view: Viewport, limit: ViewportLimits): void {
  expect(view.from).toBeGreaterThanOrEqual(0)
  expect(view.to).toBeLessThanOrEqual(limit.total * (1 + 1e-12))
  expect(viewportSpan(view)).toBeGreaterThanOrEqual(Math.min(limit.smallest, limit.total) - 1e-6)
}

describe('viewport', () => {
  test('every change stays inside the line', () => {
    fc.assert(fc.property(anyView, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: -1e8, max: 1e8, noNaN: true }), ({ limit, view }, place, factor, by) => {
      expectInside(zoomViewport(view, place, factor, limit), limit)
      expectInside(panViewport(view, by, limit), limit)
      expectInside(revealInViewport(view, Math.abs(by) % limit.total, limit), limit)
    }))
  })

  test('zooming in keeps the unit under the pointer', () => {
    fc.assert(fc.property(anyView, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.1, max: 1, noNaN: true }), ({ limit, view }, place, factor) => {
      const unit = view.from + viewportSpan(view) * place
      const zoomed = zoomViewport(view, place, factor, limit)
      expect(placeInViewport(zoomed, unit)).toBeCloseTo(place, 4)
    }))
  })

  test('what is revealed is visible', () => {
    fc.assert(fc.property(anyView, fc.double({ min: 0, max: 1, noNaN: true }), ({ limit, view }, share) => {
      const unit = share * limit.total
      const shown = revealInViewport(view, unit, limit)
      expect(unit).toBeGreaterThanOrEqual(shown.from - 1e-6)
      expect(unit).toBeLessThanOrEqual(shown.to + 1e-6)
    }))
  })

  test('ticks are round and inside', () => {
    expect(roundTicks(0, 1000, 4)).toEqual([0, 500, 1000])
    expect(roundTicks(812_300, 812_420, 5)).toEqual([812_300, 812_350, 812_400])
    expect(roundTicks(5, 5, 3)).toEqual([])
    expect(byteTicks(10_000, 3)).toEqual([0, 4096, 8192])
  })
})
