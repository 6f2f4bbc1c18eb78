import { describe, expect, test } from 'vitest'
import { DrawLog } from '../../canvas/draw-log'
import { SvgTarget } from '../../canvas/svg-target'
import { testPalette as palette } from '../../canvas/testing/palette'
import { timelineArea } from './layout'
import { paintBrush, paintMarks } from './paint'
import { largestReserved, layerLabels, layOutTiling, sampleAt, STACK_ORDER, stackTops, tilingNotes, tilingTable, type TilingStretch } from './tiling-layout'
import { layerColor, paintTiling, TILING_LEGEND } from './tiling-paint'

const SIZE = { width: 500, height: 120 }
const of = (...values: number[]): Float64Array => Float64Array.from(values)
const none = of(0, 0, 0)
const stretch: TilingStretch = {
  events: of(0, 50, 100), stride: 1, knowsRequests: true,
  layers: { live: of(0, 500, 100), header: of(0, 50, 10), rounding: none, internal: of(100, 100, 100), pinnedFree: of(0, 50, 700), releasableFree: of(300, 200, 0), cachedFree: none, uncommitted: of(600, 100, 90) },
}
const view = { from: 0, to: 100 }
const area = timelineArea(SIZE)

describe('the tiling', () => {
  test('layers stand on each other without gap, up to the reserved bytes', () => {
    const tops = stackTops(stretch)
    expect(tops.map((top) => top[2])).toEqual([100, 110, 110, 210, 910, 910, 910, 1000])
    expect(largestReserved(stretch)).toBe(1000)
    const laid = layOutTiling(area, view, stretch, 1000)
    expect(laid.map(({ name }) => name)).toEqual(['live', 'header', 'internal', 'pinnedFree', 'releasableFree', 'uncommitted'])
    for (let i = 1; i < laid.length; i++) {
      const floor = laid[i]!.outline.slice(laid[i]!.top.length)
      const backwards = Array.from({ length: floor.length / 2 }, (_, at) => [floor[floor.length - 2 * at - 2], floor[floor.length - 2 * at - 1]]).flat()
      expect(backwards).toEqual(laid[i - 1]!.top)
    }
    expect(laid.at(-1)!.top.filter((_, at) => at % 2 === 1).at(-1)).toBe(area.top)
  })

  test('a value holds until the next event, the last one to the right end', () => {
    const [live] = layOutTiling(area, view, stretch, 1000)
    expect(live!.top.filter((_, at) => at % 2 === 0)).toEqual([64, 246, 246, 428, 428, area.right])
  })

  test('every layer is an area in its colour, with strokes as second mark where it may be mistaken', () => {
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintTiling(log, palette, { view, stretch, most: 1000, marks: [] })
    expect(log.of('area').map(({ color }) => color)).toEqual(['live', 'header', 'internal', 'pinnedFree', 'releasableFree', 'uncommitted'].map((name) => layerColor(palette, name as 'live')))
    expect(new Set(STACK_ORDER.map((name) => layerColor(palette, name))).size).toBe(STACK_ORDER.length)
    expect(log.of('line').filter(({ points }) => points.length === 4 && points[0] === points[2] && points[0]! > area.left).length).toBeGreaterThan(20)
    expect(TILING_LEGEND.map(({ letter }) => letter)).toHaveLength(new Set(TILING_LEGEND.map(({ letter }) => letter)).size)
  })

  test('names stand in their layers where there is room, else beside the right end where the layer reaches it', () => {
    const labels = layerLabels(layOutTiling(area, view, stretch, 1000), area)
    expect(labels.filter(({ insidePx }) => insidePx !== null).map(({ name }) => name)).toEqual(['live', 'releasableFree', 'uncommitted'])
    expect(labels.filter(({ insidePx }) => insidePx === null).map(({ name }) => name)).toEqual(['header', 'internal', 'pinnedFree'])
    const live = labels[0]!
    expect(live.x - live.insidePx! / 2).toBeGreaterThanOrEqual(246)
    expect(live.x + live.insidePx! / 2).toBeLessThanOrEqual(428 + 1)
    expect(labels.slice(3).every(({ x }) => x > area.right)).toBe(true)
  })

  test('where there is room beside the picture for one name only, it is the thickest layer\'s', () => {
    const low = { ...area, bottom: area.top + 12 }
    expect(layerLabels(layOutTiling(low, view, stretch, 1000), low).map(({ name }) => name)).toEqual(['pinnedFree'])
  })

  test('is drawn as SVG too', () => {
    const target = new SvgTarget({ ...SIZE, pixelRatio: 1 }, palette, () => '')
    paintTiling(target, palette, { view, stretch, most: 1000, marks: [] })
    const svg = target.document({ title: 'Tiling', description: 'of a run' }, palette.background)
    for (const name of ['live', 'headers', 'internal', 'pinned free', 'uncommitted']) expect(svg).toContain(`>${name}</text>`)
  })

  test('nothing reserved is an empty picture', () => {
    const empty: TilingStretch = { ...stretch, events: of(0), layers: Object.fromEntries(STACK_ORDER.map((name) => [name, of(0)])) as TilingStretch['layers'] }
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintTiling(log, palette, { view, stretch: empty, most: 0, marks: [] })
    expect(log.of('area')).toEqual([])
  })

  test('its table sums to the reserved bytes, and its notes say what is not known', () => {
    const table = tilingTable(stretch, 'T', ['note'])
    expect(table.rows.map((row) => row.at(-1))).toEqual([1000, 1000, 1000])
    for (const row of table.rows) expect(row.slice(1, -1).reduce<number>((sum, bytes) => sum + Number(bytes), 0)).toBe(row.at(-1))
    expect(tilingNotes(stretch)).toEqual(['Every reserved byte once, known after every event; drawn at 3 events, of each stretch the one with most committed bytes.'])
    expect(tilingNotes({ ...stretch, stride: 20, knowsRequests: false })).toHaveLength(2)
    expect([-5, 0, 49, 50, 1e9].map((event) => sampleAt(stretch, event))).toEqual([0, 0, 0, 1, 2])
  })
})

describe('marks and brush', () => {
  test('jumps, failures and bookmarks differ in shape; what lies outside is not drawn', () => {
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintMarks(log, palette, { from: 0, to: 50 }, [{ event: 10, kind: 'jump', text: '' }, { event: 20, kind: 'failure', text: '' }, { event: 30, kind: 'bookmark', text: '' }, { event: 90, kind: 'bookmark', text: '' }])
    expect([log.of('line').length, log.of('area').length]).toEqual([4, 1])
  })

  test('a brush is cut at the ends of the window', () => {
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintBrush(log, palette, { from: 40, to: 60 }, { from: 0, to: 50 })
    expect(log.of('fillRect')[0]!.rect).toEqual([64, area.top, (area.right - area.left) / 2, area.bottom - area.top])
  })
})
