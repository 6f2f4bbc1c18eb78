import { PAGE_BYTES, roundDown, type Address, type Bytes } from '../base/units'
import type { ProcessMemory } from './process-memory'
import { RegionState } from './region-table'

/** Bytes in a line of the hex view. */
export const LINE_BYTES = 16
const ZERO_PAGE = new Uint8Array(PAGE_BYTES)

export interface ImageRegion {
  readonly base: Address
  readonly bytes: Bytes
  /** RegionState. */
  readonly state: number
  /** PAGE_*; 0 unless committed and known. */
  readonly protect: number
  readonly owner: string
}

/**
 * The regions and bytes of an address space at one moment, kept to be looked at and compared later.
 *
 * Pages of zeros are not stored. Committed memory beyond `mostBytes` is not read: its regions are known, its bytes are
 * not, and `complete` is false.
 */
export class MemoryImage {
  readonly [Symbol.toStringTag] = 'MemoryImage'
  /** In address order, the free ones included. */
  readonly regions: readonly ImageRegion[]
  readonly complete: boolean
  readonly #pages = new Map<Address, Uint8Array>()
  /** Readable bytes of pages that are readable in part or not at all; a page not listed is readable as a whole. */
  readonly #readable = new Map<Address, Bytes>()

  constructor(memory: ProcessMemory, mostBytes: Bytes) {
    const table = memory.regions()
    const owners = memory.owners()
    const regions: ImageRegion[] = []
    let left = mostBytes
    let complete = true
    for (let row = 0; row < table.length; row++) {
      const region = { base: table.base.at(row), bytes: table.size.at(row), state: table.state.at(row), protect: table.protect?.at(row) ?? 0, owner: owners[table.owner.at(row)] ?? '' }
      regions.push(region)
      if (region.state !== RegionState.Committed) continue
      const read = Math.min(region.bytes, roundDown(Math.max(0, left), PAGE_BYTES))
      left -= read
      if (read < region.bytes) complete = false
      this.#keep(memory, region.base, read)
      for (let page = region.base + read; page < region.base + region.bytes; page += PAGE_BYTES) this.#readable.set(page, 0)
    }
    this.regions = regions
    this.complete = complete
  }

  #keep(memory: ProcessMemory, base: Address, bytes: Bytes): void {
    for (let page = base; page < base + bytes; page += PAGE_BYTES) {
      const content = memory.read(page, PAGE_BYTES)
      if (content.length < PAGE_BYTES) this.#readable.set(page, content.length)
      if (content.some((byte) => byte !== 0)) this.#pages.set(page, content.length === PAGE_BYTES ? content : padded(content))
    }
  }

  /** Index of the region that holds the address; -1 outside. */
  regionAt(address: Address): number {
    const { regions } = this
    let low = 0
    let high = regions.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (regions[middle]!.base <= address) low = middle
      else high = middle - 1
    }
    const region = regions[low]
    return region === undefined || address < region.base || address >= region.base + region.bytes ? -1 : low
  }

  /** The page's 4096 bytes, unreadable ones as 0; undefined when nothing of it is committed and readable. */
  page(page: Address): Uint8Array | undefined {
    const known = this.#pages.get(page)
    if (known !== undefined) return known
    if (this.#readable.get(page) === 0 || !this.#isCommitted(page)) return undefined
    return ZERO_PAGE
  }

  #isCommitted(page: Address): boolean {
    const region = this.regions[this.regionAt(page)]
    return region !== undefined && region.state === RegionState.Committed
  }

  /** Bytes from `address` on, at most `length`; ends early where memory that cannot be read begins. */
  read(address: Address, length: Bytes): Uint8Array {
    const bytes = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const at = address + filled
      const page = roundDown(at, PAGE_BYTES)
      const content = this.page(page)
      if (content === undefined) break
      const readable = this.#readable.get(page) ?? PAGE_BYTES
      const piece = content.subarray(at - page, Math.min(readable, at - page + length - filled))
      bytes.set(piece, filled)
      filled += piece.length
      if (at - page + piece.length < PAGE_BYTES) break
    }
    return filled === length ? bytes : bytes.slice(0, filled)
  }

  /** Address of the first occurrence of `pattern` at or after `from`; undefined without one. */
  find(pattern: Uint8Array, from: Address): Address | undefined {
    for (let index = Math.max(0, this.#firstRegionEndingAfter(from)); index < this.regions.length; index++) {
      const { base, bytes, state } = this.regions[index]!
      if (state !== RegionState.Committed) continue
      const found = this.#findIn(pattern, Math.max(base, from), base + bytes)
      if (found !== undefined) return found
    }
    return undefined
  }

  #firstRegionEndingAfter(address: Address): number {
    return this.regions.findIndex((region) => region.base + region.bytes > address)
  }

  /** Page by page; an occurrence may begin in one page and end in the next ones, of the next regions too. */
  #findIn(pattern: Uint8Array, from: Address, to: Address): Address | undefined {
    const first = pattern[0]!
    for (let page = roundDown(from, PAGE_BYTES); page < to; page += PAGE_BYTES) {
      const content = this.page(page)
      if (content === undefined) continue
      if (content === ZERO_PAGE && first !== 0) continue
      for (let i = content.indexOf(first, Math.max(0, from - page)); i >= 0; i = content.indexOf(first, i + 1)) {
        const piece = i + pattern.length <= PAGE_BYTES ? content.subarray(i, i + pattern.length) : this.read(page + i, pattern.length)
        if (piece.length === pattern.length && piece.every((byte, k) => byte === pattern[k])) return page + i
      }
    }
    return undefined
  }
}

function padded(content: Uint8Array): Uint8Array {
  const page = new Uint8Array(PAGE_BYTES)
  page.set(content)
  return page
}

export interface ImageRange {
  readonly from: Address
  /** Past the last byte. */
  readonly to: Address
}

export interface ImageDifference {
  readonly changedBytes: Bytes
  /** Start of each line of 16 bytes with a changed byte, ascending. */
  readonly lines: Float64Array
  /** Changed bytes of each of those lines, 1 to 16. */
  readonly counts: Uint8Array
}

/**
 * Bytes that were known before and after and differ, or lie in a range of `written`: written since, be it with the same
 * value. Bytes of new or vanished regions are not counted: the region itself is what changed.
 */
export function compareImages(before: MemoryImage, after: MemoryImage, written: readonly ImageRange[] = []): ImageDifference {
  const lines: number[] = []
  const counts: number[] = []
  let changedBytes = 0
  for (const { base, bytes, state } of after.regions) {
    if (state !== RegionState.Committed) continue
    for (let page = base; page < base + bytes; page += PAGE_BYTES) {
      const mask = changedMask(before, after, page, PAGE_BYTES, written)
      if (mask === undefined) continue
      for (let line = 0; line < PAGE_BYTES; line += LINE_BYTES) {
        let changed = 0
        for (let i = line; i < line + LINE_BYTES; i++) changed += mask[i]!
        if (changed === 0) continue
        lines.push(page + line)
        counts.push(changed)
        changedBytes += changed
      }
    }
  }
  return { changedBytes, lines: Float64Array.from(lines), counts: Uint8Array.from(counts) }
}

/** 1 for each byte of [address, address + length) that compareImages counts; undefined when there is none. */
export function changedMask(before: MemoryImage, after: MemoryImage, address: Address, length: Bytes, written: readonly ImageRange[] = []): Uint8Array | undefined {
  let mask: Uint8Array | undefined
  for (let page = roundDown(address, PAGE_BYTES); page < address + length; page += PAGE_BYTES) {
    const now = after.page(page)
    const was = before.page(page)
    if (now === undefined || was === undefined) continue
    const from = Math.max(address, page)
    const to = Math.min(address + length, page + PAGE_BYTES)
    const touched = written.filter((range) => range.from < to && range.to > from)
    if (now === was && touched.length === 0) continue
    mask ??= new Uint8Array(length)
    for (let at = from; at < to; at++) if (now[at - page] !== was[at - page]) mask[at - address] = 1
    for (const range of touched) mask.fill(1, Math.max(from, range.from) - address, Math.min(to, range.to) - address)
  }
  return mask
}
