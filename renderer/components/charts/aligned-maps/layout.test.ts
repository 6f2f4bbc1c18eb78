import { describe, expect, test } from 'vitest'
import { alignedTiles, alignLanes } from '../../../../shared/analysis/compare/aligned-maps'
import { drawHeap } from '../../../../shared/model/testing/drawn-heap'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { cellAt, cellOfOffset, laneStarts, layOutMaps, offsetOf, wishFor } from './layout'
import { paintAlignedMaps } from './paint'

const KIB = { bytesPerCharacter: 1024 }
const members = [drawHeap('[AA][......]|[B]', KIB), drawHeap('[AA][BB][..]|[BBB]', { ...KIB, base: 0x500000 })]
const lanes = alignLanes(members)
const SIZE = { width: 34 + 12 + 220, height: 160 }
const whole = { from: 0, to: laneStarts(lanes).at(-1)! }

describe('maps on one scale', () => {
  test('lanes follow one another, each as long as the longest', () => {
    expect([...laneStarts(lanes)]).toEqual([0, 8192, 11264])
  })

  test('cells are a power of two of bytes, about one a pixel, and cover what is shown', () => {
    expect(wishFor(lanes, whole, 22, 4096)).toEqual({ bytesPerCell: 512, ranges: [{ lane: 0, offset: 0, cells: 16 }, { lane: 1, offset: 0, cells: 6 }] })
    expect(wishFor(lanes, { from: 3000, to: 9000 }, 22, 4096)).toEqual({ bytesPerCell: 512, ranges: [{ lane: 0, offset: 2560, cells: 11 }, { lane: 1, offset: 0, cells: 2 }] })
    expect(wishFor(lanes, whole, 2000, 8).bytesPerCell).toBe(2048)
  })

  test('of more lanes than there are cells the longest of each cell is asked for, and all of them further in', () => {
    const segment = { heap: 0, base: 0, reservedBytes: 0 }
    const many = Array.from({ length: 60_000 }, (_, ordinal) => ({ heap: 0, ordinal, lengthBytes: ordinal % 50 === 7 ? 8192 : 4096, segments: [segment, null] }))
    const all = { from: 0, to: laneStarts(many).at(-1)! }
    const { ranges, bytesPerCell } = wishFor(many, all, 1000, 4096)
    expect(ranges.length).toBeGreaterThan(400)
    expect(ranges.length).toBeLessThanOrEqual(4097)
    expect(bytesPerCell).toBeGreaterThanOrEqual(64 * 4096)
    // The last cell holds a few lanes only.
    expect(ranges.slice(0, -1).every(({ lane }) => lane % 50 === 7)).toBe(true)
    expect(wishFor(many, { from: 0, to: 4096 * 1020 }, 1000, 4096).ranges).toHaveLength(1000)
  })

  test('cells lie side by side over the whole width and are found again', () => {
    const wish = wishFor(lanes, whole, 22, 4096)
    const layout = layOutMaps(lanes, 2, { view: whole, wish }, SIZE)
    expect([layout.cellLefts[0], layout.cellRights.at(-1)]).toEqual([layout.left, layout.right])
    for (let cell = 0; cell < layout.cellLefts.length; cell++) {
      expect(cellAt(layout, (layout.cellLefts[cell]! + layout.cellRights[cell]!) / 2)).toBe(cell)
      expect(cellOfOffset(layout, offsetOf(layout, cell)!)).toBe(cell)
    }
    expect([cellAt(layout, 2), cellAt(layout, 900)]).toEqual([-1, -1])
  })

  test('strips of a member lie under each other inside its height', () => {
    const { strips, bottom } = layOutMaps(lanes, 2, { view: whole, wish: wishFor(lanes, whole, 22, 4096) }, SIZE)
    expect(strips[0]!.difference).toBeNull()
    const { blocks, pages, difference } = strips[1]!
    expect(blocks.top + blocks.height).toBeLessThanOrEqual(pages.top)
    expect(pages.top + pages.height).toBeLessThanOrEqual(difference!.top)
    expect(difference!.top + difference!.height).toBeLessThanOrEqual(bottom + 0.01)
  })

  test('changed and new cells have a sign beside their colour', () => {
    const wish = wishFor(lanes, whole, 22, 4096)
    const layout = layOutMaps(lanes, 2, { view: whole, wish }, SIZE)
    const target = new DrawLog(SIZE.width, SIZE.height)
    const side = (letter: string, mark: number) => ({ side: { letter, name: letter, mark }, name: letter })
    paintAlignedMaps(target, palette, { layout, members: [side('A', 0), side('B', 1)], tiles: alignedTiles(members, lanes, wish.ranges, wish.bytesPerCell), chosen: 3 })
    // B holds blocks where A is free, lacks the end of A's first segment, and its second goes on.
    expect(target.texts.filter((text) => text === '≠')).toHaveLength(1)
    expect(target.texts.filter((text) => text === 'A')).toHaveLength(2)
    expect(target.texts.filter((text) => text === 'B')).toHaveLength(2)
    expect(target.of('strokeRect').filter(({ color }) => color === palette.accent)).toHaveLength(1)
    expect(target.texts.some((text) => text.startsWith('segment 2'))).toBe(true)
  })
})
