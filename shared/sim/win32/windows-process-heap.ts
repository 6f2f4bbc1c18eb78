import { NumberMap } from '../../base/number-map'
import { NONE, PAGE_BYTES, roundDown, type Address, type Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import type { HeapPart } from '../heap-bytes/heap-parts'
import { HeapFields } from '../heap-bytes/heap-fields'
import { LiveBytes } from '../heap-bytes/live-bytes'
import type { FrontEnd, WindowsHeap } from '../heap-bytes/windows-heap'
import { NO_BLOCK } from '../heaps/heap'
import type { HeapMemory } from '../vm/heap-memory'
import type { MemoryAccess } from '../vm/memory-access'
import type { HeapOfProcess } from './heap-of-process'
import type { HeapReasons } from './heap-reasons'

/**
 * A heap of Windows XP or later as the calls use it. Where blocks lie is the manager's work; here they are known by
 * the address of their data, and the heap's own bytes are kept in memory.
 *
 * The bytes are made as a whole when somebody looks (`settle`): a header that was written and merged away in between was
 * never seen. Only after the program has written over a structure does the order of writing tell, so from then on they
 * are brought up to date with each call.
 */
export class WindowsProcessHeap implements HeapOfProcess {
  thread = 0
  busyBlocks = 0
  requestedBytes: Bytes = 0
  readonly flavour: string
  readonly reasons: HeapReasons
  readonly examinedBlocks = null
  readonly #windows: WindowsHeap
  readonly #memory: HeapMemory
  readonly #access: MemoryAccess
  readonly #live: LiveBytes
  readonly #fields: HeapFields
  readonly #blocks = new NumberMap()
  readonly #requested: (block: number) => Bytes
  readonly #keepRequested: (block: number, bytes: Bytes) => void
  #handles = new Float64Array(64)
  #isStale = true
  #isOverwritten = false

  /** `sizes` are the requested sizes by block, which the manager's bytes are made from too. */
  constructor(windows: WindowsHeap, sizes: RequestedSizes, memory: HeapMemory, access: MemoryAccess, reasons: HeapReasons) {
    this.#windows = windows
    this.reasons = reasons
    this.flavour = windows.flavour
    this.#memory = memory
    this.#access = access
    this.#live = new LiveBytes(access)
    this.#fields = new HeapFields(windows, access)
    this.#requested = sizes.of
    this.#keepRequested = sizes.keep
    this.#touch(this.base)
  }

  get base(): Address {
    return this.#windows.heap.base
  }

  get headerBytes(): Bytes {
    return this.#windows.heap.headerBytes
  }

  get granularityBytes(): Bytes {
    return this.#windows.heap.granularityBytes
  }

  get frontEnd(): FrontEnd {
    return this.#windows.frontEnd
  }

  alloc(bytes: Bytes): Address {
    const data = this.#alloc(bytes)
    this.#changed()
    return data
  }

  find(data: Address): number {
    const block = data >= 0 ? this.#blocks.get(data) : NONE
    return block === NONE ? NO_BLOCK : block
  }

  free(block: number): void {
    this.#free(block)
    this.#changed()
  }

  resize(block: number, bytes: Bytes, inPlaceOnly: boolean): Address {
    const data = this.dataOf(block)
    const old = this.#requested(block)
    if (this.#windows.resizeInPlace(block, bytes)) {
      this.requestedBytes += bytes - old
      this.#keepRequested(block, bytes)
      this.reasons.keep(block)
      this.#live.giveBack(data, bytes)
      this.#touch(data)
      this.#changed()
      return data
    }
    if (inPlaceOnly) return 0
    const moved = this.#alloc(bytes)
    if (moved !== 0) {
      this.#copy(data, moved, Math.min(old, bytes))
      this.#handles[this.find(moved)] = this.#handles[block]!
      this.#free(block)
    }
    this.#changed()
    return moved
  }

  dataOf(block: number): Address {
    return this.#windows.dataOf(block)
  }

  requestedOf(block: number): Bytes {
    return this.#requested(block)
  }

  handleOf(block: number): Address {
    return this.#handles[block]!
  }

  /** Handles stand in the handle table only: how these heaps note them is not known. */
  setHandle(block: number, handle: Address): void {
    this.#handles[block] = handle
  }

  /** None of these heaps moves blocks. */
  compact(): void {}

  /** Nobody but a program that writes over structures can make a difference, so until then nothing has to be compared. */
  isIntact(block: number): boolean {
    if (!this.#isOverwritten) return true
    this.settle()
    const { address, size } = this.#windows.heap.blocks
    return this.#live.isIntact(address[block]!, size[block]!)
  }

  isAllIntact(): boolean {
    if (!this.#isOverwritten) return true
    this.settle()
    return this.#live.isAllIntact()
  }

  parts(): HeapPart[] {
    return this.#windows.parts()
  }

  fields(from: Address, to: Address): OverlayField[] {
    return this.#fields.of(this.parts(), (block) => this.#requested(block), from, to)
  }

  programWrites(address: Address, bytes: Bytes): void {
    const block = this.find(address)
    if (block !== NO_BLOCK && bytes <= this.#requested(block)) {
      this.#live.giveBack(address, bytes)
      return
    }
    this.settle()
    if (this.#live.owns(address, bytes)) this.#isOverwritten = true
  }

  settle(): void {
    if (!this.#isStale) return
    this.#isStale = false
    this.#live.renew(this.#windows)
  }

  /** Pages are given back: what the heap wrote there is gone. */
  pagesGone(address: Address, bytes: Bytes): void {
    this.#live.drop(address, bytes)
  }

  enableFrontEnd(): boolean {
    const isEnabled = this.#windows.enableFrontEnd()
    this.#changed()
    return isEnabled
  }

  optimise(): void {
    this.#windows.optimise()
    this.#changed()
  }

  #alloc(bytes: Bytes): Address {
    const { heap } = this.#windows
    if (heap.thread !== undefined) heap.thread = this.thread
    const block = heap.alloc(bytes)
    if (block === NO_BLOCK) return 0
    if (!this.#windows.keepRecords(this.#memory)) {
      heap.free(block)
      return 0
    }
    this.#keepRequested(block, bytes)
    this.reasons.keep(block)
    if (block >= this.#handles.length) this.#growHandles()
    this.#handles[block] = 0
    const data = this.dataOf(block)
    this.#blocks.set(data, block)
    this.busyBlocks++
    this.requestedBytes += bytes
    this.#live.giveBack(data, bytes)
    this.#touch(data)
    return data
  }

  #free(block: number): void {
    const { heap } = this.#windows
    if (heap.thread !== undefined) heap.thread = this.thread
    const data = this.dataOf(block)
    this.#blocks.take(data)
    this.busyBlocks--
    this.requestedBytes -= this.#requested(block)
    this.#handles[block] = 0
    this.#touch(data)
    heap.free(block)
  }

  #copy(from: Address, to: Address, bytes: Bytes): void {
    if (bytes > 0) this.#access.store(to, this.#access.copyOut(from, bytes))
  }

  /** The manager reads or writes the page the block begins in, which makes it resident, whether somebody looks later or not. */
  #touch(data: Address): void {
    const page = roundDown(data, PAGE_BYTES)
    this.#access.makeResident(page)
  }

  #changed(): void {
    this.#isStale = true
    if (this.#isOverwritten) this.settle()
  }

  #growHandles(): void {
    const handles = new Float64Array(this.#windows.heap.blocks.state.length)
    handles.set(this.#handles)
    this.#handles = handles
  }
}

/** Requested sizes by block number. */
export class RequestedSizes {
  #bytes = new Float64Array(64)
  readonly of = (block: number): Bytes => this.#bytes[block]!

  readonly keep = (block: number, bytes: Bytes): void => {
    if (block >= this.#bytes.length) {
      const longer = new Float64Array(Math.max(block + 1, this.#bytes.length * 2))
      longer.set(this.#bytes)
      this.#bytes = longer
    }
    this.#bytes[block] = bytes
  }
}

