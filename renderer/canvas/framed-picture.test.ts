import { describe, expect, test } from 'vitest'
import { DrawLog } from './draw-log'
import { framedSize, paintFramed, wrapWords, type PictureFrame, type ShownPicture } from './framed-picture'
import { testPalette as palette } from './testing/palette'

const size = { width: 300, height: 100, pixelRatio: 2 }
const picture: ShownPicture = {
  size, palette, ground: palette.panel,
  paint: (target) => {
    target.fillRect(0, 0, target.width, target.height, '#111111')
    target.line([0, 5, 10, 6], { color: '#222222' })
    target.pixels({ width: 1, height: 1, rgba: new Uint8ClampedArray(4) }, 3, 4)
  },
}
const frame: PictureFrame = {
  title: 'Footprint', notes: ['Median and quartiles of ten runs a side, aligned by progress'],
  legend: [{ letter: 'A', name: 'Before', color: () => '#ff0000' }, { letter: 'B', name: 'After', color: () => '#00ff00' }],
}

describe('a picture with its head', () => {
  test('what the view shows lies whole below the head', () => {
    const log = new DrawLog(300, framedSize(size, frame).height, 2)
    paintFramed(log, picture, frame)
    const head = framedSize(size, frame).height - size.height
    const view = log.of('fillRect').find(({ color }) => color === '#111111')!
    expect(view.rect).toEqual([0, head, 300, 100])
    expect(log.of('line')[0]!.points).toEqual([0, 5 + head, 10, 6 + head])
    expect(log.of('pixels')[0]!.at).toEqual([3, 4 + 2 * head])
    for (const text of log.of('text')) expect(text.at[1]).toBeLessThan(head)
  })

  test('title, letters and names, and notes in lines are all there', () => {
    const log = new DrawLog(300, 400)
    paintFramed(log, picture, frame)
    expect(log.texts.slice(0, 5)).toEqual(['Footprint', 'A', 'Before', 'B', 'After'])
    expect(log.texts.slice(5).join(' ')).toBe(frame.notes[0])
  })

  test('a narrow picture has a higher head, and nothing is left out', () => {
    const narrow = { ...size, width: 90 }
    const log = new DrawLog(90, 400)
    paintFramed(log, { ...picture, size: narrow }, frame)
    expect(framedSize(narrow, frame).height).toBeGreaterThan(framedSize(size, frame).height)
    expect(log.texts).toContain('After')
  })

  test('words wrap between words', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrapWords('incomprehensible yes', 5)).toEqual(['incomprehensible', 'yes'])
    expect(wrapWords('', 5)).toEqual([])
  })
})
