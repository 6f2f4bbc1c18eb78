import { describe, expect, test } from 'vitest'
import type { FlamePage, SiteRowPage } from '../../../shared/analysis/sites/site-pages'
import { DrawLog } from '../../canvas/draw-log'
import { testPalette as palette } from '../../canvas/testing/palette'
import { BOX_HEIGHT, boxAt, boxOfPath, depthOf, nextFound, pathOfBox, rowTop, scrollRevealing, stepFrom, type FlameArea } from './layout'
import { changeOf, fitText, paintFlame, paintFlameMarks } from './paint'
import { pathOfRow, rowOfPath } from './site-rows'
import { nodeText, placeText } from './site-text'

/*
 *   all
 *   main             | start |      main ends in itself by an eighth
 *   run      | read  |
 */
const frame = (name: string, module = 'app') => ({ name, function: name, module, file: '', line: 0, isInlined: false })
const page: FlamePage = {
  depthStart: Uint32Array.of(0, 1, 3, 5),
  parent: Int32Array.of(-1, 0, 0, 1, 1),
  from: Float64Array.of(0, 0, 0.75, 0, 0.375),
  to: Float64Array.of(1, 0.75, 1, 0.375, 0.625),
  key: Int32Array.of(-1, 2, 3, 4, 5),
  frame: Uint32Array.of(0, 1, 2, 3, 4),
  frames: [frame('all', ''), frame('main'), frame('start', 'libc'), frame('run'), frame('read')],
  hasChildren: Uint8Array.of(1, 1, 0, 0, 0),
  isFound: Uint8Array.of(0, 0, 1, 0, 1),
  totals: [Float64Array.of(800, 600, 200, 300, 200), Float64Array.of(8, 6, 2, 3, 2)],
  selves: [Float64Array.of(0, 100, 200, 300, 200), Float64Array.of(0, 1, 2, 3, 2)],
  ancestors: [],
  rootTotals: [800, 8],
  weight: 800,
  treeWeight: 800,
  isCut: false,
  foundShare: 0.5,
}
const area: FlameArea = { width: 800, height: 200, scrollPx: 0, isIcicle: true }
const names = (box: number): string | undefined => page.frames[page.frame[box] ?? -1]?.name

describe('boxes', () => {
  test('are found where they are drawn, from the top and from the foot', () => {
    for (const at of [area, { ...area, isIcicle: false }, { ...area, height: 30, scrollPx: 20 }]) {
      for (let box = 0; box < page.key.length; box++) {
        const y = rowTop(page, at, depthOf(page, box)) + BOX_HEIGHT / 2
        expect(boxAt(page, at, ((page.from[box]! + page.to[box]!) / 2) * at.width, y)).toBe(box)
      }
    }
    expect(boxAt(page, area, 790, 2.5 * BOX_HEIGHT)).toBe(-1)
    expect(boxAt(page, area, 10, 190)).toBe(-1)
    expect(boxAt(page, { ...area, isIcicle: false }, 10, 5)).toBe(-1)
  })

  test('have paths that lead back to them, also below a zoomed root', () => {
    for (const root of [[], [7, 8]]) for (let box = 0; box < page.key.length; box++) expect(boxOfPath(page, root, pathOfBox(page, root, box))).toBe(box)
    expect([boxOfPath(page, [], [2, 9]), boxOfPath(page, [7], [2]), boxOfPath(page, [], [2, 4, 4])]).toEqual([-1, -1, -1])
  })

  test('are walked by steps; there is always a box', () => {
    expect([stepFrom(page, 0, 'callee'), stepFrom(page, 1, 'next'), stepFrom(page, 2, 'next'), stepFrom(page, 4, 'previous'), stepFrom(page, 4, 'caller'), stepFrom(page, 3, 'callee'), stepFrom(page, 0, 'caller')].map(names))
      .toEqual(['main', 'start', 'start', 'run', 'main', 'run', 'all'])
    expect([nextFound(page, 0, true), nextFound(page, 2, true), nextFound(page, 4, true), nextFound(page, 2, false)].map(names)).toEqual(['start', 'read', 'start', 'read'])
    expect(nextFound({ ...page, isFound: new Uint8Array(5) }, 0, true)).toBe(-1)
  })

  test('scroll into view', () => {
    const low = { ...area, height: 20 }
    expect([0, 1, 2].map((depth) => scrollRevealing(page, low, depth))).toEqual([0, 16, 34])
    expect(scrollRevealing(page, { ...low, scrollPx: 34 }, 0)).toBe(0)
  })
})

describe('painting', () => {
  const draw = (shown: FlamePage, hasSearch = false): DrawLog => {
    const log = new DrawLog(area.width, area.height)
    paintFlame(log, palette, { page: shown, area, column: 0, hasSearch })
    return log
  }

  test('a box for each frame, and names as far as they fit', () => {
    const log = draw(page)
    expect(log.of('fillRect').map(({ rect }) => rect[0])).toEqual([0, 0, 600, 0, 300])
    expect(log.texts).toEqual(['all', 'main', 'start', 'run', 'read'])
    expect([fitText('glyphCacheAdd', 60), fitText('a', 3), fitText('run', 100)]).toEqual(['glyphCa…', '', 'run'])
  })

  test('what is searched for stands out from the rest', () => {
    const colors = draw(page, true).of('fillRect').map(({ color }) => color)
    expect(colors[2]).toBe(colors[4])
    expect(colors[2]).not.toBe(colors[1])
  })

  test('a difference has a sign in words as well as a colour', () => {
    const difference = { ...page, totals: [...page.totals, Float64Array.of(800, 300, 500, 300, 0), new Float64Array(5)] }
    expect([0, 1, 2, 3, 4].map((box) => changeOf(difference, 0, box))).toEqual([0, 0.5, -0.6, 0, 1])
    const log = draw(difference)
    expect(log.texts).toEqual(['= all', '+ main', '− start', '= run', '+ read'])
    expect(new Set(log.of('fillRect').map(({ color }) => color)).size).toBe(4)
    expect(changeOf(page, 0, 1)).toBeNull()
  })

  test('marks lie on their boxes', () => {
    const log = new DrawLog(area.width, area.height)
    paintFlameMarks(log, palette, { page, area, selected: 4, pointed: 1 })
    expect(log.of('strokeRect').map(({ rect }) => rect.map(Math.round))).toEqual([[1, 19, 598, 16], [301, 37, 197, 15]])
  })
})

test('rows of the tree have paths, on every page', () => {
  const rows = { offset: 200, depth: Uint32Array.of(2, 3, 1, 2), key: Uint32Array.of(5, 6, 7, 8), firstPath: [9, 2, 4, 5] } as unknown as SiteRowPage
  expect([0, 1, 2, 3].map((row) => pathOfRow(rows, row))).toEqual([[9, 2, 4, 5], [9, 2, 4, 5, 6], [9, 2, 7], [9, 2, 7, 8]])
  for (let row = 0; row < 4; row++) expect(rowOfPath(rows, [9], pathOfRow(rows, row))).toBe(200 + row)
  expect(rowOfPath(rows, [9], [9, 2, 7, 9])).toBe(-1)
})

test('figures in words', () => {
  const measure = { id: 'live', title: 'Live', meaning: '', unit: 'bytes', counted: 'blocks', isAtEvent: true }
  expect(nodeText([2048, 3], { measure, column: 0, whole: 4096 })).toBe('2 KiB in 3 blocks, 50.0 % of all')
  expect(nodeText([2048, 3, 1024, 5], { measure, column: 0, whole: 1 })).toBe('+1 KiB (1 KiB before, 2 KiB now)')
  expect(nodeText([2048, 3, 1024, 5], { measure, column: 1, whole: 1 })).toBe('−2 blocks (5 blocks before, 3 blocks now)')
  expect(placeText({ ...frame('x', '/usr/lib/libc.so.6'), file: '/src/a.c', line: 7, isInlined: true })).toBe('libc.so.6 · a.c:7 · inlined')
})
