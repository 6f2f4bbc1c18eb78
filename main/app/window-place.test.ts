import { expect, test } from 'vitest'
import { DEFAULT_SIZE, findStartPlace, LEAST_SIZE } from './window-place'

const screen = { x: 0, y: 0, width: 1920, height: 1050 }
const left = { x: -1600, y: 0, width: 1600, height: 900 }
const saved = (x: number, y: number, width = 1000, height = 700) => ({ x, y, width, height, maximised: false })

test('a first start takes the default size, or the screen where it is smaller', () => {
  expect(findStartPlace(null, [screen])).toEqual(DEFAULT_SIZE)
  expect(findStartPlace(null, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({ width: 1024, height: 700 })
  expect(findStartPlace(null, [{ x: 0, y: 0, width: 640, height: 480 }])).toEqual(LEAST_SIZE)
  expect(findStartPlace(null, [])).toEqual(DEFAULT_SIZE)
})

test('the window returns to where it stood, also on a second screen', () => {
  expect(findStartPlace(saved(100, 50), [screen])).toEqual({ x: 100, y: 50, width: 1000, height: 700 })
  expect(findStartPlace(saved(-1500, 50), [screen, left])).toEqual({ x: -1500, y: 50, width: 1000, height: 700 })
})

test.each([
  ['its screen is gone', saved(-1500, 50)],
  ['only a sliver would show', saved(1900, 50)],
  ['its title bar is above the screen', saved(100, -200)],
  ['it is below the screen', saved(100, 1040)],
])('it keeps its size but not its place when %s', (_name, place) => {
  expect(findStartPlace(place, [screen])).toEqual({ width: 1000, height: 700 })
})

test('a size from a larger screen shrinks', () => {
  expect(findStartPlace(saved(0, 0, 3000, 2000), [screen])).toEqual({ x: 0, y: 0, width: 1920, height: 1050 })
})
