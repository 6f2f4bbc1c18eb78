import { NONE, PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import type { HeapMemory } from '../../vm/heap-memory'
import type { BlockSlots } from '../block-slots'
import { FitGrown } from '../../profiles/reasons/fit-reasons'
import type { Explainer } from '../explain'
import { AddressIndex } from '../fit/address-index'
import { FitHeap } from '../fit/fit-heap'
import type { FreeIndex } from '../fit/free-index'

export interface KathRules {
  /** Size of header and of data granules. */
  readonly granule: Bytes
  /** Size of the header where it differs from the granule. */
  readonly header?: Bytes
  /** Bytes added to a request before rounding. */
  readonly tail: Bytes
  /** Reservation at the start, and least size of each later one unless `growth` says otherwise. */
  readonly reserve: Bytes
  readonly commit: Bytes
  /** Bound of all committed bytes. */
  readonly capacity: Bytes
  readonly realloc: 'copy' | 'in-place-forward'
  /** Least size of each later reservation, 0 = the heap has its first one only. */
  readonly growth?: Bytes
  /** Least size of any reservation; 16 pages, to which the loader raises smaller ones. */
  readonly leastReserve?: Bytes
  /** Bytes of the first reservation that blocks may use, when not all of it. */
  readonly arena?: Bytes
}

/** Free blocks of a heap whose ranges lie anywhere: it is told each one before a block of it comes. */
export interface RangedFreeIndex extends FreeIndex {
  addRange(base: Address, end: Address): void
  dropRange(base: Address): void
}

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
  readonly #ranged: RangedFreeIndex | undefined
  readonly #kath: KathRules
  readonly #header: Bytes
  readonly #space: HeapMemory
  /** End mark, first block and end of the usable reservation of each range, in order of reservation. */
  readonly #marks: number[] = []
  readonly #firsts: number[] = []
  readonly #limits: Address[] = []
  #committed = 0
  /** Ranges below this one are committed to their end. */
  #firstOpen = 0

  constructor(rules: KathRules, space: HeapMemory, makeIndex?: (blocks: BlockSlots) => RangedFreeIndex, explain?: Explainer) {
    const header = rules.header ?? rules.granule
    super({
      header,
      align: rules.granule,
      minBlock: header + rules.granule,
      splitMin: header + rules.granule,
      coalesce: 'immediate',
      deferCount: 0,
      realloc: rules.realloc,
    }, explain)
    this.#kath = rules
    this.#header = header
    this.#space = space
    this.#ranged = makeIndex?.(this.blocks)
    this.index = this.#ranged ?? new AddressIndex(this.blocks, space.low, space.high - space.low)
    const range = this.#reserve(Math.max(this.#leastReserve, rules.reserve), rules.arena)
    this.base = range === NONE ? space.low : this.blocks.address[this.#marks[range]!]!
    if (range !== NONE && rules.commit > 0) {
      const first = this.#extendRange(range, Math.min(rules.commit, this.#limits[range]! - this.base))
      if (first !== 0) {
        this.insertFree(first)
        explain?.grew(FitGrown.Initial, this.blocks.size[first]!, 0)
      }
    }
  }

  /** Ranges reserved so far. */
  override get rangeCount(): number {
    return this.#marks.length
  }

  /** First block of a range, 0 when nothing of it is committed yet. */
  override firstOfRange(range: number): number {
    return this.#firsts[range]!
  }

  /** End of what is committed for blocks of a range. */
  rangeEnd(range: number): Address {
    return this.blocks.address[this.#marks[range]!]!
  }

  /** End of what blocks of a range may use. */
  rangeLimit(range: number): Address {
    return this.#limits[range]!
  }

  rangeBase(range: number): Address {
    const first = this.#firsts[range]!
    return first === 0 ? this.rangeEnd(range) : this.blocks.address[first]!
  }

  /** header + granule * ceil((max(n, 1) + tail) / granule); 16 + 16 * ... with the article's figures. */
  override consumedBytes(bytes: Bytes): Bytes {
    const { granule, tail } = this.#kath
    return this.#header + Math.ceil((Math.max(bytes, 1) + tail) / granule) * granule
  }

  /** Grows or shrinks a busy block where it lies; false, and nothing changed, when there is no room. */
  reallocInPlace(block: number, bytes: Bytes): boolean {
    const consumed = this.consumedBytes(bytes)
    if (this.resizeInPlace(block, consumed)) return true
    return this.#growBehind(block, consumed) && this.resizeInPlace(block, consumed)
  }

  /** Moves a busy block down over the free block right below it, which then lies above; false when there is none. */
  slideDown(block: number): boolean {
    const blocks = this.blocks
    const { address, size, before } = blocks
    const hole = before[block]!
    if (hole === 0 || !this.isJoinable(hole)) return false
    this.index.remove(hole)
    if (before[hole] === 0) this.#firsts[this.#firsts.indexOf(hole)] = block
    blocks.unchain(hole)
    address[block] = address[hole]!
    address[hole] = address[block]! + size[block]!
    blocks.chainAfter(block, hole)
    this.insertFree(this.mergeNeighbours(hole))
    return true
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
        const end = address[mark]!
        const slot = this.#extendRange(range, lacking)
        if (slot !== 0) {
          this.explain?.grew(FitGrown.Extended, bytes, address[mark]! - end)
          return slot
        }
      }
    }
    return this.#extendFresh(bytes)
  }

  /** Commits pages above a range's blocks; returns the bytes gained, 0 (and nothing changed) when there is no memory. */
  #advance(range: number, bytes: Bytes): Bytes {
    const mark = this.#marks[range]!
    const from = this.blocks.address[mark]!
    const limit = this.#limits[range]!
    // An arena of an exact size may end within a page.
    const grown = Math.min(roundUp(from + bytes, PAGE_BYTES), limit) - from
    if (grown < bytes || this.#committed + grown > this.#kath.capacity) return 0
    if (!this.#space.commit(from, grown)) return 0
    this.#committed += grown
    this.blocks.address[mark] = from + grown
    return grown
  }

  get #leastReserve(): Bytes {
    return this.#kath.leastReserve ?? LEAST_RESERVE
  }

  #extendRange(range: number, bytes: Bytes): number {
    const mark = this.#marks[range]!
    const grown = this.#advance(range, bytes)
    if (grown === 0) return 0
    const slot = this.appendFree(mark, grown)
    if (this.#firsts[range] === 0) this.#firsts[range] = slot
    return slot
  }

  /** A free block in a range of its own. */
  #extendFresh(bytes: Bytes): number {
    const { capacity, growth = this.#kath.reserve } = this.#kath
    if (growth === 0 || this.#committed + roundUp(bytes, PAGE_BYTES) > capacity) return 0
    const fresh = this.#reserve(Math.max(this.#leastReserve, growth, bytes))
    if (fresh === NONE) return 0
    const slot = this.#extendRange(fresh, bytes)
    if (slot === 0) this.#giveBack(fresh)
    else this.explain?.grew(FitGrown.NewRange, bytes, this.#limits[fresh]! - this.rangeBase(fresh))
    return slot
  }

  /** Commits memory behind the last block of a range, as much as it lacks. */
  #growBehind(block: number, consumed: Bytes): boolean {
    const { size, after } = this.blocks
    const right = after[block]!
    const behind = this.isJoinable(right) ? right : 0
    const range = this.#marks.indexOf(behind === 0 ? right : after[behind]!)
    if (range < 0) return false
    const slot = this.#extendRange(range, consumed - size[block]! - (behind === 0 ? 0 : size[behind]!))
    if (slot !== 0) this.insertFree(slot)
    return slot !== 0
  }

  #reserve(bytes: Bytes, arena?: Bytes): number {
    const base = this.#space.reserve(bytes)
    if (base === NONE) return NONE
    // Reservations are rounded up; the heap uses all it got.
    const end = arena === undefined ? this.#space.reservedEnd(base) : base + arena
    this.#marks.push(this.makeMark(base))
    this.#firsts.push(0)
    this.#limits.push(end)
    this.#ranged?.addRange(base, end)
    return this.#marks.length - 1
  }

  /** The newest range could not be committed. */
  #giveBack(range: number): void {
    const mark = this.#marks.pop()!
    this.#firsts.pop()
    this.#limits.pop()
    this.#firstOpen = Math.min(this.#firstOpen, range)
    const base = this.blocks.address[mark]!
    this.blocks.drop(mark)
    this.#ranged?.dropRange(base)
    this.#space.release(base)
  }
}
