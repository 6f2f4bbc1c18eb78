import type { ByteSource } from '../../base/byte-source'
import type { Address, Bytes } from '../../base/units'
import type { ProcessMemory } from '../../model/process-memory'
import type { RegionTable } from '../../model/region-table'
import type { DumpNotes } from './dump-notes'
import type { MemoryRange } from './list-streams'

/** Ranges by address that neither overlap nor reach beyond the file. */
export function placeRanges(told: readonly MemoryRange[], fileBytes: number, notes: DumpNotes): MemoryRange[] {
  const sound = told.filter(({ address, bytes, offset }) => {
    const isSound = address >= 0 && bytes > 0 && offset >= 0 && address + bytes <= Number.MAX_SAFE_INTEGER
    if (!isSound && bytes !== 0) notes.add('range-absurd', `A memory range claims ${bytes} bytes at address ${address}; it is left out.`)
    return isSound
  })
  const present = sound.flatMap((range) => {
    const there = Math.min(range.bytes, fileBytes - range.offset)
    if (there < range.bytes) notes.partial('memory-truncated', `The bytes of a memory range at 0x${range.address.toString(16)} end with the file: ${Math.max(0, there)} of ${range.bytes} are there.`, range.offset)
    return there > 0 ? [{ ...range, bytes: there }] : []
  })
  // Of ranges that overlap the first told is believed: sort is stable, and a later one loses what is already covered.
  const sorted = present.sort((a, b) => a.address - b.address)
  const placed: MemoryRange[] = []
  let end = 0
  for (const range of sorted) {
    const covered = Math.max(0, end - range.address)
    if (covered > 0) notes.add('ranges-overlap', 'Memory ranges overlap; the first is believed.')
    if (covered >= range.bytes) continue
    placed.push({ address: range.address + covered, bytes: range.bytes - covered, offset: range.offset + covered })
    end = range.address + range.bytes
  }
  return placed
}

/** The memory of a dumped process, read from the file where asked. */
export class DumpMemory implements ProcessMemory {
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
