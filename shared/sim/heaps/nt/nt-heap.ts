import { PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import { NtGrown, NtPlaced } from '../../profiles/reasons/nt-reasons'
import type { DecommitMemory } from '../../vm/heap-memory'
import type { BlockSlots } from '../block-slots'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heap'
import { RequestedBytes } from '../requested-bytes'
import { LFH_LARGEST_BYTES } from './lfh-sizes'
import { LfhFrontEnd, type LfhRules } from './lfh-front-end'
import { LookasideLists, type LookasideRules } from './lookaside-lists'
import { NtBackEnd } from './nt-back-end'
import { NT_HEADER_BYTES, NtKind, unitsOfRequest, type NtBackEndRules } from './nt-rules'
import { UsageCounters, type ActivationRules } from './usage-counters'

/** What both heaps have in common: the back end, the sizes of requests, and resizing. */
abstract class NtHeap implements Heap {
  readonly backEnd: NtBackEnd
  readonly blocks: BlockSlots
  readonly headerBytes: Bytes = NT_HEADER_BYTES
  readonly granularityBytes: Bytes
  readonly requested = new RequestedBytes()
  protected readonly observer: HeapObserver

  constructor(rules: NtBackEndRules, space: DecommitMemory, observer: HeapObserver) {
    this.observer = observer
    this.backEnd = new NtBackEnd(rules, space, observer)
    this.blocks = this.backEnd.blocks
    this.granularityBytes = rules.granule
  }

  get base(): Address {
    return this.backEnd.base
  }

  alloc(bytes: Bytes): number {
    const units = unitsOfRequest(bytes, this.granularityBytes)
    const block = units > this.backEnd.largestUnits ? this.backEnd.allocVirtual(bytes) : this.place(units)
    if (block !== NO_BLOCK) this.requested.put(block, bytes)
    return block
  }

  abstract free(block: number): void

  /** Bytes asked for when a busy block was handed out or resized. */
  requestedOf(block: number): Bytes {
    return this.requested.of(block)
  }

  /** Where it is when it can be there (nt-heap.md 5.5), else allocate, copy, free. */
  realloc(block: number, bytes: Bytes): number {
    if (this.reallocInPlace(block, bytes)) return block
    const moved = this.alloc(bytes)
    if (moved !== NO_BLOCK) this.free(block)
    return moved
  }

  /** False, and nothing changed, when the block cannot have this size where it lies. */
  reallocInPlace(block: number, bytes: Bytes): boolean {
    if (!this.resizeInPlace(block, bytes)) return false
    this.requested.put(block, bytes)
    return true
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    this.backEnd.walkFree(visit)
  }

  /** A block of these units, at most the largest of a segment. */
  protected abstract place(units: number): number

  protected resizeInPlace(block: number, bytes: Bytes): boolean {
    const { size, linkC } = this.blocks
    const units = unitsOfRequest(bytes, this.granularityBytes)
    if (linkC[block] !== NtKind.Virtual) return units <= this.backEnd.largestUnits && this.backEnd.resize(block, units)
    return units > this.backEnd.largestUnits && roundUp(bytes + this.backEnd.rules.virtualHeader, PAGE_BYTES) === size[block]
  }
}

/** NT heap of Windows XP and Server 2003: look-aside lists before the back end. */
export class NtXpHeap extends NtHeap {
  readonly lookaside: LookasideLists | undefined
  readonly #largestUnits: number

  constructor(rules: NtBackEndRules, lookaside: LookasideRules, space: DecommitMemory, observer: HeapObserver) {
    super(rules, space, observer)
    // A heap of fixed size has none, nor one whose calls are not serialized (nt-heap.md 4).
    const hasLists = rules.growable && rules.serialized && lookaside.depth > 0
    this.lookaside = hasLists ? new LookasideLists(lookaside) : undefined
    this.#largestUnits = hasLists ? lookaside.largestUnits : 0
  }

  override free(block: number): void {
    const { size, linkC } = this.blocks
    const units = size[block]! / this.granularityBytes
    if (units <= this.#largestUnits && linkC[block] === NtKind.Block && this.lookaside!.give(units, block)) {
      this.observer.cached?.(block)
    } else this.backEnd.free(block)
  }

  protected override place(units: number): number {
    if (units > this.#largestUnits) return this.backEnd.alloc(units)
    const block = this.lookaside!.take(units)
    if (block === 0) return this.backEnd.alloc(units)
    this.observer.uncached?.(block)
    this.observer.explain?.placed(NtPlaced.Lookaside, units, this.lookaside!.countOf(units))
    return block
  }
}

export interface NtLfhRules extends LfhRules, ActivationRules {
  /** Whether the heap has a front end at all. */
  readonly lfh: boolean
}

/** NT heap of Windows 7 and later: the low-fragmentation front end takes over sizes that are asked for often. */
export class NtLfhHeap extends NtHeap {
  readonly frontEnd: LfhFrontEnd
  /** 0: the heap's own; from 1 on those of the sub-segments, which change without it. */
  lock = 0
  readonly #usage: UsageCounters
  readonly #largestUnits: number

  constructor(rules: NtBackEndRules, lfh: NtLfhRules, space: DecommitMemory, observer: HeapObserver) {
    super(rules, space, observer)
    // A heap of fixed size has none, nor one whose calls are not serialized (nt-heap.md 5.1).
    this.#largestUnits = lfh.lfh && rules.growable && rules.serialized ? Math.min(LFH_LARGEST_BYTES / rules.granule, this.backEnd.largestUnits) : 0
    this.#usage = new UsageCounters(lfh, this.#largestUnits)
    this.frontEnd = new LfhFrontEnd(lfh, this.backEnd, observer)
  }

  get thread(): number {
    return this.frontEnd.thread
  }

  set thread(thread: number) {
    this.frontEnd.thread = thread
  }

  /** Makes the front end now, whatever was counted (HeapSetInformation); false when the heap has none or no memory for it. */
  enableFrontEnd(): boolean {
    if (this.#usage.exists || this.#largestUnits === 0) return this.#usage.exists
    this.#usage.exists = this.frontEnd.make()
    return this.#usage.exists
  }

  override free(block: number): void {
    const subSegment = this.frontEnd.numberOf(block)
    if (subSegment >= 0) {
      this.frontEnd.free(block, subSegment)
      this.lock = 1 + subSegment
      return
    }
    this.lock = 0
    const units = this.blocks.size[block]! / this.granularityBytes
    if (units <= this.#largestUnits) this.#usage.freed(units)
    this.backEnd.free(block)
  }

  protected override place(units: number): number {
    this.lock = 0
    if (units > this.#largestUnits) return this.backEnd.alloc(units)
    const usage = this.#usage
    if (usage.isServed(units)) {
      const slot = this.frontEnd.alloc(this.frontEnd.bucketOfUnits[units]!)
      if (slot !== NO_BLOCK) {
        this.lock = 1 + this.frontEnd.lastSubSegment
        return slot
      }
    }
    if (usage.allocated(units)) {
      if (this.frontEnd.make()) this.observer.explain?.grew(NtGrown.FrontEnd, usage.totalOf(units), units)
      else usage.exists = false
    }
    return this.backEnd.alloc(units)
  }

  protected override resizeInPlace(block: number, bytes: Bytes): boolean {
    if (this.frontEnd.numberOf(block) < 0) return super.resizeInPlace(block, bytes)
    const { size } = this.blocks
    const units = unitsOfRequest(bytes, this.granularityBytes)
    const stays = units <= this.#largestUnits && this.frontEnd.bucketOfUnits[units] === this.frontEnd.homeOf(block).bucket
    if (stays) this.observer.explain?.placed(NtPlaced.Resized, size[block]!, size[block]!)
    return stays
  }
}
