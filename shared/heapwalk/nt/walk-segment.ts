import type { JobContext } from '../../base/job-context'
import { UNKNOWN_SIZE, type Address, type Bytes } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import { type FindingPlace, hex, hexBytes } from '../finding-list'
import type { MemoryView } from '../memory-view'
import { Trust, type WalkedBlocks, type WalkedSegment } from '../walked-blocks'
import { Window } from '../window'
import { hasChecksum, type NtHeap, type NtSegment, type Ucr } from './nt-heap'
import { USER_BLOCKS_SIGNATURE, userBlocksSignatureOffset } from './user-blocks'

const BUSY = 1
const EXTRA = 2
/** On an entry of the back end: the block serves the heap itself (containers and zones of the front end). */
const INTERNAL = 8
/** From this value on the unused bytes stand elsewhere (walk.md: 16-bit count at the end of the block). */
const UNUSED_ELSEWHERE = 0x3f
/** Places tried for the true end of entries with a false size, in one heap; a false size that fits is rare. */
const MAX_SCANS = 1 << 24
/** Blocks between two checkpoints: a few milliseconds of work. */
const CHECKPOINT_BLOCKS = 65_536

/** Sums over the entries of a heap's segments, from the first entry of each on. */
export interface BackEndSums {
  busyBlocks: number
  busyBytes: Bytes
  freeBlocks: number
  freeBytes: Bytes
  uncommittedRanges: number
  uncommittedBytes: Bytes
  entries: number
  checksumsWrong: number
  previousSizesWrong: number
  /** Free blocks that the free lists do not hold. */
  unlistedFree: number
}

export const emptySums = (): BackEndSums => ({ busyBlocks: 0, busyBytes: 0, freeBlocks: 0, freeBytes: 0, uncommittedRanges: 0, uncommittedBytes: 0, entries: 0, checksumsWrong: 0, previousSizesWrong: 0, unlistedFree: 0 })

/**
 * Walks the segments of one NT heap, entry by entry:
 *
 *   base   firstEntry                         ucr.address                     lastValidEntry
 *   [header][busy][free][busy]...[marker][~~ uncommitted ~~][busy].............]
 *
 * Size is the authority. What contradicts it is a finding; an entry that does not decode ends the trust, and the walk
 * goes on at the next place where two entries in a row confirm each other.
 */
export class NtSegmentWalk {
  readonly sums = emptySums()
  /** Back-end blocks whose user data are low-fragmentation containers: row of `blocks`. */
  readonly containerRows: number[] = []
  readonly #view: MemoryView
  readonly #window: Window
  readonly #heap: NtHeap
  readonly #blocks: WalkedBlocks
  readonly #signatureAt: number
  #previousUnits = 0
  #lastGood: Address = NaN
  #scansLeft = MAX_SCANS

  constructor(view: MemoryView, heap: NtHeap, blocks: WalkedBlocks) {
    this.#view = view
    this.#window = new Window(view.memory)
    this.#heap = heap
    this.#blocks = blocks
    this.#signatureAt = userBlocksSignatureOffset(heap.layout)
  }

  /** `doneBefore` of `totalBytes` were walked before this segment; both are for progress. */
  async walk(segment: NtSegment, job: JobContext, doneBefore: Bytes, totalBytes: Bytes): Promise<WalkedSegment> {
    const { sums } = this
    const blocks = this.#blocks
    const firstRow = blocks.length
    blocks.push(segment.base, segment.firstEntry - segment.base, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Verified)
    this.#previousUnits = (segment.firstEntry - segment.base) / this.#heap.layout.unit
    this.#lastGood = segment.base
    const passed = (address: Address): Promise<void> => {
      job.progress({ done: doneBefore + address - segment.base, total: totalBytes, unit: 'bytes' })
      return job.checkpoint()
    }
    let at = segment.firstEntry
    for (const ucr of [...segment.ucrs, undefined]) {
      const end = ucr?.address ?? segment.lastValidEntry
      await this.#walkRun(at, end, ucr, passed)
      if (ucr === undefined) break
      sums.uncommittedRanges++
      at = ucr.address + ucr.size
      if (ucr.size === 0) continue
      blocks.push(ucr.address, ucr.size, 0, BlockState.Uncommitted, BlockKind.Uncommitted, Trust.Verified)
      sums.uncommittedBytes += ucr.size
      this.#previousUnits = 0
    }
    return { base: segment.base, reservedBytes: segment.reservedBytes, firstRow, endRow: blocks.length }
  }

  async #walkRun(from: Address, end: Address, ucr: Ucr | undefined, passed: (at: Address) => Promise<void>): Promise<void> {
    for (let at = from; at < end; ) {
      at = this.#walkEntries(at, end, ucr)
      await passed(at)
    }
  }

  /** Entries from `at` on, at most CHECKPOINT_BLOCKS of them; returns where to go on. */
  #walkEntries(from: Address, end: Address, ucr: Ucr | undefined): Address {
    // The loop over every block of a dump: columns and sums are locals, and no object is made per block.
    const { layout, key, freeNodes } = this.#heap
    const { unit, header } = layout
    const blocks = this.#blocks
    const window = this.#window
    const { sums } = this
    const k0 = key[0]!
    const k1 = key[1]!
    const k2 = key[2]!
    const k3 = key[3]!
    const k4 = key[4]!
    const k5 = key[5]!
    const k7 = key[7]!
    const keySum = k0 ^ k1 ^ k2 ^ k3
    let previous = this.#previousUnits
    let at = from
    for (let left = CHECKPOINT_BLOCKS; left > 0 && at < end; left--) {
      if (!window.cover(at, unit, end)) {
        this.#previousUnits = -1
        return this.#resync(at, end, 'missing')
      }
      const bytes = window.bytes
      const h = at - window.base + header
      const b0 = bytes[h]!
      const b1 = bytes[h + 1]!
      const b2 = bytes[h + 2]!
      const units = (b0 ^ k0) | ((b1 ^ k1) << 8)
      const size = units * unit
      const isSummed = (b0 ^ b1 ^ b2 ^ bytes[h + 3]! ^ keySum) === 0
      if (!isSummed || units === 0 || at + size > end) {
        if (!isSummed) sums.checksumsWrong++
        this.#damage(at, bytes.subarray(h, h + 8), isSummed ? (units === 0 ? 'size-zero' : 'size-too-large') : 'checksum')
        return this.#resync(at, end, 'damaged')
      }
      const told = (bytes[h + 4]! ^ k4) | ((bytes[h + 5]! ^ k5) << 8)
      if (told !== previous && previous >= 0) {
        // A header that is wrong about the block before it is believed about its own only when the block behind agrees.
        if (!this.#isConfirmed(at, end)) {
          this.#damage(at, bytes.subarray(h, h + 8), 'implausible')
          return this.#resync(at, end, 'damaged')
        }
        const back = this.#takeBack(at, at)
        if (back !== undefined) return back
        this.#previousSizeWrong(at, told, previous)
      }
      const flags = b2 ^ k2
      sums.entries++
      if ((flags & BUSY) === 0) {
        sums.freeBlocks++
        sums.freeBytes += size
        if (freeNodes.get(at + unit) === -1) this.#unlistedFree(at)
        else freeNodes.set(at + unit, 1)
        blocks.push(at, size, 0, BlockState.Free, BlockKind.BackEnd, Trust.Verified)
      } else {
        sums.busyBlocks++
        sums.busyBytes += size
        if (ucr !== undefined && at + size === end && ucr.descriptor >= at && ucr.descriptor < end) {
          blocks.push(at, size, 0, BlockState.Internal, BlockKind.UncommittedMarker, Trust.Verified)
        } else if (size > 64 && this.#view.u32(at + unit + this.#signatureAt) === USER_BLOCKS_SIGNATURE) {
          this.containerRows.push(blocks.length)
          blocks.push(at, size, 0, BlockState.Internal, BlockKind.LfhContainer, Trust.Verified)
        } else if ((flags & INTERNAL) !== 0) {
          blocks.push(at, size, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Verified)
        } else {
          const unused = bytes[h + 7]! ^ k7
          const isKnown = unused < UNUSED_ELSEWHERE && unused >= 8 && unused <= size
          blocks.push(at, size, isKnown ? size - unused : this.#unusedElsewhere(at, size, flags), BlockState.Busy, BlockKind.BackEnd, isKnown ? Trust.Verified : Trust.Uncertain)
        }
      }
      this.#lastGood = at
      previous = units
      at += size
    }
    this.#previousUnits = previous
    return at
  }

  /** Requested bytes of a block whose unused bytes do not fit its header: a 16-bit count before the extra data at its end. */
  #unusedElsewhere(at: Address, size: Bytes, flags: number): Bytes {
    const { unit, header } = this.#heap.layout
    const extra = (flags & EXTRA) === 0 ? 0 : unit
    const unused = this.#view.u16(at + size + header - extra - 4)
    return unused >= UNUSED_ELSEWHERE && unused <= size - 8 ? size - unused : UNKNOWN_SIZE
  }

  #previousSizeWrong(at: Address, told: number, previous: number): void {
    this.sums.previousSizesWrong++
    this.#heap.findings.add('previous-size', 'damage', `The entry at ${hex(at)} says the block before it has ${told} units; it has ${previous}.`, { address: at, lastGood: this.#lastGood })
  }

  #unlistedFree(at: Address): void {
    this.sums.unlistedFree++
    this.#heap.findings.add('free-not-listed', 'warning', `The free block at ${hex(at)} is in no free list.`, { address: at })
  }

  #bytesOf(entry: Address): FindingPlace {
    const raw = this.#view.bytes(entry + this.#heap.layout.header, 8)
    return raw === undefined ? {} : { raw: hexBytes(raw), decoded: hexBytes(raw.map((byte, i) => byte ^ this.#heap.key[i]!)) }
  }

  #damage(at: Address, raw: Uint8Array, code: 'checksum' | 'size-zero' | 'size-too-large' | 'implausible'): void {
    const decoded = raw.map((byte, i) => byte ^ this.#heap.key[i]!)
    const texts = { checksum: 'fails its checksum', 'size-zero': 'has size 0', 'size-too-large': 'reaches beyond its committed run', implausible: 'contradicts the blocks before and behind it' }
    this.#heap.findings.add(code, 'damage', `The entry at ${hex(at)} ${texts[code]}.`, { address: at, lastGood: this.#lastGood, raw: hexBytes(raw), decoded: hexBytes(decoded) })
  }

  /**
   * The next place where an entry and its successor confirm each other by checksum and size (a false hit: 2^-32), or the
   * end of the run. What is passed over becomes one damaged block.
   */
  #resync(at: Address, end: Address, why: 'missing' | 'damaged'): Address {
    if (why === 'damaged') {
      const next = this.#takeBack(at, end)
      if (next !== undefined) return next
    }
    const { layout, key } = this.#heap
    const { unit, header } = layout
    const window = this.#window
    const keySum = key[0]! ^ key[1]! ^ key[2]! ^ key[3]!
    let q = at + unit
    if (why === 'missing') q = this.#view.nextReadable(at + unit, end)
    for (; q < end; q += unit) {
      if (!window.cover(q, unit, end)) {
        q = this.#view.nextReadable(q + unit, end) - unit
        continue
      }
      const bytes = window.bytes
      const h = q - window.base + header
      if ((bytes[h]! ^ bytes[h + 1]! ^ bytes[h + 2]! ^ bytes[h + 3]! ^ keySum) === 0 && this.#isConfirmed(q, end)) break
    }
    const next = Math.min(q, end)
    this.#blocks.push(at, next - at, 0, BlockState.Internal, BlockKind.Damaged, Trust.Uncertain)
    const text = why === 'missing' ? 'cannot be read' : 'do not decode'
    this.#heap.findings.add(why === 'missing' ? 'memory-missing' : 'resynchronised', why === 'missing' ? 'warning' : 'damage', `${next - at} bytes at ${hex(at)} ${text}; the walk goes on at ${hex(next)}.`, { address: at, lastGood: this.#lastGood })
    this.#previousUnits = -1
    return next
  }

  /**
   * When `at` does not fit what stands there because the entry before it lies about its size, the true next entry names
   * the distance between the two. Then that entry is the damaged one and is taken back. Returns where to go on, before `end`.
   */
  #takeBack(at: Address, end: Address): Address | undefined {
    const blocks = this.#blocks
    const row = blocks.length - 1
    const last = this.#lastGood
    if (row < 0 || blocks.address.at(row) !== last || last + blocks.size.at(row) !== at || blocks.kind.at(row) === BlockKind.Damaged) return undefined
    const { layout, key } = this.#heap
    const { unit, header } = layout
    const window = this.#window
    const limit = Math.min(end, last + 0x10000 * unit)
    for (let q = last + unit; q < limit && this.#scansLeft > 0; q += unit) {
      this.#scansLeft--
      if (!window.cover(q, unit, end)) return undefined
      const h = q - window.base + header
      const told = (window.bytes[h + 4]! ^ key[4]!) | ((window.bytes[h + 5]! ^ key[5]!) << 8)
      if (told * unit !== q - last || q === at || !hasChecksum(window.bytes.subarray(h, h + 4), key) || !this.#isConfirmed(q, end)) continue
      this.#uncount(row)
      blocks.size.set(row, q - last)
      blocks.requested.set(row, 0)
      blocks.state.set(row, BlockState.Internal)
      blocks.kind.set(row, BlockKind.Damaged)
      blocks.confidence.set(row, Trust.Uncertain)
      this.#heap.findings.add('size-denied', 'damage', `The entry at ${hex(last)} claims ${at - last} bytes; the entry behind it says ${q - last}.`, { address: last, ...this.#bytesOf(last) })
      this.#previousUnits = -1
      return q
    }
    return undefined
  }

  #uncount(row: number): void {
    const { sums } = this
    const size = this.#blocks.size.at(row)
    sums.entries--
    if (this.#blocks.state.at(row) === BlockState.Free) {
      sums.freeBlocks--
      sums.freeBytes -= size
    } else {
      sums.busyBlocks--
      sums.busyBytes -= size
    }
    if (this.containerRows.at(-1) === row) this.containerRows.pop()
  }

  #isConfirmed(at: Address, end: Address): boolean {
    const { layout, key } = this.#heap
    const raw = this.#view.bytes(at + layout.header, 8)
    if (raw === undefined) return false
    const units = (raw[0]! ^ key[0]!) | ((raw[1]! ^ key[1]!) << 8)
    const next = at + units * layout.unit
    if (units === 0 || next > end) return false
    // The last entry of a run has no successor; its exact end stands in for one.
    if (next === end) return true
    const after = this.#view.bytes(next + layout.header, 8)
    if (after === undefined || !hasChecksum(after, key)) return false
    return ((after[4]! ^ key[4]!) | ((after[5]! ^ key[5]!) << 8)) === units
  }
}
