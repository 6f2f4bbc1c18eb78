import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressAt, buildMapSpace, bytesPerCellForBlock, cellLeft, clampTopRow, fittingBytesPerCell, outlineOf, rowOfAddress, topRowKeeping, topRowRevealing, visibleParts, type MapSegment } from './layout'

const SIZE = { width: 124 + 12 + 512, height: 300 }
const TWO: readonly MapSegment[] = [{ base: 0x10000, reservedBytes: 0x10000 }, { base: 0x80000, reservedBytes: 0x4000 }]
const anySegments = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 64 }), pages: fc.integer({ min: 1, max: 300 }) }), { minLength: 1, maxLength: 6 }).map((parts) => {
  let base = 0x10000
  return parts.map(({ gap, pages }) => {
    base += gap * 0x10000
    const segment = { base, reservedBytes: pages * 4096 }
    base += segment.reservedBytes
    return segment
  })
})

describe('map layout', () => {
  test('rows hold a power of two of cells, segments begin on a new row, the space between is one labelled band', () => {
    const space = buildMapSpace(TWO, SIZE, 16)
    expect([space.cellsPerRow, space.rowBytes, space.rowPitch]).toEqual([256, 4096, 12])
    expect([...space.firstRows]).toEqual([0, 16 + 3])
    const parts = visibleParts(space, 0, 300)
    expect(parts).toEqual([
      { kind: 'cells', segment: 0, y: 0, rows: 16, address: 0x10000, cells: 4096 },
      { kind: 'band', y: 16 * 12, height: 36, from: 0x20000, bytes: 0x60000 },
      { kind: 'cells', segment: 1, y: 19 * 12, rows: 4, address: 0x80000, cells: 1024 },
    ])
  })

  test('the whole space fits, and one step finer does not', () => {
    fc.assert(fc.property(anySegments, (segments) => {
      const bytesPerCell = fittingBytesPerCell(segments, SIZE)
      const space = buildMapSpace(segments, SIZE, bytesPerCell)
      expect(space.totalRows * space.rowPitch).toBeLessThanOrEqual(SIZE.height)
      if (bytesPerCell > 1) {
        const finer = buildMapSpace(segments, SIZE, bytesPerCell / 2)
        expect(finer.totalRows * finer.rowPitch).toBeGreaterThan(SIZE.height)
      }
    }))
  })

  test('the address at the place where an address is drawn is that address', () => {
    fc.assert(fc.property(anySegments, fc.integer({ min: 0, max: 8 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(), (segments, zoom, share, which) => {
      const space = buildMapSpace(segments, SIZE, 2 ** zoom)
      const segment = segments[which % segments.length]!
      const cell = Math.floor((share * segment.reservedBytes) / space.bytesPerCell)
      const address = segment.base + cell * space.bytesPerCell
      const top = topRowRevealing(space, 0, address, SIZE.height)
      const x = cellLeft(space, cell % space.cellsPerRow) + 0.01
      const y = (rowOfAddress(space, address) - top + 0.5) * space.rowPitch
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(SIZE.height)
      expect(addressAt(space, top, x, y)).toBe(address)
    }))
  })

  test('labels, bands and the space after a segment hold no address', () => {
    const space = buildMapSpace(TWO, SIZE, 16)
    expect(addressAt(space, 0, 60, 4)).toBeNull()
    expect(addressAt(space, 0, 200, 16 * 12 + 4)).toBeNull()
    expect(addressAt(space, 0, 200, 23 * 12 + 4)).toBeNull()
  })

  test('visible parts cover every visible row once, whatever the scroll position', () => {
    fc.assert(fc.property(anySegments, fc.integer({ min: 0, max: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (segments, zoom, share) => {
      const space = buildMapSpace(segments, SIZE, 2 ** zoom)
      const top = clampTopRow(space, share * space.totalRows, SIZE.height)
      const ends = visibleParts(space, top, SIZE.height).map((part) => [part.y, part.y + (part.kind === 'band' ? part.height : part.rows * space.rowPitch)] as const)
      ends.forEach(([from], i) => {
        if (i > 0) expect(Math.abs(from - ends[i - 1]![1])).toBeLessThanOrEqual(1)
      })
      expect(ends[0]![0]).toBeLessThanOrEqual(0)
    }))
  })

  test('zooming keeps the address at its height', () => {
    const large = [{ base: 0x10000, reservedBytes: 1 << 26 }]
    const space = buildMapSpace(large, SIZE, 16)
    const address = 0x10000 + (1 << 25)
    const top = topRowKeeping(space, address, 150, SIZE.height)
    expect((rowOfAddress(space, address) - top) * space.rowPitch).toBe(150)
  })

  test('a small block is zoomed to single bytes, a large one to half the view', () => {
    expect(bytesPerCellForBlock(TWO, SIZE, 64)).toBe(1)
    const space = buildMapSpace(TWO, SIZE, bytesPerCellForBlock(TWO, SIZE, 0x8000))
    expect((0x8000 / space.rowBytes) * space.rowPitch).toBeLessThanOrEqual(150)
  })

  test('outlines: one row is a box, more rows a stair, out of sight nothing', () => {
    const space = buildMapSpace(TWO, SIZE, 16)
    expect(outlineOf(space, 0, { address: 0x10010, sizeBytes: 32 }, 300)).toEqual([126, 0, 130, 0, 130, 11, 126, 11])
    expect(outlineOf(space, 0, { address: 0x10800, sizeBytes: 0x1000 }, 300)).toEqual([380, 0, 636, 0, 636, 12, 380, 12, 380, 23, 124, 23, 124, 12, 380, 12])
    expect(outlineOf(space, 0, { address: 0x30000, sizeBytes: 32 }, 300)).toEqual([])
    expect(outlineOf(space, 10, { address: 0x10010, sizeBytes: 32 }, 300)).toEqual([])
  })
})
