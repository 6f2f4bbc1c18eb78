import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clampFirstRow, firstRowAt, firstRowRevealing, HIGHEST_ELEMENT, isScaled, scrollHeight, scrollTopFor, type TableGeometry } from './big-table-scale'

const FIFTY_MILLION: TableGeometry = { rows: 50_000_000, rowHeight: 22, viewHeight: 440 }
const geometry = fc.record({ rows: fc.integer({ min: 0, max: 50_000_000 }), rowHeight: fc.constant(22), viewHeight: fc.integer({ min: 0, max: 2000 }) })

describe('scaled scrolling', () => {
  test('50 million rows stay below the height an element can have, and both ends are reachable', () => {
    expect(isScaled(FIFTY_MILLION)).toBe(true)
    expect(scrollHeight(FIFTY_MILLION)).toBe(HIGHEST_ELEMENT)
    expect(HIGHEST_ELEMENT).toBeLessThan(33_554_428)
    expect(firstRowAt(FIFTY_MILLION, 0)).toBe(0)
    expect(firstRowAt(FIFTY_MILLION, HIGHEST_ELEMENT - 440)).toBe(50_000_000 - 20)
  })

  test('small tables scroll by the pixel', () => {
    const small: TableGeometry = { rows: 1000, rowHeight: 22, viewHeight: 220 }
    expect(isScaled(small)).toBe(false)
    expect(firstRowAt(small, 44)).toBeCloseTo(2, 9)
  })

  test('a row scrolled to is the row shown', () => {
    fc.assert(fc.property(geometry, fc.double({ min: 0, max: 1, noNaN: true }), (table, share) => {
      const row = clampFirstRow(table, Math.floor(share * table.rows))
      expect(firstRowAt(table, scrollTopFor(table, row))).toBeCloseTo(row, 3)
    }))
  })

  test('a revealed row is wholly visible, and nothing moves when it was already', () => {
    fc.assert(fc.property(geometry.filter((table) => table.viewHeight >= 44 && table.rows > 0), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (table, a, b) => {
      const first = clampFirstRow(table, a * table.rows)
      const row = Math.min(table.rows - 1, Math.floor(b * table.rows))
      const shown = firstRowRevealing(table, first, row)
      expect(shown).toBeLessThanOrEqual(row)
      expect(shown + table.viewHeight / table.rowHeight).toBeGreaterThanOrEqual(row + 1 - 1e-6)
      expect(firstRowRevealing(table, shown, row)).toBe(shown)
    }))
  })
})
