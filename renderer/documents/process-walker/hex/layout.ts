import type { Address, Bytes } from '../../../../shared/base/units'
import type { OverlayField } from '../../../../shared/model/process-memory'

/*
 * A dump in lines of 16 bytes:
 *
 *   0x000F'0080  00 00 00 02 70 2A 04 00  ...   ....p*..
 *   address      bytes                          ASCII
 */
export const LINE_BYTES = 16
/** Bytes asked for at a time; a multiple of a line. */
export const PAGE_BYTES = 4096

export interface HexPage {
  readonly address: Address
  readonly bytes: Uint8Array
  readonly changed: Uint8Array
  readonly fields: readonly OverlayField[]
  /** For each byte the index of its field, -1 for none. */
  readonly fieldAt: Int32Array
}

export interface HexByte {
  readonly address: Address
  /** Two digits; `  ` where there is no byte to read. */
  readonly text: string
  readonly character: string
  readonly changed: boolean
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

/** Printable ASCII, else a dot. */
export const characterOf = (value: number): string => (value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '.')

/** Inner structures come last in the list of fields and win. */
export function hexPage(page: { readonly address: Address; readonly bytes: Uint8Array; readonly changed: Uint8Array; readonly fields: readonly OverlayField[] }): HexPage {
  const fieldAt = new Int32Array(page.bytes.length).fill(-1)
  page.fields.forEach((field, index) => {
    const from = Math.max(0, field.address - page.address)
    const to = Math.min(page.bytes.length, field.address + field.bytes - page.address)
    if (to > from) fieldAt.fill(index, from, to)
  })
  return { address: page.address, bytes: page.bytes, changed: page.changed, fields: page.fields, fieldAt }
}

/** One line out of its page; bytes beyond the readable ones are blank. */
export function hexLine(page: HexPage, line: Address): HexLine {
  let changedBytes = 0
  const bytes = Array.from({ length: LINE_BYTES }, (_, i): HexByte => {
    const address = line + i
    const at = address - page.address
    const value = page.bytes[at]
    if (at < 0 || value === undefined) return { address, text: '  ', character: ' ', changed: false, field: null, starts: false }
    const changed = page.changed[at] === 1
    if (changed) changedBytes++
    const field = page.fields[page.fieldAt[at]!] ?? null
    return { address, text: DIGITS[value]!, character: characterOf(value), changed, field, starts: field?.address === address }
  })
  return { address: line, bytes, changedBytes }
}

/** Little-endian number of `length` bytes at `address`; null when it reaches beyond the page. */
export function numberAt(page: HexPage, address: Address, length: Bytes): number | null {
  const at = address - page.address
  if (at < 0 || at + length > page.bytes.length) return null
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + page.bytes[at + i]!
  return value
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

/** `70 2A 04`, `702a04` as bytes; with quotes, or anything else, the characters' bytes; null when there is nothing. */
export function parsePattern(text: string): Uint8Array | null {
  const quoted = /^\s*"(.*)"\s*$/s.exec(text)
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '')
  if (quoted === null && digits.length % 2 === 0 && /^[\da-f]+$/i.test(digits)) return Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16))
  const characters = quoted?.[1] ?? text.trim()
  return characters === '' ? null : Uint8Array.from(characters, (character) => character.charCodeAt(0) & 0xff)
}

/** `block header: requested size, 100 bytes`. */
export const fieldText = (field: OverlayField): string => `${field.structure}: ${field.field}${field.text === '' ? '' : `, ${field.text}`}`
