import { describe, expect, test } from 'vitest'
import { bandPoints, linearTicks, nearestIndex, paintAxes, placeOn, powerTicks, spreadPlaces, stepPoints, valueOn, type Scale } from './chart-axes'
import { DrawLog } from './draw-log'
import { testPalette as palette } from './testing/palette'

const linear: Scale = { kind: 'linear', from: 10, to: 20, start: 100, end: 0 }
const log: Scale = { kind: 'log2', from: 1, to: 1024, start: 0, end: 100 }

describe('scales', () => {
  test('places and values go both ways, up and along', () => {
    expect([10, 15, 20].map((value) => placeOn(linear, value))).toEqual([100, 50, 0])
    expect([1, 32, 1024].map((value) => placeOn(log, value))).toEqual([0, 50, 100])
    for (const scale of [linear, log]) for (const value of [10, 16, 20]) expect(valueOn(scale, placeOn(scale, value))).toBeCloseTo(value, 9)
    expect(valueOn(linear, 900)).toBe(10)
  })

  test('a scale without length has one place', () => {
    expect(placeOn({ ...linear, to: 10 }, 10)).toBe(100)
    expect(placeOn(log, 0)).toBe(0)
  })
})

describe('ticks', () => {
  test('round in tens, or in powers of two', () => {
    expect(linearTicks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100])
    expect(linearTicks(-0.3, 0.3, 3)).toEqual([-0.2, 0, 0.2])
    expect(linearTicks(-3000, 5000, 4, true)).toEqual([-2048, 0, 2048, 4096])
    expect(linearTicks(5, 5, 4)).toEqual([])
    expect(powerTicks(1, 2 ** 20, 5)).toEqual([1, 32, 1024, 32768, 1048576])
    expect(powerTicks(100, 300, 5)).toEqual([128, 256])
  })

  test('axes draw each tick with its text', () => {
    const target = new DrawLog(200, 100)
    paintAxes(target, palette, { left: 40, right: 190, top: 10, bottom: 80 }, { x: [{ at: 50, text: '1' }], y: [{ at: 20, text: 'a' }, { at: 60, text: 'b' }] })
    expect(target.texts).toEqual(['a', 'b', '1'])
    expect(target.of('line')).toHaveLength(4)
  })
})

test('steps hold their value until the next', () => {
  expect(stepPoints([10, 20], [10, 20], { ...linear, start: 0, end: 100 }, linear)).toEqual([0, 100, 100, 100, 100, 0])
  expect(bandPoints([0, 1, 2, 1], [0, 5, 2, 6])).toEqual([0, 1, 2, 1, 2, 6, 0, 5])
})

test('labels keep their distance and stay above the lowest place', () => {
  expect(spreadPlaces([50, 52, 20], 12, 100)).toEqual([50, 62, 20])
  expect(spreadPlaces([98, 99, 97], 12, 100)).toEqual([88, 100, 76])
})

test('the nearest of rising values', () => {
  const values = Float64Array.of(1, 5, 10)
  expect([-4, 2, 4, 7, 8, 99].map((wanted) => nearestIndex(values, wanted))).toEqual([0, 0, 1, 1, 2, 2])
  expect(nearestIndex([], 1)).toBe(-1)
})
