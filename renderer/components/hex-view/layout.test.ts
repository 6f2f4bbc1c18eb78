import { describe, expect, it } from 'vitest'
import type { OverlayField } from '../../../shared/model/process-memory'
import { characterOf, digitsText, dumpText, fieldText, hexLine, hexPage, lineCount, lineOf, moveCursor, numberAt, numbersText, parsePattern, selectionBetween } from './layout'

const ENTRY: OverlayField = { address: 0xf0000, bytes: 8, structure: 'handle entry', field: 'whole', text: '' }
const ADDRESS: OverlayField = { address: 0xf0004, bytes: 4, structure: 'handle entry', field: 'address', text: '0x00042A70', target: 0x42a70 }

const page = hexPage({
  address: 0xf0000,
  bytes: Uint8Array.from([0, 0, 2, 0, 0x70, 0x2a, 0x04, 0x00, 0x41, 0x7e, 0x7f]),
  changed: Uint8Array.from([0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0]),
  fields: [ENTRY, ADDRESS],
})

describe('hexLine', () => {
  const whole = { from: 0xf0000, to: 0xf1000 }
  const line = hexLine(page, 0xf0000, whole)

  it('writes bytes as two digits and as printable characters', () => {
    expect(line.bytes.slice(2, 11).map(({ text }) => text).join(' ')).toBe('02 00 70 2A 04 00 41 7E 7F')
    expect(line.bytes.map(({ character }) => character).join('')).toBe('....p*..A~.     ')
    expect(line.bytes[11]!.text).toBe('??')
  })

  it('marks and counts changed bytes', () => {
    expect(line.bytes.flatMap(({ changed }, i) => (changed ? [i] : []))).toEqual([2, 4, 5])
    expect(line.changedBytes).toBe(3)
  })

  it('shows questions where nothing can be read, and blanks outside the range', () => {
    const holes = hexPage({ address: 0x1000, bytes: Uint8Array.of(1, 2, 3, 4), readable: Uint8Array.of(1, 0, 0, 1) })
    const texts = hexLine(holes, 0x1000, { from: 0x1001, to: 0x1006 }).bytes.map(({ text }) => text)
    expect(texts.slice(0, 7)).toEqual(['  ', '??', '??', '04', '??', '??', '  '])
    expect(numberAt(holes, 0x1000, 2)).toBeNull()
  })

  it('shows decoded bytes on demand and tells them from stored ones', () => {
    const encoded = hexPage({ address: 0x1000, bytes: Uint8Array.of(0xaa, 1), decoded: Uint8Array.of(0x10, 1) })
    const range = { from: 0x1000, to: 0x1002 }
    expect(hexLine(encoded, 0x1000, range, true).bytes.slice(0, 2)).toMatchObject([{ text: '10', decoded: true }, { text: '01', decoded: false }])
    expect(hexLine(encoded, 0x1000, range).bytes[0]).toMatchObject({ text: 'AA', decoded: false })
    expect(numberAt(encoded, 0x1000, 1)).toBe(0xaa)
  })

  it('gives each byte its innermost field, and marks where one begins', () => {
    expect(line.bytes[3]!.field).toBe(ENTRY)
    expect(line.bytes[4]!.field).toBe(ADDRESS)
    expect(line.bytes.flatMap(({ starts }, i) => (starts ? [i] : []))).toEqual([0, 4])
    expect(line.bytes[8]!.field).toBeNull()
  })
})

it('cuts fields that reach beyond a page', () => {
  const half = hexPage({ address: 0x1000, bytes: new Uint8Array(4), changed: new Uint8Array(4), fields: [{ ...ENTRY, address: 0xffc, bytes: 6 }, { ...ENTRY, address: 0x1003, bytes: 99 }] })
  expect([...half.fieldAt]).toEqual([0, 0, -1, 1])
})

it('reads little-endian numbers inside the page only', () => {
  expect(numberAt(page, 0xf0004, 4)).toBe(0x42a70)
  expect(numberAt(page, 0xf0009, 4)).toBeNull()
  expect(numberAt(page, 0xeffff, 1)).toBeNull()
})

it('counts lines from the first whole line on', () => {
  expect(lineOf(0x1019)).toBe(0x1010)
  expect(lineCount(0x1000, 0x1000)).toBe(0)
  expect(lineCount(0x1008, 0x1021)).toBe(3)
})

describe('moveCursor', () => {
  const range = { from: 0x1000, to: 0x2000 }
  const move = (key: string, cursor: number, modified = false): number | null => moveCursor(key, modified, cursor, range, 10)

  it('moves by bytes, lines and pages', () => {
    expect(move('ArrowRight', 0x1234)).toBe(0x1235)
    expect(move('ArrowUp', 0x1234)).toBe(0x1224)
    expect(move('PageDown', 0x1234)).toBe(0x12d4)
    expect(move('Home', 0x1234)).toBe(0x1230)
    expect(move('End', 0x1234, true)).toBe(0x1fff)
    expect(move('x', 0x1234)).toBeNull()
  })

  it('stays in the range', () => {
    expect(move('ArrowLeft', 0x1000)).toBe(0x1000)
    expect(move('PageDown', 0x1ff8)).toBe(0x1fff)
  })
})

describe('parsePattern', () => {
  it('takes hexadecimal digits with and without blanks', () => {
    expect([...parsePattern('70 2a 04')!]).toEqual([0x70, 0x2a, 0x04])
    expect([...parsePattern('0x702A')!]).toEqual([0x70, 0x2a])
  })

  it('takes characters, and digits in quotes as characters', () => {
    expect([...parsePattern('heap')!]).toEqual([104, 101, 97, 112])
    expect([...parsePattern('"41"')!]).toEqual([0x34, 0x31])
    expect(parsePattern('  ')).toBeNull()
  })
})

it('names characters and fields', () => {
  expect(characterOf(0x1f)).toBe('.')
  expect(fieldText(ADDRESS)).toBe('handle entry: address, 0x00042A70')
  expect(fieldText(ENTRY)).toBe('handle entry: whole')
})

it('tells what a decoded field is stored as', () => {
  expect(fieldText({ ...ADDRESS, raw: '0x1F' })).toBe('handle entry: address, 0x00042A70 (stored as 0x1F)')
})

it('tells numbers as far as the bytes reach', () => {
  expect(numbersText(page, 0xf0004)).toBe('8 bit 112 · 16 bit 10,864 · 32 bit 273,008')
  expect(numbersText(page, 0xf000a)).toBe('8 bit 127')
})

it('selects from end to end in either direction', () => {
  expect(selectionBetween(0x1008, 0x1002)).toEqual({ from: 0x1002, to: 0x1009 })
})

it('copies digits and lines of a dump', () => {
  const lines = [hexLine(page, 0xf0000, { from: 0xf0002, to: 0xf000b })]
  expect(digitsText(lines)).toBe('02 00 70 2A 04 00 41 7E 7F')
  expect(dumpText(lines)).toBe("0x000F'0000        02 00 70 2A 04 00 41 7E 7F                   ..p*..A~.")
})
