import { NumberMap } from '../../../base/number-map'
import { NONE, type Address, type Bytes } from '../../../base/units'
import type { HeapMemory } from '../../vm/heap-memory'
import type { MemoryAccess } from '../../vm/memory-access'
import { SlotState } from '../block-slots'
import type { Explainer } from '../explain'
import { NO_BLOCK } from '../heap'
import { BlockFlag, encodeBlock, encodedBytes, type BlockFacts, type BlockLayout } from './block-bytes'
import { KathHeap, type KathRules } from './kath-heap'
import { LinkedFreeIndex } from './linked-free-index'

/**
 * One heap of a simulated process: the placement of KathHeap, plus what a program meets around it. Blocks are known by
 * the address of their data; headers and free links are written to memory as they change.
 */
export class ProcessHeap {
  readonly layout: BlockLayout
  readonly fit: KathHeap
  busyBlocks = 0
  requestedBytes: Bytes = 0
  readonly #free: LinkedFreeIndex
  readonly #access: MemoryAccess
  readonly #slots = new NumberMap()
  #requested = new Float64Array(64)
  #handles = new Float64Array(64)
  readonly #scratch: Uint8Array

  constructor(rules: KathRules, layout: BlockLayout, memory: HeapMemory, access: MemoryAccess, explain?: Explainer) {
    this.layout = layout
    this.#access = access
    this.#scratch = new Uint8Array(encodedBytes(layout))
    let free: LinkedFreeIndex | undefined
    this.fit = new KathHeap(rules, memory, (blocks) => (free = new LinkedFreeIndex(blocks)), explain)
    this.#free = free!
    this.#writeDirty(NO_BLOCK)
  }

  get base(): Address {
    return this.fit.base
  }

  get freeBlocks(): number {
    return this.#free.count
  }

  get examinedBlocks(): number {
    return this.#free.examined
  }

  get largestFreeBytes(): Bytes {
    return this.#free.largestBytes()
  }

  /** Address of the data of a new block, 0 when there is no memory. */
  alloc(bytes: Bytes): Address {
    const slot = this.fit.alloc(bytes)
    if (slot === NO_BLOCK) {
      this.#writeDirty(NO_BLOCK)
      return 0
    }
    this.#take(slot, bytes, 0)
    this.#writeDirty(slot)
    return this.dataOf(slot)
  }

  /** Slot of the busy block whose data begins at the address, NO_BLOCK when there is none. */
  find(data: Address): number {
    const slot = data >= 0 ? this.#slots.get(data) : NONE
    return slot === NONE ? NO_BLOCK : slot
  }

  free(slot: number): void {
    this.#leave(slot)
    this.fit.free(slot)
    this.#writeDirty(NO_BLOCK)
  }

  /**
   * Address of the data afterwards, 0 when there is no room (the block is as it was). A block that moves keeps its
   * contents up to the smaller size.
   */
  resize(slot: number, bytes: Bytes, inPlaceOnly: boolean): Address {
    const old = this.#requested[slot]!
    const data = this.dataOf(slot)
    if (this.fit.reallocInPlace(slot, bytes)) {
      this.requestedBytes += bytes - old
      this.#requested[slot] = bytes
      this.#writeDirty(slot)
      return data
    }
    this.#writeDirty(NO_BLOCK)
    if (inPlaceOnly) return 0
    const moved = this.alloc(bytes)
    if (moved === 0) return 0
    this.#copy(data, moved, Math.min(old, bytes))
    this.setHandle(this.find(moved), this.#handles[slot]!)
    this.free(slot)
    return moved
  }

  dataOf(slot: number): Address {
    return this.fit.blocks.address[slot]! + this.layout.headerBytes
  }

  requestedOf(slot: number): Bytes {
    return this.#requested[slot]!
  }

  /** Handle of a movable block, 0 of a fixed one. */
  handleOf(slot: number): Address {
    return this.#handles[slot]!
  }

  setHandle(slot: number, handle: Address): void {
    this.#handles[slot] = handle
    this.#write(slot)
  }

  /**
   * Moves movable blocks down within their ranges until nothing more moves; `moved` is told of each with its new data
   * address. Blocks that `canMove` keeps stay, and nothing passes them.
   */
  compact(canMove: (slot: number) => boolean, moved: (slot: number, data: Address) => void): void {
    const { blocks } = this.fit
    for (let range = 0; range < this.fit.rangeCount; range++) {
      for (let slot = this.fit.firstOfRange(range); slot !== 0; slot = blocks.after[slot]!) {
        if (blocks.state[slot] !== SlotState.Busy || blocks.size[slot] === 0 || !canMove(slot)) continue
        const from = this.dataOf(slot)
        if (!this.fit.slideDown(slot)) continue
        this.#slots.take(from)
        this.#slots.set(this.dataOf(slot), slot)
        this.#copy(from, this.dataOf(slot), this.#requested[slot]!)
        this.#writeDirty(slot)
        moved(slot, this.dataOf(slot))
      }
    }
  }

  /** Visits busy and free blocks range by range, in address order within each. */
  walk(visit: (slot: number, range: number) => void): void {
    const { blocks } = this.fit
    for (let range = 0; range < this.fit.rangeCount; range++) {
      for (let slot = this.fit.firstOfRange(range); slot !== 0; slot = blocks.after[slot]!) {
        if (blocks.size[slot]! > 0) visit(slot, range)
      }
    }
  }

  isBusy(slot: number): boolean {
    return this.fit.blocks.state[slot] === SlotState.Busy
  }

  /** Whether the bytes in memory are those the heap wrote; a program that wrote past its block makes them differ. */
  isIntact(slot: number): boolean {
    const expected = this.#encode(slot)
    const found = this.#access.copyOut(this.fit.blocks.address[slot]!, expected.length)
    return expected.every((byte, i) => byte === found[i])
  }

  factsOf(slot: number): BlockFacts {
    const { address, size, before, after, state } = this.fit.blocks
    const isBusy = state[slot] === SlotState.Busy
    const isLast = size[after[slot]!] === 0
    const handle = isBusy ? this.#handles[slot]! : 0
    return {
      size: size[slot]!,
      previousSize: before[slot] === 0 ? 0 : size[before[slot]!]!,
      flags: (isBusy ? BlockFlag.Busy : 0) | (handle === 0 ? 0 : BlockFlag.Moveable) | (isLast ? BlockFlag.Last : 0),
      spareBytes: isBusy ? size[slot]! - this.layout.headerBytes - this.#requested[slot]! : 0,
      segment: this.rangeOf(address[slot]!),
      handle,
      nextFree: isBusy ? 0 : this.#addressOr0(this.#free.next(slot)),
      previousFree: isBusy ? 0 : this.#addressOr0(this.#free.previous(slot)),
    }
  }

  /** Index of the range an address lies in, in order of reservation; -1 outside. */
  rangeOf(address: Address): number {
    for (let range = 0; range < this.fit.rangeCount; range++) {
      if (address >= this.fit.rangeBase(range) && address < this.fit.rangeLimit(range)) return range
    }
    return NONE
  }

  #addressOr0(slot: number): Address {
    return slot === 0 ? 0 : this.fit.blocks.address[slot]!
  }

  #take(slot: number, bytes: Bytes, handle: Address): void {
    if (slot >= this.#requested.length) this.#grow()
    this.#requested[slot] = bytes
    this.#handles[slot] = handle
    this.#slots.set(this.dataOf(slot), slot)
    this.busyBlocks++
    this.requestedBytes += bytes
  }

  #leave(slot: number): void {
    this.#slots.take(this.dataOf(slot))
    this.busyBlocks--
    this.requestedBytes -= this.#requested[slot]!
    this.#handles[slot] = 0
  }

  #copy(from: Address, to: Address, bytes: Bytes): void {
    if (bytes > 0) this.#access.store(to, this.#access.copyOut(from, bytes))
  }

  /** Writes the blocks whose place, size or links may have changed, and their neighbours, which name their size. */
  #writeDirty(changed: number): void {
    const { before, after } = this.fit.blocks
    const { dirty } = this.#free
    if (changed !== NO_BLOCK) dirty.push(changed)
    if (this.layout.headerBytes > 0) {
      for (const slot of dirty) {
        this.#write(slot)
        this.#write(before[slot]!)
        this.#write(after[slot]!)
      }
    }
    dirty.length = 0
  }

  /** End marks and slots that are nobody's any more are passed over. */
  #write(slot: number): void {
    const { address, size, state } = this.fit.blocks
    if (slot === 0 || state[slot] === SlotState.Unused || size[slot] === 0) return
    const bytes = this.#encode(slot)
    if (bytes.length > 0) this.#access.storeChanges(address[slot]!, bytes)
  }

  #encode(slot: number): Uint8Array {
    return this.#scratch.subarray(0, encodeBlock(this.layout, this.factsOf(slot), this.#scratch))
  }

  #grow(): void {
    const length = this.fit.blocks.state.length
    const requested = new Float64Array(length)
    const handles = new Float64Array(length)
    requested.set(this.#requested)
    handles.set(this.#handles)
    this.#requested = requested
    this.#handles = handles
  }
}
