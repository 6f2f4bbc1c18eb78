import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildGeometry, fittingGeometry, MAP_LAYOUTS } from './geometry'
import { addressOfCell, borderOfCells, boxOfCell, buildHilbertSpace, cellOfAddress, hilbertCurve, placeOnCurve, rangesOfCells } from './hilbert-layout'
import { addressAtHeight, buildMinimap, windowFrame } from './minimap-layout'
import type { MapSegment } from './layout'

const SIZE = { width: 800, height: 300 }
const anySegments = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 64 }), pages: fc.integer({ min: 1, max: 300 }) }), { minLength: 1, maxLength: 6 }).map((parts) => {
  let base = 0x10000
  return parts.map(({ gap, pages }): MapSegment => {
    base += gap * 0x10000
    const segment = { base, reservedBytes: pages * 4096 }
    base += segment.reservedBytes
    return segment
  })
})

describe('Hilbert curve', () => {
  test('visits every place once, each beside the one before, from lower left to lower right', () => {
    for (const side of [2, 8, 32]) {
      expect([...hilbertCurve(side)].sort((a, b) => a - b)).toEqual(Array.from({ length: side * side }, (_, i) => i))
      for (let cell = 1; cell < side * side; cell++) {
        const [a, b] = [placeOnCurve(side, cell - 1), placeOnCurve(side, cell)]
        expect(Math.abs(a.x - b.x) + Math.abs(a.y - b.y)).toBe(1)
      }
      expect([placeOnCurve(side, 0), placeOnCurve(side, side * side - 1)]).toEqual([{ x: 0, y: 0 }, { x: side - 1, y: 0 }])
    }
  })

  test('cells and addresses go both ways, and ranges hold every cell once', () => {
    fc.assert(fc.property(anySegments, fc.integer({ min: 0, max: 10 }), fc.nat(), (segments, zoom, seed) => {
      const space = buildHilbertSpace(segments, SIZE, 2 ** zoom)
      const cell = seed % space.totalCells
      expect(cellOfAddress(space, addressOfCell(space, cell)!)).toBe(cell)
      const ranges = rangesOfCells(space, 0, space.totalCells)
      expect(ranges.reduce((sum, range) => sum + range.cells, 0)).toBe(space.totalCells)
      ranges.forEach(({ address, cells }, i) => expect([address, cells * 2 ** zoom >= segments[i]!.reservedBytes]).toEqual([segments[i]!.base, true]))
    }))
  })

  test('the border of a stretch encloses exactly its cells', () => {
    const space = buildHilbertSpace([{ base: 0, reservedBytes: 1 << 22 }], { width: 200, height: 160 }, 64)
    const unit = space.edge / space.side
    fc.assert(fc.property(fc.nat(space.cellsPerSquare - 1), fc.integer({ min: 1, max: 900 }), (from, count) => {
      const to = Math.min(space.cellsPerSquare, from + count)
      const length = borderOfCells(space, 0, from, to).reduce((sum, [x0, y0, x1, y1]) => sum + Math.abs(x1! - x0!) + Math.abs(y1! - y0!), 0) / unit
      // Neighbours on the curve share an edge; any other edge between two cells of the stretch is shared too.
      let edges = 0
      for (let cell = from; cell < to; cell++) {
        const { x, y } = placeOnCurve(space.side, cell)
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
          const [column, row] = [x + dx, space.side - 1 - (y + dy)]
          const other = column < 0 || row < 0 || column >= space.side || row >= space.side ? -1 : space.curve[row * space.side + column]!
          if (other < from || other >= to) edges++
        }
      }
      expect(length).toBeCloseTo(edges, 6)
    }), { numRuns: 60 })
  })

  test('squares stand side by side and the boxes of cells tile them', () => {
    const space = buildHilbertSpace([{ base: 0, reservedBytes: 1 << 24 }], SIZE, 16)
    expect(space.squaresShown).toBeGreaterThan(1)
    const [last, next] = [boxOfCell(space, 0, space.cellsPerSquare - 1), boxOfCell(space, 0, space.cellsPerSquare)]
    expect(next.x - (last.x + last.edge)).toBeCloseTo(10, 6)
    expect(next.y).toBe(last.y)
  })
})

describe('both layouts', () => {
  test('the address at the place of an address is that of its cell, once it is revealed', () => {
    fc.assert(fc.property(fc.constantFrom(...MAP_LAYOUTS), anySegments, fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(), (layout, segments, zoom, share, which) => {
      const geometry = buildGeometry({ layout, segments, size: SIZE, ruler: 16 }, 2 ** zoom)
      const segment = segments[which % segments.length]!
      const address = segment.base + Math.floor((share * segment.reservedBytes) / 2 ** zoom) * 2 ** zoom
      const top = geometry.revealing(0, address)
      const { x, y } = geometry.placeOf(top, address)
      expect(geometry.addressAt(top, x, y)).toBe(address)
    }))
  })

  test('the whole space fits, and one step finer does not', () => {
    fc.assert(fc.property(fc.constantFrom(...MAP_LAYOUTS), anySegments, (layout, segments) => {
      const wish = { layout, segments, size: SIZE, ruler: 16 }
      const bytesPerCell = fittingGeometry(wish)
      expect(buildGeometry(wish, bytesPerCell).total).toBeLessThanOrEqual(buildGeometry(wish, bytesPerCell).shown)
      if (bytesPerCell > 1) expect(buildGeometry(wish, bytesPerCell / 2).total).toBeGreaterThan(buildGeometry(wish, bytesPerCell / 2).shown)
    }))
  })
})

describe('minimap', () => {
  test('holds the whole space on its height, heights are addresses, the window is never lost', () => {
    fc.assert(fc.property(anySegments, fc.double({ min: 0, max: 0.999, noNaN: true }), (segments, share) => {
      const space = buildMinimap(segments, { width: 40, height: 300 })
      expect(space.rows * space.rowHeight).toBeLessThanOrEqual(300.0001)
      const address = addressAtHeight(space, share * space.rows * space.rowHeight)
      const { top, bottom } = windowFrame(space, address, address + 1)
      expect(share * space.rows * space.rowHeight).toBeGreaterThanOrEqual(top - 1e-6)
      expect(bottom - top).toBeGreaterThanOrEqual(3)
    }))
    const one = buildMinimap([{ base: 0x10000, reservedBytes: 1 << 20 }], { width: 40, height: 300 })
    expect([addressAtHeight(one, -50), addressAtHeight(one, 9999)]).toEqual([0x10000, 0x10000 + (1 << 20) - one.bytesPerCell])
  })
})
