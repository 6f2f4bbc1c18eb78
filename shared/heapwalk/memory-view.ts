import type { Address, Bytes } from '../base/units'
import type { ProcessMemory } from '../model/process-memory'
import type { Bits } from './layouts/structure-table'

const PAGE = 4096
/** Pages kept, direct-mapped; lists of a heap jump about within few pages. */
const KEPT_PAGES = 256
/** A dump that claims terabytes it does not hold must not keep a walk busy. */
const MAX_PROBES = 1 << 20
/** High half of the first address a double cannot hold exactly (2^53). */
const HIGH_LIMIT = 0x200000

/**
 * Single values out of a process's memory. What cannot be read, and a pointer no double can hold, is NaN, so that any
 * comparison with it fails; nothing throws. Whole ranges are read by the walkers themselves, window by window.
 */
export class MemoryView {
  readonly memory: ProcessMemory
  readonly #pages: Uint8Array[] = new Array<Uint8Array>(KEPT_PAGES)
  #probesLeft = MAX_PROBES
  readonly #bases = new Float64Array(KEPT_PAGES).fill(-1)

  constructor(memory: ProcessMemory) {
    this.memory = memory
  }

  u8(address: Address): number {
    const page = this.#page(address)
    const value = page === undefined ? undefined : page[address % PAGE]
    return value ?? this.#exact(address, 1)?.[0] ?? NaN
  }

  u16(address: Address): number {
    return this.#number(address, 2)
  }

  u32(address: Address): number {
    return this.#number(address, 4)
  }

  pointer(address: Address, bits: Bits): number {
    const low = this.#number(address, 4)
    if (bits === 32) return low
    const high = this.#number(address + 4, 4)
    return high < HIGH_LIMIT ? high * 0x100000000 + low : NaN
  }

  /** A size or count as wide as a pointer. */
  word(address: Address, bits: Bits): number {
    return this.pointer(address, bits)
  }

  /** `length` bytes, or undefined when not all of them can be read. */
  bytes(address: Address, length: Bytes): Uint8Array | undefined {
    const inPage = address % PAGE
    const page = this.#page(address)
    if (page !== undefined && inPage + length <= page.length) return page.subarray(inPage, inPage + length)
    return this.#exact(address, length)
  }

  /** The first page from `address` up that can be read, or `end`. After MAX_PROBES pages found missing in all, `end`. */
  nextReadable(address: Address, end: Address): Address {
    let page = address - (address % PAGE)
    if (page < address) page += PAGE
    while (page < end) {
      if (this.#probesLeft === 0) return end
      if (this.memory.read(page, 1).length === 1) return page
      this.#probesLeft--
      page += PAGE
    }
    return end
  }

  #number(address: Address, width: 2 | 4): number {
    const inPage = address % PAGE
    const page = this.#page(address)
    if (page !== undefined && inPage + width <= page.length) return little(page, inPage, width)
    const exact = this.#exact(address, width)
    return exact === undefined ? NaN : little(exact, 0, width)
  }

  #exact(address: Address, length: Bytes): Uint8Array | undefined {
    if (!(address >= 0 && length >= 0)) return undefined
    const bytes = this.memory.read(address, length)
    return bytes.length === length ? bytes : undefined
  }

  #page(address: Address): Uint8Array | undefined {
    if (!(address >= 0)) return undefined
    const base = address - (address % PAGE)
    const place = (base / PAGE) % KEPT_PAGES
    if (this.#bases[place] === base) return this.#pages[place]
    const page = this.memory.read(base, PAGE)
    this.#pages[place] = page
    this.#bases[place] = base
    return page
  }
}

function little(bytes: Uint8Array, at: number, width: 2 | 4): number {
  const low = bytes[at]! | (bytes[at + 1]! << 8)
  return width === 2 ? low : (low | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}
