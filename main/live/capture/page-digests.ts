import { Column } from '../../../shared/base/column'
import { PAGE_BYTES, type Address, type Bytes } from '../../../shared/base/units'

/*
 * A checksum per page of private memory, instead of its bytes: two captures tell which pages differ, and nobody can read
 * in them what stood there. The seed is drawn anew for every series and goes with it, so that the checksum of a guessed
 * page cannot be looked up.
 *
 *   ranges   [address, pages]  [address, pages] ...          digests  one number per page, range after range
 */
export class PageDigests {
  readonly address = new Column('f64')
  readonly pages = new Column('f64')
  /** Two independent 26-bit halves in one exact number: of a million pages that changed, about one in 4 x 10^9 would look the same. */
  readonly digest = new Column('f64')

  get byteLength(): Bytes {
    return this.address.byteLength + this.pages.byteLength + this.digest.byteLength
  }

  /** `bytes` are whole pages from `address` on, above everything added before. */
  add(address: Address, bytes: Uint8Array, seed: number): void {
    const count = Math.floor(bytes.length / PAGE_BYTES)
    if (count === 0) return
    const last = this.address.length - 1
    if (last >= 0 && this.address.at(last) + this.pages.at(last) * PAGE_BYTES === address) this.pages.set(last, this.pages.at(last) + count)
    else {
      this.address.push(address)
      this.pages.push(count)
    }
    // Unaligned views are copied once; captures copy to whole pages of their own arrays.
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, (count * PAGE_BYTES) / 4)
    for (let page = 0; page < count; page++) this.digest.push(digestOf(words, (page * PAGE_BYTES) / 4, seed))
  }
}

const WORDS = PAGE_BYTES / 4

/** Two multiply-and-rotate chains with different odd constants (those of xxHash32), the seed in both. */
function digestOf(words: Uint32Array, from: number, seed: number): number {
  let a = seed | 0
  let b = ~seed | 0
  for (let i = from; i < from + WORDS; i++) {
    const word = words[i]! | 0
    a = Math.imul(a ^ word, 0x9e3779b1)
    a = (a << 13) | (a >>> 19)
    b = Math.imul(b + word, 0x85ebca77)
    b = (b << 17) | (b >>> 15)
  }
  a ^= a >>> 15
  b ^= b >>> 13
  return (Math.imul(a, 0xc2b2ae3d) >>> 6) * 0x4000000 + (Math.imul(b, 0x27d4eb2f) >>> 6)
}

export interface ChangedPages {
  /** Pages both know. */
  readonly compared: number
  /** Addresses of those that differ, ascending. */
  readonly changed: Float64Array
}

/** Pages of [from, to) that both captures saw and that differ. Both must have been taken with the same seed. */
export function changedPages(a: PageDigests, b: PageDigests, from: Address, to: Address): ChangedPages {
  const changed: number[] = []
  let compared = 0
  let ia = 0
  let ib = 0
  let atA = 0
  let atB = 0
  while (ia < a.address.length && ib < b.address.length) {
    const [startA, endA] = [a.address.at(ia), a.address.at(ia) + a.pages.at(ia) * PAGE_BYTES]
    const [startB, endB] = [b.address.at(ib), b.address.at(ib) + b.pages.at(ib) * PAGE_BYTES]
    const start = Math.max(startA, startB, from)
    const end = Math.min(endA, endB, to)
    for (let at = start; at < end; at += PAGE_BYTES) {
      compared++
      if (a.digest.at(atA + (at - startA) / PAGE_BYTES) !== b.digest.at(atB + (at - startB) / PAGE_BYTES)) changed.push(at)
    }
    if (endA <= endB) {
      atA += a.pages.at(ia)
      ia++
    }
    if (endB <= endA) {
      atB += b.pages.at(ib)
      ib++
    }
  }
  return { compared, changed: Float64Array.from(changed) }
}
