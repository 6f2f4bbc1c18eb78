import { PAGE_BYTES, NONE, roundUp, type Address, type Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import { AddressIndex } from '../fit/address-index'
import { FitHeap } from '../fit/fit-heap'
import type { FreeIndex } from '../fit/free-index'

export interface KathRules {
  /** Size of header and of data granules. */
  readonly granule: Bytes
  /** Bytes added to a request before rounding. */
  readonly tail: Bytes
  /** Reservation at the start, and least size of each later one. */
  readonly reserve: Bytes
  readonly commit: Bytes
  /** Bound of all committed bytes. */
  readonly capacity: Bytes
  readonly realloc: 'copy' | 'in-place-forward'
}

/** Least reservation: the loader raises smaller ones to 16 pages. */
const LEAST_RESERVE: Bytes = 16 * PAGE_BYTES

/*
 * The default heap of Windows NT 3.1 as R. Kath describes it ("Managing Heap Memory in Win32", 1993):
 *
 *   range 0  [busy][free][busy]|mark ....reserved....]      committed page by page, from the start
 *   range 1  [busy][free      ]|mark .................]     reserved when range 0 cannot serve a request
 *
 * First fit over the free blocks of all ranges; what was committed stays so.
 */
export class KathHeap extends FitHeap {
  readonly base: Address
  protected override readonly index: FreeIndex
  readonly #kath: KathRules
  readonly #space: AddressSpace
  /** End mark, first block and end of the reservation of each range, in order of reservation. */
  readonly #marks: number[] = []
  readonly #firsts: number[] = []
  readonly #limits: Address[] = []
  #committed = 0
  /** Ranges below this one are committed to their end. */
  #firstOpen = 0

  constructor(rules: KathRules, space: AddressSpace) {
    super({
      header: rules.granule,
      align: rules.granule,
      minBlock: 2 * rules.granule,
      splitMin: 2 * rules.granule,
      coalesce: 'immediate',
      deferCount: 0,
      realloc: rules.realloc,
    })
    this.#kath = rules
    this.#space = space
    this.index = new AddressIndex(this.blocks, space.low, space.high - space.low)
    const range = this.#reserve(Math.max(LEAST_RESERVE, rules.reserve))
    this.base = range === NONE ? space.low : this.blocks.address[this.#marks[range]!]!
    if (range !== NONE && rules.commit > 0) {
      const first = this.#extendRange(range, Math.min(rules.commit, this.#limits[range]! - this.base))
      if (first !== 0) this.insertFree(first)
    }
  }

  /** 16 + 16 * ceil((max(n, 1) + tail) / 16) with the article's granule of 16. */
  protected override consumedBytes(bytes: Bytes): Bytes {
    const { granule, tail } = this.#kath
    return granule + Math.ceil((Math.max(bytes, 1) + tail) / granule) * granule
  }

  protected override get rangeCount(): number {
    return this.#marks.length
  }

  protected override firstOfRange(range: number): number {
    return this.#firsts[range]!
  }

  protected override extend(bytes: Bytes): number {
    const { address, size, before } = this.blocks
    while (this.#firstOpen < this.#marks.length && address[this.#marks[this.#firstOpen]!] === this.#limits[this.#firstOpen]) {
      this.#firstOpen++
    }
    for (let range = this.#firstOpen; range < this.#marks.length; range++) {
      const mark = this.#marks[range]!
      const last = before[mark]!
      const lacking = bytes - (this.isJoinable(last) ? size[last]! : 0)
      if (address[mark]! + lacking <= this.#limits[range]!) {
        const slot = this.#extendRange(range, lacking)
        if (slot !== 0) return slot
      }
    }
    if (this.#committed + roundUp(bytes, PAGE_BYTES) > this.#kath.capacity) return 0
    const fresh = this.#reserve(Math.max(LEAST_RESERVE, this.#kath.reserve, bytes))
    return fresh === NONE ? 0 : this.#extendRange(fresh, bytes)
  }

  /** Commits pages above a range's blocks; returns the bytes gained, 0 (and nothing changed) when there is no memory. */
  #advance(range: number, bytes: Bytes): Bytes {
    const mark = this.#marks[range]!
    const from = this.blocks.address[mark]!
    const grown = roundUp(bytes, PAGE_BYTES)
    if (from + grown > this.#limits[range]! || this.#committed + grown > this.#kath.capacity) return 0
    if (!this.#space.commit(from, grown)) return 0
    this.#committed += grown
    this.blocks.address[mark] = from + grown
    return grown
  }

  #extendRange(range: number, bytes: Bytes): number {
    const mark = this.#marks[range]!
    const grown = this.#advance(range, bytes)
    if (grown === 0) return 0
    const slot = this.appendFree(mark, grown)
    if (this.#firsts[range] === 0) this.#firsts[range] = slot
    return slot
  }

  #reserve(bytes: Bytes): number {
    const base = this.#space.reserve(bytes)
    if (base === NONE) return NONE
    this.#marks.push(this.makeMark(base))
    this.#firsts.push(0)
    let limit = base
    // Reservations are rounded up to 64 KiB; the heap uses all it got.
    this.#space.walk((start, size, _state, owner) => {
      if (owner === base) limit = Math.max(limit, start + size)
    })
    this.#limits.push(limit)
    return this.#marks.length - 1
  }
}
