import type { Address, Bytes } from '../../base/units'
import type { Layout } from '../layouts/choose-layout'
import type { MemoryView } from '../memory-view'
import type { Word64 } from './word64'

/** Low 15 bits of size XOR signature of a sub-segment of variable-size chunks (segment-heap.md 4). */
const SIGNATURE = 0x2bed
const SIGNATURE_MASK = 0x7fff
/** In the second dword of a chunk: its last two bytes tell how much of it is unused. */
export const HAS_UNUSED = 0x100
/** Places of one sub-segment that are tried for the next sound chunk; a chain of 16 MB broken once needs less. */
const MAX_SCANS = 1 << 20

export interface VsSubSegment {
  readonly firstChunk: Address
  readonly end: Address
}

/** The sub-segment at the start of a page range; undefined when its signature does not fit. */
export function readVsSubSegment(view: MemoryView, address: Address, limit: Address, layout: Layout): VsSubSegment | undefined {
  const size = view.u16(address + layout.offset('HEAP_VS_SUBSEGMENT', 'Size'))
  const signature = view.u16(address + layout.offset('HEAP_VS_SUBSEGMENT', 'Signature'))
  if (Number.isNaN(size + signature) || ((size ^ signature) & SIGNATURE_MASK) !== SIGNATURE) return undefined
  const wide = layout.bits === 64
  const firstChunk = address + (wide ? 0x30 : 0x18)
  const end = firstChunk + size * (wide ? 16 : 8)
  return size > 0 && end <= limit ? { firstChunk, end } : undefined
}

export interface VsChunk {
  readonly address: Address
  readonly size: Bytes
  readonly state: 'busy' | 'free' | 'damaged'
  /** Usable bytes less those the chunk says are unused; 0 unless busy. */
  readonly requested: Bytes
}

interface Header {
  readonly units: number
  readonly previousUnits: number
  readonly isBusy: boolean
}

/** What the encoded sizes of a chunk say, sound or not. */
export interface ChunkSizes {
  readonly units: number
  readonly previousUnits: number
  /** 1: allocated, 0: free. */
  readonly busy: number
  /** Pages that would have to be committed; with 32 bits whether there are any. */
  readonly cost: number
}

/** Sizes of the chunk at `at` under a key; NaN nowhere, so whoever needs to know asks for the bytes first. */
export function chunkSizes(view: MemoryView, at: Address, key: Word64, wide: boolean): ChunkSizes {
  const low = (view.u32(at) ^ at % 0x100000000 ^ key.low) >>> 0
  if (!wide) return { units: (low >>> 1) & 0x7fff, previousUnits: (low >>> 16) & 0x7fff, busy: low >>> 31, cost: low & 1 }
  const high = (view.u32(at + 4) ^ Math.floor(at / 0x100000000) ^ key.high) >>> 0
  return { units: low >>> 16, previousUnits: high & 0xffff, busy: (high >>> 16) & 0xff, cost: low & 0xffff }
}

/** Chunks of one sub-segment under a key. */
export class VsChain {
  readonly chunks: VsChunk[] = []
  /** Places where the chain broke, with the last sound chunk before. */
  readonly breaks: { readonly at: Address; readonly next: Address; readonly lastGood: Address | undefined; readonly why: string }[] = []
  readonly #view: MemoryView
  readonly #key: Word64
  readonly #layout: Layout
  readonly #end: Address
  readonly #unit: number
  readonly #wide: boolean
  #lastGood: Address | undefined
  #scansLeft = MAX_SCANS

  constructor(view: MemoryView, { end }: VsSubSegment, key: Word64, layout: Layout) {
    this.#view = view
    this.#key = key
    this.#layout = layout
    this.#end = end
    this.#wide = layout.bits === 64
    this.#unit = this.#wide ? 16 : 8
  }

  /** How many chunks from `from` on confirm one another, at most `limit`; nothing is kept. */
  confirmed(from: Address, limit: number): number {
    let previous = 0
    let at = from
    for (let count = 0; count < limit; count++) {
      const header = at < this.#end ? this.#header(at) : undefined
      if (header === undefined || header.previousUnits !== previous) return count
      previous = header.units
      at += header.units * this.#unit
    }
    return limit
  }

  walk(from: Address): this {
    /** Units of the chunk before, undefined behind damage. */
    let previous: number | undefined = 0
    let at = from
    while (at < this.#end) {
      const header = this.#header(at)
      const fits = header !== undefined && (previous === undefined || header.previousUnits === previous || this.#isFollowed(at, header))
      if (!fits) {
        at = this.#passOver(at)
        previous = undefined
        continue
      }
      if (previous !== undefined && header.previousUnits !== previous) {
        const back = this.#takeBack(at)
        if (back !== undefined) {
          at = back
          previous = undefined
          continue
        }
        this.#break(at, at, `says that the chunk before it has ${header.previousUnits} units; it has ${previous}`)
      }
      const size = header.units * this.#unit
      this.chunks.push({ address: at, size, state: header.isBusy ? 'busy' : 'free', requested: header.isBusy ? this.#requested(at, size) : 0 })
      this.#lastGood = at
      previous = header.units
      at += size
    }
    return this
  }

  #header(at: Address): Header | undefined {
    const { units, previousUnits, busy } = chunkSizes(this.#view, at, this.#key, this.#wide)
    return busy > 1 || units < 2 || at + units * this.#unit > this.#end || Number.isNaN(this.#view.u32(at)) ? undefined : { units, previousUnits, isBusy: busy === 1 }
  }

  /** The chunk behind names the size of this one. The last chunk has none behind it; the exact end stands in for it. */
  #isFollowed(at: Address, { units }: Header): boolean {
    const next = at + units * this.#unit
    return next === this.#end || this.#header(next)?.previousUnits === units
  }

  /**
   * When a chunk before `end` names the distance to the last chunk as that one's size, the last chunk's own size was wrong
   * and it is taken back. Returns where to go on.
   */
  #takeBack(end: Address): Address | undefined {
    const last = this.chunks.at(-1)
    if (last === undefined || last.state === 'damaged') return undefined
    for (let next = last.address + 2 * this.#unit; next < end && this.#scansLeft > 0; next += this.#unit) {
      this.#scansLeft--
      const header = this.#header(next)
      if (header === undefined || header.previousUnits * this.#unit !== next - last.address || !this.#isFollowed(next, header)) continue
      this.chunks.pop()
      this.#lastGood = this.chunks.at(-1)?.address
      this.#break(last.address, next, `has a size of ${last.size} bytes that the chunk behind it denies`)
      return this.#damaged(last.address, next)
    }
    return undefined
  }

  /** Passes over what does not decode at `at`: the last chunk when its size was wrong, else all up to the next sound one. */
  #passOver(at: Address): Address {
    const back = this.#takeBack(this.#end)
    if (back !== undefined) return back
    let next = at + this.#unit
    for (; next < this.#end; next += this.#unit) {
      if (this.#scansLeft-- <= 0) next = this.#end
      const header = this.#header(next)
      if (header !== undefined && this.#isFollowed(next, header)) break
    }
    next = Math.min(next, this.#end)
    this.#break(at, next, 'does not decode')
    return this.#damaged(at, next)
  }

  #damaged(from: Address, to: Address): Address {
    this.chunks.push({ address: from, size: to - from, state: 'damaged', requested: 0 })
    return to
  }

  #break(at: Address, next: Address, why: string): void {
    this.breaks.push({ at, next, lastGood: this.#lastGood, why })
  }

  #requested(at: Address, size: Bytes): Bytes {
    const usable = size - this.#unit
    if ((this.#view.u32(at + this.#layout.offset('HEAP_VS_CHUNK_HEADER', 'UnusedBytes')) & HAS_UNUSED) === 0) return usable
    const tail = this.#view.u16(at + size - 2)
    const unused = (tail & 0x8000) !== 0 ? 1 : tail & 0x1fff
    return unused <= usable ? usable - unused : usable
  }
}
