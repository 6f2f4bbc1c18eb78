import { NumberMap } from '../../base/number-map'
import type { Address, Bytes } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import type { HeapPlace } from '../discovery'
import { FindingList, hex, hexBytes } from '../finding-list'
import type { HeapWalk, WalkContext } from '../heap-walk'
import { walkListBothWays } from '../list'
import type { MemoryView } from '../memory-view'
import { flagNames } from '../nt/flag-names'
import { Trust, WalkedBlocks, type WalkedSegment } from '../walked-blocks'
import { Window } from '../window'
import { type WineLayout, wineLayout } from './wine-layout'

const HEADER_BYTES = 8
const TYPE_USED = 0x5355
const TYPE_FREE = 0x5246
/** Freed, and kept for a while with the debug flags. */
const TYPE_DEAD = 0xdead
const TYPE_LARGE = 0x614c
const FLAG_FREE = 1
const FLAG_PREVIOUS_FREE = 2
const GRANULE = 0x10000
/** Sound blocks in a row that are no accident: each has a type of 16 bits and the number of its region. */
const CHAIN = 3
/** Places tried for the true end of blocks with a false size, in one heap. */
const MAX_SCANS = 1 << 24
const MAX_SUB_HEAPS = 65_536
const MAX_LARGE_BLOCKS = 1 << 20
const MAX_FREE_BLOCKS = 1 << 24
/** More than the lists of any bitness. */
const MAX_HEADS = 64

/** Walks heaps of Wine 8: sub-heaps of plain, unencoded blocks, and large blocks with regions of their own. */
export async function walkWineHeaps(view: MemoryView, places: readonly HeapPlace[], context: WalkContext): Promise<ReadonlyMap<HeapPlace, HeapWalk>> {
  const walks = new Map<HeapPlace, HeapWalk>()
  for (const place of places) walks.set(place, await new WineHeapWalk(view, place).walk(context))
  return walks
}

class WineHeapWalk {
  readonly #view: MemoryView
  readonly #layout: WineLayout
  readonly #heap: Address
  readonly #blocks = new WalkedBlocks()
  readonly #findings = new FindingList()
  readonly #window: Window
  readonly #freeNodes = new NumberMap()
  #scansLeft = MAX_SCANS
  readonly #sums = { busyBlocks: 0, busyBytes: 0, freeBlocks: 0, freeBytes: 0, userBytes: 0, reserved: 0, committed: 0, uncommitted: 0, backPointersWrong: 0, large: 0 }

  constructor(view: MemoryView, place: HeapPlace) {
    this.#view = view
    this.#heap = place.address
    this.#layout = wineLayout(place.bits)
    this.#window = new Window(view.memory)
  }

  async walk({ job }: WalkContext): Promise<HeapWalk> {
    const { bits, unit, subHeapList, largeList, subHeapEntry, largeEntry } = this.#layout
    this.#readFreeLists()
    const segments: WalkedSegment[] = []
    const subHeaps = walkListBothWays(this.#view, this.#heap + subHeapList, bits, MAX_SUB_HEAPS)
    if (subHeaps.broken !== undefined) this.#findings.add('segment-list-broken', 'damage', `The list of sub-heaps ends early: ${subHeaps.broken}.`, { address: subHeaps.at })
    for (const node of subHeaps.nodes) {
      segments.push(...this.#walkSubHeap(node - subHeapEntry))
      await job.checkpoint()
    }
    const subHeapCount = segments.length
    const large = walkListBothWays(this.#view, this.#heap + largeList, bits, MAX_LARGE_BLOCKS)
    if (large.broken !== undefined) this.#findings.add('virtual-list-broken', 'damage', `The list of large blocks ends early: ${large.broken}.`, { address: large.at })
    for (const node of large.nodes) segments.push(...this.#readLarge(node - largeEntry))
    this.#freeNodes.forEach((node, met) => {
      if (met === 0) this.#findings.add('listed-not-free', 'warning', `The free lists hold ${hex(node)}, where the walk met no free block.`, { address: node })
    })
    const sums = this.#sums
    const flags = this.#view.u32(this.#heap + this.#layout.flags) || 0
    const listed = this.#freeNodes.size
    return {
      segments,
      blocks: this.#blocks,
      headerBytes: HEADER_BYTES,
      granularity: unit,
      findings: this.#findings,
      // The 32-bit offsets are compiled from the declarations, never seen in a process.
      isInferred: bits === 32,
      report: {
        address: this.#heap,
        flavour: 'wine-heap',
        bits,
        layout: 'wine8',
        flags: { value: flags, names: flagNames(flags) },
        frontEnd: 'none',
        segments: subHeapCount,
        reservedBytes: sums.reserved,
        committedBytes: sums.committed,
        backEnd: { busyBlocks: sums.busyBlocks, busyBytes: sums.busyBytes, freeBlocks: sums.freeBlocks, freeBytes: sums.freeBytes },
        userBlocks: sums.busyBlocks + sums.large,
        userBytes: sums.userBytes,
        uncommittedRanges: sums.uncommitted,
        virtualAllocBlocks: sums.large,
        lfh: { subSegments: 0, busyBlocks: 0, freeBlocks: 0 },
        counters: [
          { name: 'freeListBlocks', stored: listed, walked: sums.freeBlocks, equal: listed === sums.freeBlocks },
          { name: 'backPointersRight', stored: sums.freeBlocks, walked: sums.freeBlocks - sums.backPointersWrong, equal: sums.backPointersWrong === 0 },
        ],
      },
    }
  }

  #walkSubHeap(subHeap: Address): WalkedSegment[] {
    const { bits, blockSize, dataSize, subHeapHeap, firstBlock, subHeapSize } = this.#layout
    const view = this.#view
    const base = subHeap - (subHeap % GRANULE)
    const first = subHeap + firstBlock
    const end = first + view.word(subHeap + blockSize, bits)
    const committedEnd = subHeap + subHeapSize + view.word(subHeap + dataSize, bits)
    if (view.pointer(subHeap + subHeapHeap, bits) !== this.#heap || !(first < committedEnd && committedEnd <= end)) {
      this.#findings.add('segment-damaged', 'damage', `The sub-heap at ${hex(subHeap)} does not belong to the heap or has a wrong size; it is not walked.`, { address: subHeap })
      return []
    }
    const blocks = this.#blocks
    const firstRow = blocks.length
    blocks.push(base, first - base, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Verified)
    const stop = this.#walkBlocks(base, first, committedEnd, end)
    if (stop < committedEnd) blocks.push(stop, committedEnd - stop, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Verified)
    if (committedEnd < end) {
      blocks.push(committedEnd, end - committedEnd, 0, BlockState.Uncommitted, BlockKind.Uncommitted, Trust.Verified)
      this.#sums.uncommitted++
    }
    this.#sums.reserved += end - base
    this.#sums.committed += committedEnd - base
    return [{ base, reservedBytes: end - base, firstRow, endRow: blocks.length }]
  }

  /** Returns the end of the last block, at most `committedEnd`. */
  #walkBlocks(base: Address, first: Address, committedEnd: Address, end: Address): Address {
    const { unit } = this.#layout
    const blocks = this.#blocks
    const window = this.#window
    const sums = this.#sums
    // The header of the last block is always committed, so none begins in the last 8 bytes before that.
    const lastHeader = committedEnd - 2 * HEADER_BYTES
    let isPreviousFree = false
    let lastGood = first
    let at = first
    while (at <= lastHeader) {
      const size = window.cover(at, HEADER_BYTES, committedEnd) ? this.#sizeOf(at, base, end) : NaN
      if (Number.isNaN(size)) {
        const back = this.#takeBack(lastGood, at, base, end, lastHeader)
        if (back !== undefined) {
          at = back
          isPreviousFree = false
          continue
        }
        const next = this.#resync(at, base, end, lastHeader)
        const raw = this.#view.bytes(at, HEADER_BYTES)
        this.#findings.add('block-damaged', 'damage', `The block at ${hex(at)} has no sound header; the walk goes on at ${hex(next)}.`, { address: at, lastGood, ...(raw === undefined ? {} : { raw: hexBytes(raw) }) })
        blocks.push(at, Math.min(next, committedEnd) - at, 0, BlockState.Internal, BlockKind.Damaged, Trust.Uncertain)
        at = next
        isPreviousFree = false
        continue
      }
      const h = at - window.base
      const flags = window.bytes[h + 2]!
      const tail = window.bytes[h + 3]!
      const type = window.bytes[h + 6]! | (window.bytes[h + 7]! << 8)
      if (((flags & FLAG_PREVIOUS_FREE) !== 0) !== isPreviousFree && type !== TYPE_FREE) {
        const back = this.#takeBack(lastGood, at, base, end, lastHeader)
        if (back !== undefined) {
          at = back
          isPreviousFree = false
          continue
        }
        this.#findings.add('previous-free-flag', 'damage', `The block at ${hex(at)} is wrong about whether the block before it is free.`, { address: at, lastGood })
      }
      const shown = Math.min(size, committedEnd - at)
      if (type === TYPE_FREE) {
        this.#freeBlock(at, size, committedEnd)
        blocks.push(at, shown, 0, BlockState.Free, BlockKind.BackEnd, Trust.Verified)
        sums.freeBlocks++
        sums.freeBytes += shown
      } else if (type === TYPE_DEAD) {
        blocks.push(at, shown, 0, BlockState.Cached, BlockKind.BackEnd, Trust.Verified)
      } else {
        const requested = size - HEADER_BYTES - tail
        blocks.push(at, shown, requested, BlockState.Busy, BlockKind.BackEnd, Trust.Verified)
        sums.busyBlocks++
        sums.busyBytes += size
        sums.userBytes += requested
      }
      isPreviousFree = type === TYPE_FREE
      lastGood = at
      at += Math.max(size, unit)
    }
    return Math.min(at, committedEnd)
  }

  /** Bytes of the block the window shows at `at`; NaN when its header contradicts itself. */
  #sizeOf(at: Address, base: Address, end: Address): Bytes {
    const bytes = this.#window.bytes
    const h = at - this.#window.base
    const flags = bytes[h + 2]!
    const tail = bytes[h + 3]!
    const type = bytes[h + 6]! | (bytes[h + 7]! << 8)
    const isFree = (flags & FLAG_FREE) !== 0
    const units = bytes[h]! | (bytes[h + 1]! << 8) | (isFree ? tail << 16 : 0)
    const size = units * this.#layout.unit
    const typeFits = isFree ? type === TYPE_FREE : type === TYPE_USED || type === TYPE_DEAD
    const baseFits = at - (at % GRANULE) - (bytes[h + 4]! | (bytes[h + 5]! << 8)) * GRANULE === base
    const tailFits = isFree || tail + HEADER_BYTES <= size
    return typeFits && baseFits && tailFits && units > 0 && at + size <= end + this.#layout.unit ? size : NaN
  }

  /**
   * When nothing is sound at `at` because the block before it lies about its size, blocks that confirm one another begin
   * inside what it claims. Then it is the damaged one and is taken back. Returns where to go on.
   */
  #takeBack(last: Address, at: Address, base: Address, end: Address, lastHeader: Address): Address | undefined {
    const blocks = this.#blocks
    const row = blocks.length - 1
    if (blocks.address.at(row) !== last || last + blocks.size.at(row) !== at || blocks.kind.at(row) !== BlockKind.BackEnd) return undefined
    for (let q = last + this.#layout.unit; q < at && this.#scansLeft > 0; q += this.#layout.unit) {
      this.#scansLeft--
      if (!this.#isChain(q, base, end, lastHeader)) continue
      this.#findings.add('size-denied', 'damage', `The block at ${hex(last)} claims ${at - last} bytes; sound blocks begin at ${hex(q)}.`, { address: last })
      const sums = this.#sums
      if (blocks.state.at(row) === BlockState.Free) {
        sums.freeBlocks--
        sums.freeBytes -= at - last
      } else if (blocks.state.at(row) === BlockState.Busy) {
        sums.busyBlocks--
        sums.busyBytes -= at - last
        sums.userBytes -= blocks.requested.at(row)
      }
      blocks.size.set(row, q - last)
      blocks.requested.set(row, 0)
      blocks.state.set(row, BlockState.Internal)
      blocks.kind.set(row, BlockKind.Damaged)
      blocks.confidence.set(row, Trust.Uncertain)
      return q
    }
    return undefined
  }

  /** Blocks that follow one another from `at` on: CHAIN of them, or all up to the end. */
  #isChain(at: Address, base: Address, end: Address, lastHeader: Address): boolean {
    let next = at
    for (let count = 0; count < CHAIN && next <= lastHeader; count++) {
      if (!this.#window.cover(next, HEADER_BYTES, lastHeader + 2 * HEADER_BYTES)) return false
      const size = this.#sizeOf(next, base, end)
      if (Number.isNaN(size)) return false
      next += size
    }
    return true
  }

  /** The next place where blocks that follow one another begin, or the end. */
  #resync(at: Address, base: Address, end: Address, lastHeader: Address): Address {
    const { unit } = this.#layout
    const window = this.#window
    for (let next = at + unit; next <= lastHeader; next += unit) {
      if (!window.cover(next, HEADER_BYTES, lastHeader + 2 * HEADER_BYTES)) {
        next += Math.ceil((this.#view.nextReadable(next + 1, lastHeader) - next) / unit) * unit - unit
        continue
      }
      if (this.#isChain(next, base, end, lastHeader)) return next
    }
    return lastHeader + 2 * HEADER_BYTES
  }

  /** A free block is in a free list and, when a block follows, stores its own address before that. */
  #freeBlock(at: Address, size: Bytes, committedEnd: Address): void {
    const { bits, word } = this.#layout
    if (this.#freeNodes.get(at + HEADER_BYTES) === -1) this.#findings.add('free-not-listed', 'warning', `The free block at ${hex(at)} is in no free list.`, { address: at })
    else this.#freeNodes.set(at + HEADER_BYTES, 1)
    const end = at + size
    if (end <= committedEnd - 2 * HEADER_BYTES && this.#view.pointer(end - word, bits) !== at) {
      this.#sums.backPointersWrong++
      this.#findings.add('back-pointer', 'damage', `The free block at ${hex(at)} does not store its address at its end.`, { address: end - word, lastGood: at })
    }
  }

  /** All lists are one ring that also runs through their heads. */
  #readFreeLists(): void {
    const { bits, word, freeLists, freeListsEnd } = this.#layout
    const heads = this.#heap + freeLists
    const isHead = (node: Address): boolean => node >= heads && node < this.#heap + freeListsEnd
    const start = heads + HEADER_BYTES
    let previous = start
    for (let node = this.#view.pointer(start, bits); node !== start; node = this.#view.pointer(node, bits)) {
      const problem = !(node > 0) ? 'unreadable' : this.#freeNodes.get(node) !== -1 ? 'cycle' : this.#freeNodes.size === MAX_FREE_BLOCKS ? 'too long' : this.#view.pointer(node + word, bits) !== previous ? 'backward link differs' : undefined
      if (problem !== undefined) {
        this.#findings.add('free-list-broken', 'damage', `The free lists end early after ${this.#freeNodes.size} blocks: ${problem}.`, { address: node > 0 ? node : previous, lastGood: previous })
        this.#readFreeListsBack(start, isHead)
        return
      }
      if (!isHead(node)) this.#freeNodes.set(node, 0)
      previous = node
    }
  }

  /** The rest of a ring that ended early, by its links back. */
  #readFreeListsBack(start: Address, isHead: (node: Address) => boolean): void {
    const { bits, word } = this.#layout
    let headsLeft = MAX_HEADS
    for (let node = this.#view.pointer(start + word, bits); node > 0 && node !== start && this.#freeNodes.get(node) === -1 && headsLeft > 0; node = this.#view.pointer(node + word, bits)) {
      if (Number.isNaN(this.#view.pointer(node, bits))) return
      if (isHead(node)) headsLeft--
      else this.#freeNodes.set(node, 0)
    }
  }

  #readLarge(address: Address): WalkedSegment[] {
    const { bits, largeDataSize, largeBlockSize, largeHeader, largeSize } = this.#layout
    const data = this.#view.word(address + largeDataSize, bits)
    const block = this.#view.word(address + largeBlockSize, bits)
    const type = this.#view.u16(address + largeHeader + 6)
    if (type !== TYPE_LARGE || !(data + largeSize <= block) || address % GRANULE !== 0) {
      this.#findings.add('virtual-block-damaged', 'damage', `The large block at ${hex(address)} claims ${data} of ${block} bytes.`, { address })
      return []
    }
    const firstRow = this.#blocks.length
    this.#blocks.push(address, block, data, BlockState.Busy, BlockKind.VirtualAlloc, Trust.Verified)
    this.#sums.large++
    this.#sums.userBytes += data
    return [{ base: address, reservedBytes: block, firstRow, endRow: firstRow + 1 }]
  }
}
