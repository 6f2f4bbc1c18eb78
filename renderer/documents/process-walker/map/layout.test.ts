import { describe, expect, it } from 'vitest'
import { heightOf, layoutRegions, regionAt, regionHolding, ROW_GAP, ROW_HEIGHT, weightOf, type MapRegion } from './layout'

const region = (address: number, bytes: number, state = 2): MapRegion => ({ address, bytes, state, owner: '', change: 0 })
const REGIONS = [region(0, 0x10000, 0), region(0x10000, 0x1000), region(0x11000, 0xff000, 1), region(0x110000, 0x7fef0000, 0)]

it('weighs by doublings of a page; free space weighs the same whatever its size', () => {
  expect(weightOf(region(0, 4096))).toBe(1)
  expect(weightOf(region(0, 1 << 20))).toBe(9)
  expect(weightOf(REGIONS[0]!)).toBe(weightOf(REGIONS[3]!))
})

describe('layoutRegions', () => {
  it('fills one row without a gap or an overlap, in address order', () => {
    const boxes = layoutRegions(REGIONS, { width: 424, height: 30 })
    expect(boxes[0]!.x).toBe(12)
    boxes.slice(1).forEach((box, i) => expect(box.x).toBeCloseTo(boxes[i]!.x + boxes[i]!.width, 6))
    const last = boxes.at(-1)!
    expect(last.x + last.width).toBeCloseTo(412, 6)
  })

  it('begins another row rather than cut a box', () => {
    const many = Array.from({ length: 40 }, (_, i) => region(i * 0x100000, 0x100000))
    const boxes = layoutRegions(many, { width: 300, height: 100 })
    expect(new Set(boxes.map(({ y }) => y)).size).toBeGreaterThan(1)
    for (const { x, width } of boxes) expect(x + width).toBeLessThanOrEqual(288.5)
    expect(heightOf(boxes)).toBeLessThanOrEqual(100)
  })

  it('keeps every region visible, and says how high that is', () => {
    const many = Array.from({ length: 2000 }, (_, i) => region(i * 0x1000, 0x1000))
    const boxes = layoutRegions(many, { width: 300, height: 60 })
    expect(Math.min(...boxes.map(({ width }) => width))).toBe(3)
    expect(heightOf(boxes)).toBeGreaterThan(60)
  })
})

it('finds regions by place and by address', () => {
  const boxes = layoutRegions(REGIONS, { width: 424, height: 30 })
  for (const box of boxes) expect(regionAt(boxes, box.x + box.width / 2, box.y + ROW_HEIGHT / 2)).toBe(box.index)
  expect(regionAt(boxes, 12, 6 + ROW_HEIGHT + ROW_GAP / 2)).toBe(-1)
  expect(regionHolding(REGIONS, 0x10fff)).toBe(1)
  expect(regionHolding(REGIONS, 0x7fffffff)).toBe(3)
  expect(regionHolding(REGIONS, 0x80000000)).toBe(-1)
})
