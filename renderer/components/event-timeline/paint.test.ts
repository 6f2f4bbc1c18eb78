import { describe, expect, test } from 'vitest'
import { DrawLog } from '../../canvas/draw-log'
import { testPalette as palette } from '../../canvas/testing/palette'
import { bandOutline, eventAtX, eventX, spreadLabels, stepLine, timelineArea, valueAt, type TimelinePage } from './layout'
import { paintScrubber, paintTimeline, type TimelinePicture } from './paint'

const SIZE = { width: 500, height: 120 }
const of = (...values: number[]): Float64Array => Float64Array.from(values)
const same = (values: Float64Array) => ({ min: values, max: values, last: values })
const page: TimelinePage = {
  events: of(0, 50, 100),
  series: { live: { min: of(0, 100, 10), max: of(0, 900, 300), last: of(0, 400, 200) }, footprint: same(of(0, 1024, 1024)), reserved: same(of(2048, 2048, 2048)) },
}
const picture: TimelinePicture = { view: { from: 0, to: 100 }, page, most: 2048, marks: [{ event: 50, kind: 'jump', text: 'Peak live' }] }
const area = timelineArea(SIZE)
const place = { x: (event: number) => eventX(area, picture.view, event), y: (bytes: number) => bytes }

describe('timeline', () => {
  test('places of events go both ways', () => {
    for (const event of [0, 17, 100]) expect(eventAtX(area, picture.view, eventX(area, picture.view, event))).toBeCloseTo(event, 9)
  })

  test('values hold until the next event', () => {
    expect(stepLine(page, of(1, 5, 2), place)).toEqual([64, 1, 246, 1, 246, 5, 428, 5, 428, 2])
  })

  test('a band is drawn only where buckets hold several values', () => {
    expect(bandOutline(page, page.series['footprint']!, place)).toEqual([])
    expect(bandOutline(page, page.series['live']!, place).length).toBeGreaterThan(0)
  })

  test('live is filled, all three lines are labelled, the band is there once', () => {
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintTimeline(log, palette, picture)
    expect(log.texts.filter((text) => ['live', 'committed', 'reserved'].includes(text)).sort()).toEqual(['committed', 'live', 'reserved'])
    expect(log.of('area').map((area_) => area_.color)).toEqual(['rgba(63, 143, 210, 0.3)', 'rgba(63, 143, 210, 0.2)'])
    expect(log.of('line').map((line) => line.color)).toEqual(expect.arrayContaining(['#3f8fd2', '#e2702c', '#98a2b3']))
    expect(log.texts).toEqual(expect.arrayContaining(['0 B', '1 KiB', '2 KiB', '0', '100']))
  })

  test('the handle stands at the event, and is not drawn outside the window', () => {
    const inside = new DrawLog(SIZE.width, SIZE.height)
    paintScrubber(inside, palette, { view: picture.view, event: 50, pointed: null })
    expect(inside.of('area')[0]!.points).toEqual([240, 12, 252, 12, 246, 21])
    const outside = new DrawLog(SIZE.width, SIZE.height)
    paintScrubber(outside, palette, { view: { from: 60, to: 100 }, event: 10, pointed: null })
    expect(outside.calls).toEqual([])
  })

  test('labels at line ends keep their distance and their order', () => {
    expect(spreadLabels([50, 52, 20], 12, 100)).toEqual([50, 62, 20])
    expect(spreadLabels([98, 99, 97], 12, 100)).toEqual([88, 100, 76])
  })

  test('the value after an event is its bucket’s last', () => {
    expect(valueAt(page, 'live', 50)).toBe(400)
    expect(valueAt(page, 'live', 51)).toBe(200)
    expect(valueAt(page, 'nothing', 51)).toBeNull()
  })
})
