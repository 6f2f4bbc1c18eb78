import type { Address, Bytes } from '../../../shared/base/units'
import { LINE_BYTES } from '../../../shared/model/memory-image'
import type { OverlayField } from '../../../shared/model/process-memory'
import { formatCount, formatShortAddress } from '../format'
import type { HexBytes, HexSelection } from './hex-source'

/*
 * A dump in lines of 16 bytes:
 *
 *   0x000F'0080  00 00 00 02 70 2A 04 00  ...   ....p*..
 *   address      bytes                          ASCII
 */
/** Bytes asked for at a time; a multiple of a line. */
export const PAGE_BYTES = 4096

export interface HexPage {
  readonly address: Address
  readonly bytes: Uint8Array
  readonly decoded: Uint8Array | undefined
  readonly readable: Uint8Array | undefined
  readonly changed: Uint8Array | undefined
  readonly fields: readonly OverlayField[]
  /** For each byte the index of its field, -1 for none. */
  readonly fieldAt: Int32Array
}

export interface HexByte {
  readonly address: Address
  /** Two digits; `??` where a byte cannot be read, blanks outside the range. */
  readonly text: string
  readonly character: string
  readonly changed: boolean
  /** `text` is not what is stored there. */
  readonly decoded: boolean
  readonly field: OverlayField | null
  /** The first of its field's bytes. */
  readonly starts: boolean
}

export interface HexLine {
  readonly address: Address
  readonly bytes: readonly HexByte[]
  readonly changedBytes: number
}

export const lineOf = (address: Address): Address => address - (address % LINE_BYTES)
export const pageOf = (address: Address): Address => address - (address % PAGE_BYTES)
export const lineCount = (from: Address, to: Address): number => Math.ceil((to - lineOf(from)) / LINE_BYTES)

const DIGITS = Array.from({ length: 256 }, (_, value) => value.toString(16).toUpperCase().padStart(2, '0'))
const UNREADABLE = '??'

/** Printable ASCII, else a dot. */
export const characterOf = (value: number): string => (value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '.')

/** Inner structures come last in the list of fields and win. */
export function hexPage({ address, bytes, readable, changed, decoded, fields = [] }: HexBytes): HexPage {
  const fieldAt = new Int32Array(bytes.length).fill(-1)
  fields.forEach((field, index) => {
    const from = Math.max(0, field.address - address)
    const to = Math.min(bytes.length, field.address + field.bytes - address)
    if (to > from) fieldAt.fill(index, from, to)
  })
  return { address, bytes, decoded, readable, changed, fields, fieldAt }
}

/** The byte as stored; null where it cannot be read. */
function valueAt({ address, bytes, readable }: HexPage, at: Address): number | null {
  const index = at - address
  return index < 0 || index >= bytes.length || readable?.[index] === 0 ? null : bytes[index]!
}

const BLANK = { text: '  ', character: ' ', changed: false, decoded: false, field: null, starts: false } as const

/** One line out of its page, of which only the bytes in the range are there. */
export function hexLine(page: HexPage, line: Address, range: { readonly from: Address; readonly to: Address }, isDecoded = false): HexLine {
  let changedBytes = 0
  const bytes = Array.from({ length: LINE_BYTES }, (_, i): HexByte => {
    const address = line + i
    if (address < range.from || address >= range.to) return { ...BLANK, address }
    const stored = valueAt(page, address)
    if (stored === null) return { ...BLANK, address, text: UNREADABLE }
    const at = address - page.address
    const value = isDecoded ? (page.decoded?.[at] ?? stored) : stored
    const changed = page.changed?.[at] === 1
    if (changed) changedBytes++
    const field = page.fields[page.fieldAt[at]!] ?? null
    return { address, text: DIGITS[value]!, character: characterOf(value), changed, decoded: value !== stored, field, starts: field?.address === address }
  })
  return { address: line, bytes, changedBytes }
}

/** Little-endian number of `length` bytes as stored at `address`; null when it reaches beyond the page or what can be read. */
export function numberAt(page: HexPage, address: Address, length: Bytes): number | null {
  let value = 0
  for (let i = length - 1; i >= 0; i--) {
    const byte = valueAt(page, address + i)
    if (byte === null) return null
    value = value * 256 + byte
  }
  return Number.isSafeInteger(value) ? value : null
}

/** Where a key moves the cursor in [from, to); null for a key that moves nothing. */
export function moveCursor(key: string, modified: boolean, cursor: Address, range: { readonly from: Address; readonly to: Address }, pageLines: number): Address | null {
  const line = lineOf(cursor)
  const targets: Record<string, Address> = {
    ArrowLeft: cursor - 1,
    ArrowRight: cursor + 1,
    ArrowUp: cursor - LINE_BYTES,
    ArrowDown: cursor + LINE_BYTES,
    PageUp: cursor - LINE_BYTES * pageLines,
    PageDown: cursor + LINE_BYTES * pageLines,
    Home: modified ? range.from : line,
    End: modified ? range.to - 1 : line + LINE_BYTES - 1,
  }
  const target = targets[key]
  return target === undefined ? null : Math.min(range.to - 1, Math.max(range.from, target))
}

/** The bytes from one end to the other, whichever comes first. */
export const selectionBetween = (anchor: Address, cursor: Address): HexSelection => ({ from: Math.min(anchor, cursor), to: Math.max(anchor, cursor) + 1 })

/** `70 2A 04`, `702a04` as bytes; with quotes, or anything else, the characters' bytes; null when there is nothing. */
export function parsePattern(text: string): Uint8Array | null {
  const quoted = /^\s*"(.*)"\s*$/s.exec(text)
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '')
  if (quoted === null && digits.length % 2 === 0 && /^[\da-f]+$/i.test(digits)) return Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16))
  const characters = quoted?.[1] ?? text.trim()
  return characters === '' ? null : Uint8Array.from(characters, (character) => character.charCodeAt(0) & 0xff)
}

/** `block header: requested size, 100 bytes (stored as 0x64)`. */
export function fieldText({ structure, field, text, raw }: OverlayField): string {
  return `${structure}: ${field}${text === '' ? '' : `, ${text}`}${raw === undefined ? '' : ` (stored as ${raw})`}`
}

const NUMBERS = [[1, '8 bit'], [2, '16 bit'], [4, '32 bit']] as const

/** What the bytes at an address are as unsigned numbers: `8 bit 112 · 16 bit 10,864 · 32 bit 273,008`. */
export function numbersText(page: HexPage, address: Address): string {
  const parts = NUMBERS.flatMap(([bytes, name]) => {
    const value = numberAt(page, address, bytes)
    return value === null ? [] : [`${name} ${formatCount(value)}`]
  })
  return parts.join(' · ')
}

/** Selected bytes as digits: `70 2A 04 00`. */
export const digitsText = (lines: readonly HexLine[]): string => lines.flatMap(({ bytes }) => bytes.map(({ text }) => text)).filter((text) => text !== BLANK.text).join(' ')

/** Selected bytes as lines of a dump: `0x000F'0080  00 00 00 02 ...  ....p*..`. */
export const dumpText = (lines: readonly HexLine[]): string =>
  lines.map(({ address, bytes }) => `${formatShortAddress(address)}  ${bytes.map(({ text }) => text).join(' ')}  ${bytes.map(({ character }) => character).join('')}`.trimEnd()).join('\n')
