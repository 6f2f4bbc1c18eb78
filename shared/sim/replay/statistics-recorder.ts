import { Column } from '../../base/column'
import { STILL_ALIVE, type Address, type Bytes, type EventNumber } from '../../base/units'
import { LifetimeTable, Occupant } from '../../model/run'
import { BlockSlots } from '../heaps/block-slots'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heaps/heap'
import { RequestedBytes } from '../heaps/requested-bytes'
import { NO_OBJECT } from './recorder'
import { ObjectPart, type ReplayRecorder } from './replay-recorder'

/**
 * Keeps what figures ask about and no more: where everything lay after the first event with most memory committed and after the
 * last one. Live bytes by event are the trace's own, less what failed; no replay needs to add them up.
 *
 * What lies at the peak is known only when no higher one follows, so of each stay that ends is kept only one that began before
 * the highest peak so far; a higher one makes all of these worthless:
 *
 *   event       1     2     3     4     5     6          peak after event 2, then after 4
 *   committed   4096  8192  8192  12288 12288 12288
 *   block a     |-----------|                            kept at 3 for the peak at 2, thrown away at 4
 *   block b           |-----------------|                kept at 5: it lay there at 4, and what lives on did too
 *   block c                             |---|            not kept: it began after 4
 *
 * Whether a block lies as it lay at the peak is one bit (BlockMarks), and its request two bytes by number of the block: with
 * hundreds of thousands of blocks an event's time is that of waiting for memory, and what is kept by block stays near.
 */
export class StatisticsRecorder implements ReplayRecorder {
  event: EventNumber = 0
  readonly observer: HeapObserver
  readonly objectShift = 0
  /** The heap's, or its own where the heap keeps none. */
  #requested = new RequestedBytes()
  #isOwnTable = true
  #blocks = new BlockSlots()
  readonly #marks = new BlockMarks()
  /** The heap's own ranges, by address; there are few. */
  readonly #own = new Map<Address, { readonly bytes: Bytes; readonly birth: EventNumber }>()
  /** Stays that ended after the peak they lay there at. */
  readonly #ended = new Stays()
  /** Blocks without an object: they stay to the end. */
  readonly #lost: number[] = []
  #peakBytes = 0
  #peakEvent: EventNumber = 0
  /** Event in which committed bytes changed last, and what they were after it: judged once the event is over. */
  #isChanged = false
  #changedEvent: EventNumber = 0
  #changedBytes = 0
  /** The block set aside, as it was. */
  #asideBlock = 0
  #asideWasThere = false
  #asideRequested = 0
  #asideAddress = 0
  #asideSize = 0

  constructor() {
    const endKept = (block: number): void => {
      if (this.#isChanged) this.#judgePeak()
      if (this.#marks.letGo(block)) this.#endCached(block)
    }
    const keep = (block: number): void => {
      if (this.#isChanged) this.#judgePeak()
      this.#marks.keep(block)
    }
    this.observer = {
      internal: (address, bytes) => {
        this.#own.set(address, { bytes, birth: this.event })
      },
      internalEnd: (address) => this.#endOwn(address),
      cached: keep,
      uncached: endKept,
      slot: keep,
      slotEnd: endKept,
    }
  }

  attach({ blocks, requested }: Heap): void {
    this.#blocks = blocks
    if (requested === undefined) return
    this.#requested = requested
    this.#isOwnTable = false
  }

  begin(_objects: Uint32Array, _at: number, block: number, requested: Bytes): void {
    if (this.#isChanged) this.#judgePeak()
    // A slot that lay there at the peak was kept then.
    if (this.#marks.change(block) && this.#marks.isKept(block)) this.#endCached(block)
    if (this.#isOwnTable) this.#requested.put(block, requested)
  }

  end(_objects: Uint32Array, _at: number, block: number): void {
    if (this.#isChanged) this.#judgePeak()
    if (this.#marks.change(block)) this.#ended.add(this.#blocks.address[block]!, this.#blocks.size[block]!, this.#requested.of(block), 0, Occupant.Busy)
  }

  setAside(_objects: Uint32Array, _at: number, block: number): void {
    if (this.#isChanged) this.#judgePeak()
    this.#asideBlock = block
    // At once: a slot that ends within the call, the old one among them, is taken for one that was kept.
    this.#asideWasThere = this.#marks.change(block)
    this.#asideRequested = this.#requested.of(block)
    this.#asideAddress = this.#blocks.address[block]!
    this.#asideSize = this.#blocks.size[block]!
  }

  endAside(): void {
    if (this.#asideWasThere) this.#ended.add(this.#asideAddress, this.#asideSize, this.#asideRequested, 0, Occupant.Busy)
  }

  keepAside(): void {
    if (this.#asideWasThere) this.#marks.forgetChange(this.#asideBlock)
  }

  lose(objects: Uint32Array, at: number): void {
    this.#lost.push(objects[at + ObjectPart.Block]!)
  }

  committed(bytes: Bytes): void {
    if (this.#isChanged) this.#judgePeak()
    this.#isChanged = true
    this.#changedEvent = this.event
    this.#changedBytes = bytes
  }

  /** After the last event; the objects' blocks are what is alive. */
  finish(objects: Uint32Array): { readonly peakEvent: EventNumber; readonly lifetimes: LifetimeTable } {
    this.event++
    this.#judgePeak()
    const { address, size } = this.#blocks
    const rows = new Stays()
    const addLiving = (block: number, requested: Bytes, occupant: Occupant): void => rows.add(address[block]!, size[block]!, requested, this.#marks.isChanged(block) ? this.#peakEvent + 1 : 0, occupant)
    for (const [start, { bytes, birth }] of this.#own) rows.add(start, bytes, 0, birth, Occupant.Internal)
    for (const block of this.#lost) addLiving(block, this.#requested.of(block), Occupant.Busy)
    for (let at = 0; at < objects.length; at++) if (objects[at] !== NO_BLOCK) addLiving(objects[at]!, this.#requested.of(objects[at]!), Occupant.Busy)
    // A slot of the program's is marked as kept too.
    for (const block of this.#lost) this.#marks.letGo(block)
    for (const block of objects) this.#marks.letGo(block)
    this.#marks.walkKept((block) => addLiving(block, 0, Occupant.Cached))
    // Those that ended are dead with the event after the peak: nobody cuts between the two moments.
    return { peakEvent: this.#peakEvent, lifetimes: rows.tableWith(this.#ended, this.#peakEvent + 1) }
  }

  #endCached(block: number): void {
    this.#ended.add(this.#blocks.address[block]!, this.#blocks.size[block]!, 0, 0, Occupant.Cached)
  }

  #endOwn(address: Address): void {
    const { bytes, birth } = this.#own.get(address)!
    this.#own.delete(address)
    if (this.#isChanged) this.#judgePeak()
    if (birth <= this.#peakEvent) this.#ended.add(address, bytes, 0, birth, Occupant.Internal)
  }

  /** Once the event is over in which committed bytes changed last. */
  #judgePeak(): void {
    if (this.event === this.#changedEvent) return
    this.#isChanged = false
    if (this.#changedBytes <= this.#peakBytes) return
    this.#peakBytes = this.#changedBytes
    this.#peakEvent = this.#changedEvent
    this.#ended.clear()
    this.#marks.forgetChanges()
  }
}

/**
 * Which blocks the heap keeps, and which blocks no longer are what they were at the peak: two bits a block, in words side by
 * side, so that those of 200,000 blocks stay in the processor's nearest caches.
 */
class BlockMarks {
  /** By 32 blocks: bits of those kept, bits of those changed since the peak. */
  #words = new Int32Array(64)
  /** Words with a bit of the second kind: a peak follows a peak soon while a heap grows, and has few to forget. */
  #changedWords = new Int32Array(64)
  #changedCount = 0

  /** The block comes to or goes from the program or the heap's keeping; true when it had been as it was at the peak. */
  change(block: number): boolean {
    const at = (block >>> 5) << 1
    if (at >= this.#words.length) this.#grow(at)
    const bit = 1 << (block & 31)
    const changed = this.#words[at + 1]!
    if (changed === 0) {
      if (this.#changedCount === this.#changedWords.length) this.#changedWords = resized(this.#changedWords, new Int32Array(2 * this.#changedWords.length))
      this.#changedWords[this.#changedCount++] = at
    }
    this.#words[at + 1] = changed | bit
    return (changed & bit) === 0
  }

  keep(block: number): void {
    this.change(block)
    this.#words[(block >>> 5) << 1]! |= 1 << (block & 31)
  }

  /** As `change`. */
  letGo(block: number): boolean {
    const wasThere = this.change(block)
    this.#words[(block >>> 5) << 1]! &= ~(1 << (block & 31))
    return wasThere
  }

  isChanged(block: number): boolean {
    return ((this.#words[((block >>> 5) << 1) + 1]! >>> (block & 31)) & 1) === 1
  }

  isKept(block: number): boolean {
    return ((this.#words[(block >>> 5) << 1]! >>> (block & 31)) & 1) === 1
  }

  /** Undoes a `change` that was the block's first. */
  forgetChange(block: number): void {
    this.#words[((block >>> 5) << 1) + 1]! &= ~(1 << (block & 31))
  }

  forgetChanges(): void {
    for (let i = 0; i < this.#changedCount; i++) this.#words[this.#changedWords[i]! + 1] = 0
    this.#changedCount = 0
  }

  walkKept(visit: (block: number) => void): void {
    const words = this.#words
    for (let at = 0; at < words.length; at += 2) {
      for (let bit = 0; words[at] !== 0 && bit < 32; bit++) if (((words[at]! >>> bit) & 1) === 1) visit((at << 4) | bit)
    }
  }

  #grow(at: number): void {
    this.#words = resized(this.#words, new Int32Array(Math.max(at + 2, 2 * this.#words.length)))
  }
}

/** Rows of a table without their deaths. */
class Stays {
  #address = new Float64Array(1024)
  #size = new Float64Array(1024)
  #requested = new Float64Array(1024)
  #birth = new Uint32Array(1024)
  #occupant = new Uint8Array(1024)
  #count = 0

  clear(): void {
    this.#count = 0
  }

  add(address: Address, size: Bytes, requested: Bytes, birth: EventNumber, occupant: Occupant): void {
    const at = this.#count++
    if (at === this.#birth.length) this.#resize(2 * at)
    this.#address[at] = address
    this.#size[at] = size
    this.#requested[at] = requested
    this.#birth[at] = birth
    this.#occupant[at] = occupant
  }

  /** These, still alive, and others that died with the event `death`. */
  tableWith(others: Stays, death: EventNumber): LifetimeTable {
    const living = this.#count
    const count = living + others.#count
    this.#resize(count)
    this.#address.set(others.#address.subarray(0, others.#count), living)
    this.#size.set(others.#size.subarray(0, others.#count), living)
    this.#requested.set(others.#requested.subarray(0, others.#count), living)
    this.#birth.set(others.#birth.subarray(0, others.#count), living)
    this.#occupant.set(others.#occupant.subarray(0, others.#count), living)
    const deaths = new Uint32Array(count).fill(STILL_ALIVE, 0, living).fill(death, living)
    const objects = new Uint32Array(count).fill(NO_OBJECT)
    const columns = { address: this.#address, size: this.#size, requested: this.#requested, birth: this.#birth, death: deaths, occupant: this.#occupant, object: objects }
    return Object.assign(new LifetimeTable(), Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Column.from(values)])))
  }

  #resize(length: number): void {
    this.#address = resized(this.#address, new Float64Array(length))
    this.#size = resized(this.#size, new Float64Array(length))
    this.#requested = resized(this.#requested, new Float64Array(length))
    this.#birth = resized(this.#birth, new Uint32Array(length))
    this.#occupant = resized(this.#occupant, new Uint8Array(length))
  }
}

/** What fits of the old values. */
function resized<T extends Float64Array | Int32Array | Uint32Array | Uint8Array>(old: T, fresh: T): T {
  fresh.set(old.length <= fresh.length ? old : old.subarray(0, fresh.length))
  return fresh
}
