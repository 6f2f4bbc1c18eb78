import { describe, expect, test } from 'vitest'
import { Ground } from '../../../shared/analysis/address-time/address-time-tile'
import { foldSpace, offsetOf, type FoldedSpace } from '../../../shared/analysis/address-time/folded-space'
import { CODES_OF_COLOR, COLORED_SITES, Life } from '../../../shared/analysis/address-time/lifetime-colors'
import type { AddressTimeWindow } from '../../../shared/analysis/address-time/lifetime-index'
import { LIFE_COLORS } from '../../../shared/analysis/address-time/names'
import { STILL_ALIVE } from '../../../shared/base/units'
import type { ColoredTile } from '../../../shared/ipc/address-time-api'
import { DrawLog } from '../../canvas/draw-log'
import { luminance, parseColor } from '../../canvas/palette'
import { SvgTarget } from '../../canvas/svg-target'
import { testPalette as palette } from '../../canvas/testing/palette'
import { addressTicks, boxOf, boxOfRectangle, clampWindow, eventAtX, eventTicks, gridOf, lifeAt, lifeLimits, offsetAtY, panWindow, plotArea, rectangleBetween, revealing, shownBreaks, wholeWindow, windowAround, xOf, yOf, zoomWindow } from './layout'
import { codeColor, codeFilter, codeLetter, codeName, legendOf } from './life-colors'
import { readFilter } from '../../../shared/analysis/filter/read-filter'
import { codesIn, describeWindow, lifeLines, windowTable } from './life-text'
import { paintLives, paintOverlay, type LifePicture } from './paint'
import { windowChoice, windowOfChoice } from './window-choice'

const SIZE = { width: 538, height: 234 }
const KIB = 1024
const MIB = 1024 * KIB
/** 64 KiB from 1 MiB on and 64 KiB from 1 GiB on. */
const space: FoldedSpace = foldSpace([{ base: MIB, end: MIB + 64 * KIB }, { base: 1024 * MIB, end: 1024 * MIB + 64 * KIB }], [{ base: MIB, end: MIB + 64 * KIB }, { base: 1024 * MIB, end: 1024 * MIB + 64 * KIB }])
const limits = lifeLimits(space, 199)
const whole = wholeWindow(limits)
const area = plotArea(SIZE)

function tileOf(code: number, patch: Partial<ColoredTile> = {}, grid = { columns: 4, rows: 2 }): ColoredTile {
  const cells = grid.columns * grid.rows
  return { code: new Uint8Array(cells).fill(code), share: new Uint8Array(cells).fill(255), ground: new Uint8Array(cells).fill(Ground.Committed), count: 3, lives: null, sites: [], isFilterKnown: true, ...patch }
}

const pictureOf = (patch: Partial<LifePicture> = {}): LifePicture => ({
  space, window: whole, tile: tileOf(Life.Live + 1), tileWindow: whole, grid: { columns: 4, rows: 2 }, color: 'life', event: 100, marks: [{ event: 50, letter: 'Peak' }], kept: null, ...patch,
})

function draw(picture: LifePicture): DrawLog {
  const log = new DrawLog(SIZE.width, SIZE.height)
  paintLives(log, palette, picture, { pixels: new Uint32Array(0) })
  return log
}

function pixelAt(log: DrawLog, x: number, y: number): number[] {
  const { block, at } = log.of('pixels')[0]!
  const place = ((Math.round(y) - at[1]) * block.width + Math.round(x) - at[0]) * 4
  return [...block.rgba.slice(place, place + 3)]
}

/** Three lifetimes: at the beginning of the space, over the break's end, and one that is never freed. */
const lives = {
  offset: Float64Array.of(0, 64 * KIB, 96 * KIB), size: Float64Array.of(32 * KIB, 16 * KIB, 32 * KIB), birth: Uint32Array.of(10, 50, 120), death: Uint32Array.of(150, 90, STILL_ALIVE),
  code: Uint8Array.of(Life.Live, Life.Before, Life.Never),
}

describe('places', () => {
  test('of events and offsets go both ways, in any window', () => {
    for (const window of [whole, { fromOffset: 1000, toOffset: 3000, fromEvent: 3.5, toEvent: 9 }]) {
      for (const event of [4, 7.25]) expect(eventAtX(area, window, xOf(area, window, event))).toBeCloseTo(event, 9)
      for (const offset of [1000, 2345]) expect(offsetAtY(area, window, yOf(area, window, offset))).toBeCloseTo(offset, 6)
    }
  })

  test('zoom keeps what lies under the pointer, one axis or both, and never leaves the run', () => {
    const place = { x: 0.25, y: 0.75 }
    const under = (window: AddressTimeWindow) => [window.fromEvent + (window.toEvent - window.fromEvent) * place.x, window.fromOffset + (window.toOffset - window.fromOffset) * place.y]
    const closer = zoomWindow(whole, 0.5, place, 'both', limits)
    expect(under(closer)).toEqual(under(whole))
    const events = zoomWindow(whole, 0.5, place, 'events', limits)
    expect([events.fromOffset, events.toOffset, events.toEvent - events.fromEvent]).toEqual([whole.fromOffset, whole.toOffset, 100])
    expect(zoomWindow(whole, 0.5, place, 'addresses', limits).toEvent).toBe(whole.toEvent)
    expect(zoomWindow(closer, 100, place, 'both', limits)).toEqual(whole)
    expect(panWindow(closer, 50, 50, limits)).toEqual({ fromOffset: 64 * KIB, toOffset: 128 * KIB, fromEvent: 100, toEvent: 200 })
    expect(clampWindow({ fromOffset: 5, toOffset: 6, fromEvent: 7, toEvent: 7.5 }, limits)).toEqual({ fromOffset: 5, toOffset: 69, fromEvent: 7, toEvent: 11 })
  })

  test('a selected lifetime is brought into sight, and only when it is out of it', () => {
    const closer = { fromOffset: 0, toOffset: 8 * KIB, fromEvent: 0, toEvent: 20 }
    expect(revealing(closer, { offset: 100, event: 10 }, limits)).toBe(closer)
    const moved = revealing(closer, { offset: 100 * KIB, event: 150 }, limits)
    expect(moved.fromOffset).toBeLessThan(100 * KIB)
    expect(moved.toOffset).toBeGreaterThan(100 * KIB)
    expect(moved.toEvent - moved.fromEvent).toBe(20)
    const around = windowAround({ offset: 64 * KIB, sizeBytes: 16 * KIB, birth: 50, death: 90 }, limits)
    expect(around).toEqual({ fromOffset: 48 * KIB, toOffset: 96 * KIB, fromEvent: 10, toEvent: 130 })
  })

  test('lifetimes become boxes, those that never end reach the right edge, and places find them again', () => {
    const box = boxOf(area, whole, { offset: lives.offset[2]!, size: lives.size[2]!, birth: 120, death: STILL_ALIVE })!
    expect(box.x + box.width).toBe(area.right)
    expect(box.y + box.height).toBe(area.bottom)
    expect(boxOf(area, { ...whole, toEvent: 100 }, { offset: lives.offset[2]!, size: lives.size[2]!, birth: 120, death: STILL_ALIVE })).toBeNull()
    expect([lifeAt(lives, 5, 10), lifeAt(lives, 5, 150), lifeAt(lives, 100 * KIB, 199), lifeAt(lives, 40 * KIB, 20)]).toEqual([0, -1, 2, -1])
  })

  test('a brush becomes whole addresses and events, on its own side of a break', () => {
    const top = rectangleBetween(space, area, whole, { x: area.left, y: area.top }, { x: xOf(area, whole, 10.5), y: yOf(area, whole, 64 * KIB) })!
    expect(top).toEqual({ fromAddress: MIB, toAddress: MIB + 64 * KIB, fromEvent: 0, toEvent: 10 })
    const bottom = rectangleBetween(space, area, whole, { x: xOf(area, whole, 20), y: area.bottom }, { x: xOf(area, whole, 30), y: yOf(area, whole, 64 * KIB) })!
    expect(bottom).toEqual({ fromAddress: 1024 * MIB, toAddress: 1024 * MIB + 64 * KIB, fromEvent: 20, toEvent: 29 })
    const box = boxOfRectangle(space, area, whole, bottom)!
    expect([box.x, box.x + box.width]).toEqual([xOf(area, whole, 20), xOf(area, whole, 30)])
    expect([offsetOf(space, bottom.fromAddress), box.height]).toEqual([64 * KIB, (area.bottom - area.top) / 2])
  })

  test('a picture has at most the cells one answer holds', () => {
    const grid = gridOf(plotArea({ width: 3840, height: 2160 }), 700_000)
    expect(grid.columns * grid.rows).toBeLessThanOrEqual(700_000)
    expect(gridOf(area, 700_000)).toEqual({ columns: 400, rows: 200 })
  })

  test('ticks stand at round addresses and events; what is left out is told', () => {
    expect(addressTicks(space, area, whole).map(({ text }) => text)).toContain("0x0000'4000'0000")
    expect(addressTicks(space, area, whole)[0]).toEqual({ at: area.top, text: "0x0000'0010'0000" })
    expect(eventTicks(area, whole).map(({ text }) => text)).toEqual(['0', '100', '200'])
    expect(shownBreaks(space, area, whole)).toEqual([{ y: yOf(area, whole, 64 * KIB), text: '1023 MiB not reserved', isLabelled: true }])
  })
})

describe('painted lifetimes', () => {
  test('cells go to the canvas in one call, in the colour of their code', () => {
    const log = draw(pictureOf())
    expect(log.of('pixels')).toHaveLength(1)
    expect(log.of('pixels')[0]).toMatchObject({ at: [area.left, area.top], block: { width: 400, height: 200 } })
    expect(pixelAt(log, 300, 60)).toEqual([0x3f, 0x8f, 0xd2])
  })

  test('every code of every colouring looks unlike the ground and has a letter and a name', () => {
    for (const color of LIFE_COLORS) {
      const letters = new Set<string>()
      for (let code = 0; code < CODES_OF_COLOR[color]; code++) {
        expect(codeName(color, code, ['a', 'b', 'c', 'd', 'e', 'f'])).not.toBe('')
        letters.add(codeLetter(color, code))
        const contrast = (luminance(codeColor(palette, color, code)) + 0.05) / (luminance(parseColor(palette.background)) + 0.05)
        expect({ color, code, isSeen: contrast > 1.5 }).toEqual({ color, code, isSeen: true })
      }
      expect(letters.size).toBe(CODES_OF_COLOR[color])
    }
    expect(legendOf('site', ['a', 'b']).map(({ name }) => name)).toEqual(['a', 'b', 'other sites', 'site not known'])
    expect(legendOf('life', [], codesIn(tileOf(Life.Never + 1), 'life')).map(({ letter }) => letter)).toEqual(['N'])
    expect(legendOf('site', Array.from({ length: COLORED_SITES }, (_, i) => `s${i}`))).toHaveLength(CODES_OF_COLOR.site)
  })

  test('every code has a filter that keeps it', () => {
    for (const color of LIFE_COLORS) for (let code = 0; code < CODES_OF_COLOR[color]; code++) expect(readFilter(codeFilter(color, code, 50, ['a', 'say "b"']))).toBeDefined()
    expect([codeFilter('size', 0, 5, []), codeFilter('size', 1, 5, []), codeFilter('length', 6, 5, []), codeFilter('length', 7, 5, [])]).toEqual(['size <= 32', 'size in 33..128', 'lifetime > 1000000 and lifetime < never', 'death = never'])
    expect(codeFilter('site', COLORED_SITES, 5, ['a'])).toBe('site is known and site != "a"')
  })

  test('the states of life have patterns besides', () => {
    for (let code = 1; code < CODES_OF_COLOR.life; code++) {
      const log = draw(pictureOf({ tile: tileOf(code + 1) }))
      const colors = new Set<string>()
      for (let x = 200; x < 208; x++) for (let y = 40; y < 48; y++) colors.add(pixelAt(log, x, y).join())
      expect({ code, colors: colors.size }).toEqual({ code, colors: 2 })
    }
  })

  test('pages show through where nothing lives: committed, reserved with hatches, none', () => {
    const of = (ground: number): Set<string> => {
      const log = draw(pictureOf({ tile: tileOf(0, { ground: new Uint8Array(8).fill(ground) }) }))
      return new Set(Array.from({ length: 16 }, (_, i) => pixelAt(log, 300 + i, 50 + (i % 3)).join()))
    }
    expect([of(Ground.None).size, of(Ground.Reserved).size, of(Ground.Committed).size]).toEqual([1, 2, 1])
    expect([...of(Ground.None)][0]).not.toBe([...of(Ground.Committed)][0])
  })

  test('little covered is weaker, and what the filter leaves out is faded', () => {
    const full = pixelAt(draw(pictureOf()), 300, 60)
    const weak = pixelAt(draw(pictureOf({ tile: tileOf(1, { share: new Uint8Array(8).fill(20) }) })), 300, 60)
    const faded = pixelAt(draw(pictureOf({ tile: tileOf(1, { chosen: new Uint8Array(8) }) })), 300, 60)
    expect(weak[2]).toBeLessThan(full[2]!)
    expect(faded[2]).toBeLessThan(weak[2]!)
  })

  test('the last cells are drawn where they belong in a window that has moved on; beyond them is ground', () => {
    const code = Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0)
    const log = draw(pictureOf({ tile: tileOf(0, { code, ground: new Uint8Array(8) }), window: { ...whole, fromEvent: 50, toEvent: 250 } }))
    expect(pixelAt(log, xOf(area, { ...whole, fromEvent: 50, toEvent: 250 }, 75), 60)).toEqual([0x3f, 0x8f, 0xd2])
    expect(pixelAt(log, xOf(area, { ...whole, fromEvent: 50, toEvent: 250 }, 120), 60)).toEqual([0x15, 0x18, 0x1d])
    expect(pixelAt(log, area.right - 2, 60)).toEqual([0x15, 0x18, 0x1d])
  })

  test('lifetimes told one by one have edges, and letters where there is room', () => {
    const log = draw(pictureOf({ tile: tileOf(0, { lives }) }))
    const box = boxOf(area, whole, { offset: 0, size: 32 * KIB, birth: 10, death: 150 })!
    expect(pixelAt(log, box.x + 20, box.y + 20)).toEqual([0x3f, 0x8f, 0xd2])
    expect(pixelAt(log, Math.round(box.x), box.y + 20)[2]).toBeLessThan(0x80)
    expect(log.texts.filter((text) => ['L', 'F', 'N'].includes(text)).sort()).toEqual(['F', 'L', 'N'])
  })

  test('axes, marks, breaks and the rectangle of the filter are told', () => {
    const log = draw(pictureOf({ kept: { fromAddress: MIB, toAddress: MIB + 4096, fromEvent: 10, toEvent: 20 } }))
    expect(log.texts).toEqual(expect.arrayContaining(["0x0000'0010'0000", '100', 'Peak', expect.stringContaining('not reserved')]))
    expect(log.of('strokeRect').map(({ color }) => color)).toEqual([palette.background, palette.accent])
    const svg = new SvgTarget({ ...SIZE, pixelRatio: 1 }, palette, () => 'data:image/png;base64,')
    paintLives(svg, palette, pictureOf(), { pixels: new Uint32Array(0) })
    expect(svg.document({ title: 't', description: 'd' }, palette.panel)).toContain('<image')
  })

  test('the event shown is a line, the selection an outline twice, others at its address a faint one', () => {
    const log = new DrawLog(SIZE.width, SIZE.height)
    const box = { x: 200, y: 50, width: 1, height: 2 }
    paintOverlay(log, palette, { window: whole, event: 100, hovered: null, selected: box, others: [{ ...box, y: 90 }], brushed: { x: 1, y: 2, width: 3, height: 4 } })
    expect(log.of('line').map(({ color }) => color)).toEqual([palette.background, palette.accent])
    expect(log.of('strokeRect').map(({ color, rect }) => [color, rect[2]])).toEqual([['rgba(228, 232, 239, 0.45)', 5], [palette.background, 5], [palette.text, 5], [palette.accent, 3]])
    const outside = new DrawLog(SIZE.width, SIZE.height)
    paintOverlay(outside, palette, { window: { ...whole, toEvent: 50 }, event: 100, hovered: null, selected: null, others: [], brushed: null })
    expect(outside.calls).toEqual([])
  })
})

describe('the picture in words', () => {
  test('a lifetime in four lines, with what is not known left out', () => {
    const life = { address: 0x10000, sizeBytes: 64, requestedBytes: 50, birth: 5, death: 25, occupant: 0, site: 'main', allocatedMeanwhile: 2048 }
    expect(lifeLines(life, 100)).toEqual(["0x0000'0001'0000 block", 'requested 50 B · consumed 64 B', 'event 5 to 25 · 20 events · 2 KiB allocated meanwhile', 'main'])
    expect(lifeLines({ ...life, requestedBytes: null, death: null, site: null, allocatedMeanwhile: null, occupant: 1 }, 100)).toEqual(["0x0000'0001'0000 internal", 'consumed 64 B', 'event 5 to the end, never freed · 95 events'])
  })

  test('what is shown and how much each code covers', () => {
    const text = describeWindow(space, whole, 199, tileOf(Life.Never + 1, { code: Uint8Array.of(0, 0, 2, 2, 0, 0, 2, 2), share: Uint8Array.of(0, 0, 255, 255, 0, 0, 255, 255) }), 'life')
    expect(text).toBe("3 lifetimes over events 0 to 199, 0x0000'0010'0000 to 0x0000'4001'0000. Of the area shown: never freed 50.0 %, pages committed 100.0 %.")
  })

  test('the table lists lifetimes where they are told, else shares', () => {
    const table = windowTable('t', [], space, tileOf(1, { lives }), 'life')
    expect(table.rows).toEqual([['0x100000', 32 * KIB, 10, 150, 'live'], ['0x40000000', 16 * KIB, 50, 90, 'freed before'], ['0x40008000', 32 * KIB, 120, null, 'never freed']])
    expect(windowTable('t', [], space, tileOf(1), 'life').rows).toEqual([['live', 1], ['pages committed', 1]])
  })
})

describe('window as a choice of the view', () => {
  test('says addresses and events, and gives the window again, also across what is left out', () => {
    const window = { fromOffset: 32 * KIB, toOffset: 64 * KIB, fromEvent: 10, toEvent: 60.25 }
    expect(windowChoice(space, window)).toBe('0x108000..0x110000 10..60.25')
    expect(windowOfChoice(space, windowChoice(space, window))).toEqual(window)
    const across = { fromOffset: 32 * KIB, toOffset: 96 * KIB, fromEvent: 0, toEvent: 200 }
    expect(windowChoice(space, across)).toBe('0x108000..0x40008000 0..200')
    expect(windowOfChoice(space, windowChoice(space, across))).toEqual(across)
  })

  test('what says no window shows everything', () => {
    for (const choice of [null, 7, '', '0x10..0x20', '0x20..0x10 1..2', '0x108000..0x110000 5..5', '0x108000..0x110000 5..9 more', '0x1..0x2 5..9']) expect(windowOfChoice(space, choice)).toBeNull()
  })
})
