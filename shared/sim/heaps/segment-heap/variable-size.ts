import { NONE, PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import { SegmentGrown, SegmentPlaced } from '../../profiles/reasons/segment-reasons'
import { SlotState, type BlockSlots } from '../block-slots'
import { NO_BLOCK, type HeapObserver } from '../heap'
import { ChunkIndex } from './chunk-index'
import type { PageSegments } from './page-segments'
import { GUARDED_BYTES, RangeUse, type SegmentRules } from './segment-rules'

/** Header of a sub-segment, header of a chunk, granule and smallest chunk (segment-heap.md 4; a free chunk holds its tree node). */
const FIGURES = {
  64: { header: 0x30, granule: 16, least: 0x20 },
  32: { header: 0x18, granule: 8, least: 0x10 },
} as const
/** What a sub-segment needs beside its largest chunk when the back end has no room for a full one: this much, whole pages. */
const LEAST_EXTRA: Bytes = 4167
/** Bounds of a sub-segment. */
const LEAST_BYTES: Bytes = 0x10000
const MOST_BYTES: Bytes = 0x40000

/** A range of pages cut into chunks. */
export interface ChunkSubSegment {
  readonly range: number
  readonly address: Address
  readonly bytes: Bytes
  /** Its first chunk, which keeps its number; chunks are chained by `before` and `after`. */
  readonly first: number
  uncommitted: number
}

/*
 * Chunks of variable size: best fit, split and merged like any boundary-tag heap, over sub-segments whose pages are
 * committed as chunks need them.
 *
 *   sub-segment 64 KB   [header][#1 busy][#2 free ...........................]|guard page
 *   pages               1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0                         cost of #2: 14
 *
 * `linkC` of a chunk is the number of its sub-segment, from 1 on. Links A and B of a busy chunk are the caller's.
 */
export class VariableSize {
  /** By number; holes where one was given back. */
  readonly subSegments: (ChunkSubSegment | undefined)[] = [undefined]
  readonly #rules: SegmentRules
  readonly #segments: PageSegments
  readonly #blocks: BlockSlots
  readonly #observer: HeapObserver
  readonly #index: ChunkIndex
  readonly #vacant: number[] = []
  readonly #header: Bytes
  readonly #granule: Bytes
  readonly #least: Bytes

  constructor(rules: SegmentRules, segments: PageSegments, blocks: BlockSlots, observer: HeapObserver) {
    this.#rules = rules
    this.#segments = segments
    this.#blocks = blocks
    this.#observer = observer
    const { header, granule, least } = FIGURES[rules.bits]
    this.#header = header
    this.#granule = granule
    this.#least = least
    this.#index = new ChunkIndex(blocks, granule, MOST_BYTES)
  }

  /** Bytes of the chunk for a padded request: a header of one granule, whole granules. */
  chunkBytes(bytes: Bytes): Bytes {
    const granule = this.#granule
    return Math.max(this.#least, Math.ceil((bytes + granule) / granule) * granule)
  }

  /** A busy chunk, NO_BLOCK when there is no memory. */
  alloc(bytes: Bytes): number {
    const need = this.chunkBytes(bytes)
    const known = this.#index.find(need)
    const chunk = known === 0 ? this.#addSubSegment(need) : known
    if (chunk === 0) return NO_BLOCK
    const had = this.#blocks.size[chunk]!
    if (!this.#carve(chunk, need)) {
      if (known === 0) this.#giveBack(this.#blocks.linkC[chunk]!)
      return NO_BLOCK
    }
    if (this.#observer.explain !== undefined) this.#tellPlace(had, need, known === 0)
    return chunk
  }

  free(chunk: number): void {
    const { state, before, after, linkC } = this.#blocks
    let slot = chunk
    state[slot] = SlotState.Free
    const right = after[slot]!
    if (right !== 0 && state[right] === SlotState.Free) {
      this.#index.remove(right)
      this.#join(slot, right)
    }
    const left = before[slot]!
    if (left !== 0 && state[left] === SlotState.Free) {
      this.#index.remove(left)
      this.#join(left, slot)
      slot = left
    }
    if (before[slot] === 0 && after[slot] === 0) this.#dropSubSegment(linkC[slot]!, slot)
    else this.#insert(slot)
  }

  /** Cuts a busy chunk down, or lets it grow into the free chunk behind; false, and nothing changed, when that has no room. */
  resize(chunk: number, bytes: Bytes): boolean {
    const { size, state, after } = this.#blocks
    const need = this.chunkBytes(bytes)
    const had = size[chunk]!
    if (need <= had) {
      if (had - need >= this.#least) this.free(this.#cutTail(chunk, need))
      return true
    }
    const right = after[chunk]!
    if (right === 0 || state[right] !== SlotState.Free || had + size[right]! < need) return false
    const rest = had + size[right]! - need
    const sub = this.subSegments[this.#blocks.linkC[chunk]!]!
    if (!this.#commit(sub, this.#blocks.address[chunk]!, rest >= this.#least ? need + this.#least : had + size[right]!)) return false
    this.#index.remove(right)
    this.#join(chunk, right)
    if (rest >= this.#least) this.#insert(this.#cutTail(chunk, need))
    return true
  }

  /** Visits the committed parts of free chunks of a sub-segment in order. */
  walkFree(sub: ChunkSubSegment, visit: (address: Address, bytes: Bytes) => void): void {
    const { address, size, state, after } = this.#blocks
    for (let chunk = sub.first; chunk !== 0; chunk = after[chunk]!) {
      if (state[chunk] !== SlotState.Free) continue
      const from = address[chunk]! - sub.address
      const to = from + size[chunk]!
      let start = NONE
      for (let at = from; at < to; ) {
        const end = Math.min(to, roundUp(at + 1, PAGE_BYTES))
        const committed = this.#isCommitted(sub, Math.floor(at / PAGE_BYTES))
        if (committed && start === NONE) start = at
        if (!committed && start !== NONE) {
          visit(sub.address + start, at - start)
          start = NONE
        }
        at = end
      }
      if (start !== NONE) visit(sub.address + start, to - start)
    }
  }

  /** Uncommitted pages a free chunk touches, as its header tells. */
  costOf(chunk: number): number {
    return this.#index.costOf(chunk)
  }

  #isCommitted(sub: ChunkSubSegment, page: number): boolean {
    return this.#segments.pagesOf(sub.range)[this.#segments.firstPageOf(sub.range) + page] === 1
  }

  /** Makes a free chunk busy, its rest a free one of its own; false, and nothing changed, when pages cannot be committed. */
  #carve(chunk: number, need: Bytes): boolean {
    const { address, size, state, linkC } = this.#blocks
    const sub = this.subSegments[linkC[chunk]!]!
    const rest = size[chunk]! - need
    const splits = rest >= this.#least
    if (sub.uncommitted > 0 && !this.#commit(sub, address[chunk]!, splits ? need + this.#least : size[chunk]!)) return false
    this.#index.remove(chunk)
    state[chunk] = SlotState.Busy
    if (splits) this.#insert(this.#cutTail(chunk, need))
    return true
  }

  /** Makes what lies behind the first `keep` bytes of a chunk a chunk of its own; the caller says what becomes of it. */
  #cutTail(chunk: number, keep: Bytes): number {
    const rest = this.#blocks.size[chunk]! - keep
    const tail = this.#blocks.make(this.#blocks.address[chunk]! + keep, rest, SlotState.Free)
    this.#blocks.size[chunk] = keep
    this.#blocks.chainAfter(chunk, tail)
    this.#blocks.linkC[tail] = this.#blocks.linkC[chunk]!
    return tail
  }

  #join(left: number, right: number): void {
    this.#blocks.size[left]! += this.#blocks.size[right]!
    this.#blocks.unchain(right)
    this.#blocks.drop(right)
  }

  /** Puts a free chunk into the index, without the pages in its midst when they are many. */
  #insert(chunk: number): void {
    const { address, size, linkC } = this.#blocks
    const sub = this.subSegments[linkC[chunk]!]!
    const from = address[chunk]! - sub.address
    const to = from + size[chunk]!
    const first = Math.ceil((from + this.#least) / PAGE_BYTES)
    const past = Math.floor(to / PAGE_BYTES)
    if (past - first >= this.#rules.vsDecommitPages) {
      const pages = this.#segments.decommitPages(sub.range, first, past)
      sub.uncommitted += pages
      if (pages > 0) this.#observer.explain?.grew(SegmentGrown.ChunkDecommitted, pages * PAGE_BYTES, to - from)
    }
    let cost = 0
    if (sub.uncommitted > 0) for (let page = Math.floor(from / PAGE_BYTES); page * PAGE_BYTES < to; page++) if (!this.#isCommitted(sub, page)) cost++
    this.#index.add(chunk, cost)
  }

  /** Commits the pages of [address, address + bytes). */
  #commit(sub: ChunkSubSegment, address: Address, bytes: Bytes): boolean {
    if (sub.uncommitted === 0) return true
    const from = Math.floor((address - sub.address) / PAGE_BYTES)
    const to = Math.ceil((address - sub.address + bytes) / PAGE_BYTES)
    let fresh = 0
    for (let page = from; page < to; page++) if (!this.#isCommitted(sub, page)) fresh++
    if (fresh === 0) return true
    if (!this.#segments.commitPages(sub.range, from, to)) return false
    sub.uncommitted -= fresh
    this.#observer.explain?.grew(SegmentGrown.ChunkPages, bytes, fresh * PAGE_BYTES)
    return true
  }

  /** Bytes of a sub-segment for a first chunk of `need`: twice that and more, a power of two between the bounds. */
  #fullBytes(need: Bytes): Bytes {
    const wanted = 2 * need + 72
    return wanted >= MOST_BYTES ? MOST_BYTES : Math.max(LEAST_BYTES, 2 ** (32 - Math.clz32(wanted - 1)))
  }

  /** The free chunk of a new sub-segment, 0 when there is no memory. */
  #addSubSegment(need: Bytes): number {
    const { guardPages } = this.#rules
    const full = this.#fullBytes(need)
    const least = Math.min(full, Math.floor((need + LEAST_EXTRA) / PAGE_BYTES) * PAGE_BYTES)
    const guard = guardPages && full >= GUARDED_BYTES ? 1 : 0
    const range = this.#segments.take(full / PAGE_BYTES + guard, least / PAGE_BYTES + guard, RangeUse.Vs, 1, guard)
    if (range === NONE) return 0
    const pages = this.#segments.unitsOf(range) - guard
    const bytes = pages * PAGE_BYTES
    const address = this.#segments.addressOf(range)
    const number = this.#vacant.pop() ?? this.subSegments.length
    const chunk = this.#blocks.make(address + this.#header, bytes - this.#header, SlotState.Free)
    this.#blocks.linkC[chunk] = number
    this.#observer.internal(address, this.#header)
    this.#observer.explain?.grew(SegmentGrown.Chunks, need, bytes)
    const sub: ChunkSubSegment = { range, address, bytes, first: chunk, uncommitted: 0 }
    for (let page = 0; page < pages; page++) if (!this.#isCommitted(sub, page)) sub.uncommitted++
    this.subSegments[number] = sub
    this.#insert(chunk)
    return chunk
  }

  #tellPlace(had: Bytes, need: Bytes, isFresh: boolean): void {
    const { explain } = this.#observer
    const rest = had - need
    if (isFresh) explain!.placed(SegmentPlaced.FreshChunk, need, rest)
    else if (rest === 0) explain!.placed(SegmentPlaced.Exact, had, 0)
    else explain!.placed(rest >= this.#least ? SegmentPlaced.Split : SegmentPlaced.Whole, had, rest)
  }

  /** A sub-segment whose only chunk is free. */
  #giveBack(number: number): void {
    const { first } = this.subSegments[number]!
    this.#index.remove(first)
    this.#dropSubSegment(number, first)
  }

  #dropSubSegment(number: number, chunk: number): void {
    const sub = this.subSegments[number]!
    this.#observer.internalEnd?.(sub.address)
    this.#blocks.drop(chunk)
    this.subSegments[number] = undefined
    this.#vacant.push(number)
    this.#segments.free(sub.range)
  }
}
