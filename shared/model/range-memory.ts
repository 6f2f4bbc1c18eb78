import type { ByteSource } from '../base/byte-source'
import type { Address, Bytes } from '../base/units'
import type { ProcessMemory } from './process-memory'
import type { RegionTable } from './region-table'

/** Bytes of an address space, and where in a source they stand. */
export interface MemoryRange {
  readonly address: Address
  readonly bytes: Bytes
  /** In the source. */
  readonly offset: number
}

/** Memory whose bytes lie in ranges of a file or of a copy, read from there where asked. Ranges are sorted and disjoint. */
export class RangeMemory implements ProcessMemory {
  readonly #source: ByteSource
  readonly #regions: RegionTable
  readonly #owners: readonly string[]
  readonly #addresses: Float64Array
  readonly #ends: Float64Array
  readonly #offsets: Float64Array

  constructor(source: ByteSource, ranges: readonly MemoryRange[], regions: RegionTable, owners: readonly string[]) {
    this.#source = source
    this.#regions = regions
    this.#owners = owners
    this.#addresses = Float64Array.from(ranges, ({ address }) => address)
    this.#ends = Float64Array.from(ranges, ({ address, bytes }) => address + bytes)
    this.#offsets = Float64Array.from(ranges, ({ offset }) => offset)
  }

  regions(): RegionTable {
    return this.#regions
  }

  owners(): readonly string[] {
    return this.#owners
  }

  /** A fresh array each time, because the source may reuse its own. */
  read(address: Address, length: Bytes): Uint8Array {
    let range = this.#rangeAt(address)
    if (range < 0) return new Uint8Array(0)
    if (address + length <= this.#ends[range]!) return this.#slice(range, address, length)
    const parts: Uint8Array[] = []
    let at = address
    const end = address + length
    while (at < end && range < this.#addresses.length && this.#addresses[range]! <= at) {
      const part = this.#slice(range, at, Math.min(end, this.#ends[range]!) - at)
      parts.push(part)
      at += part.length
      if (at < Math.min(end, this.#ends[range]!)) break
      range++
    }
    return joined(parts, at - address)
  }

  #slice(range: number, address: Address, length: Bytes): Uint8Array {
    return this.#source.read(this.#offsets[range]! + address - this.#addresses[range]!, length).slice()
  }

  /** Index of the range that holds the address, -1 when none does. */
  #rangeAt(address: Address): number {
    const addresses = this.#addresses
    let low = 0
    let high = addresses.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (addresses[middle]! <= address) low = middle + 1
      else high = middle
    }
    const range = low - 1
    return range >= 0 && address < this.#ends[range]! ? range : -1
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
