import { STILL_ALIVE, type Address, type Bytes, type EventNumber } from '../../base/units'
import { LifetimeTable, Occupant } from '../../model/run'
import { BlockSlots } from '../heaps/block-slots'
import type { HeapObserver } from '../heaps/heap'
import { NO_OBJECT } from './recorder'
import type { ReplayRecorder } from './replay-recorder'

/** In place of a birth: nothing stays there. */
const GONE = 0xffffffff
/** In place of requested bytes: the heap keeps the block; the bytes are in a table of their own. */
const KEPT = 0xffffffff
const LARGE = 0xfffffffe

/**
 * Keeps what figures ask about and no more: the change of live bytes by event, and where everything lay after the first event
 * with most memory committed and after the last one.
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
 * Birth and request of a block's present stay lie side by side, by block number, busy or kept by the heap alike: an event
 * touches one line of the processor's cache here.
 */
export class StatisticsRecorder implements ReplayRecorder {
  event: EventNumber = 0
  readonly observer: HeapObserver
  readonly liveChanges: Float64Array
  /** By block: birth and requested bytes, in turn. */
  #stays = new Uint32Array(2 * 64).fill(GONE)
  /** Requests of 4 GiB and more, by block. */
  readonly #largeRequests = new Map<number, Bytes>()
  #blocks = new BlockSlots()
  /** The heap's own ranges, by address; there are few. */
  readonly #own = new Map<Address, { readonly bytes: Bytes; readonly birth: EventNumber }>()
  readonly #ended = new EndedStays()
  #peakBytes = 0
  #peakEvent: EventNumber = 0
  /** Event in which committed bytes changed last, and what they were after it: judged once the event is over. */
  #changedEvent: EventNumber = STILL_ALIVE
  #changedBytes = 0
  /** The block set aside, as it was. */
  #asideBlock = 0
  #asideBirth = 0
  #asideRequested = 0
  #asideAddress = 0
  #asideSize = 0

  constructor(events: number) {
    this.liveChanges = new Float64Array(events + 1)
    this.observer = {
      internal: (address, bytes) => {
        this.#own.set(address, { bytes, birth: this.event })
      },
      internalEnd: (address) => this.#endOwn(address),
      cached: (block) => this.#put(block, KEPT),
      uncached: (block) => this.#endKept(block),
    }
  }

  attach(blocks: BlockSlots): void {
    this.#blocks = blocks
  }

  begin(block: number, requested: Bytes): void {
    this.liveChanges[this.event]! += requested
    if (requested < LARGE) this.#put(block, requested)
    else {
      this.#put(block, LARGE)
      this.#largeRequests.set(block, requested)
    }
  }

  end(block: number): void {
    const stays = this.#stays
    const birth = stays[2 * block]!
    const requested = stays[2 * block + 1] === LARGE ? this.#largeRequests.get(block)! : stays[2 * block + 1]!
    this.liveChanges[this.event]! -= requested
    stays[2 * block] = GONE
    if (this.event > this.#changedEvent) this.#judgePeak()
    if (birth <= this.#peakEvent) this.#ended.add(this.#blocks.address[block]!, this.#blocks.size[block]!, requested, birth, Occupant.Busy)
  }

  setAside(block: number): void {
    const stays = this.#stays
    this.#asideBirth = stays[2 * block]!
    this.#asideRequested = stays[2 * block + 1] === LARGE ? this.#largeRequests.get(block)! : stays[2 * block + 1]!
    this.#asideAddress = this.#blocks.address[block]!
    this.#asideSize = this.#blocks.size[block]!
    this.#asideBlock = block
  }

  endAside(): void {
    const stays = this.#stays
    this.liveChanges[this.event]! -= this.#asideRequested
    // The heap may keep the block by now, which is told before this.
    if (stays[2 * this.#asideBlock + 1] !== KEPT) stays[2 * this.#asideBlock] = GONE
    if (this.event > this.#changedEvent) this.#judgePeak()
    if (this.#asideBirth <= this.#peakEvent) this.#ended.add(this.#asideAddress, this.#asideSize, this.#asideRequested, this.#asideBirth, Occupant.Busy)
  }

  committed(bytes: Bytes): void {
    if (this.event > this.#changedEvent) this.#judgePeak()
    this.#changedEvent = this.event
    this.#changedBytes = bytes
  }

  finish(): { readonly peakEvent: EventNumber; readonly lifetimes: LifetimeTable } {
    this.#judgePeak()
    const table = new LifetimeTable()
    this.#ended.appendTo(table, this.#peakEvent)
    for (const [address, { bytes, birth }] of this.#own) appendRow(table, address, bytes, 0, birth, STILL_ALIVE, Occupant.Internal)
    const stays = this.#stays
    for (let block = 0; 2 * block < stays.length; block++) {
      const birth = stays[2 * block]!
      if (birth === GONE) continue
      const told = stays[2 * block + 1]!
      const requested = told === KEPT ? 0 : told === LARGE ? this.#largeRequests.get(block)! : told
      appendRow(table, this.#blocks.address[block]!, this.#blocks.size[block]!, requested, birth, STILL_ALIVE, told === KEPT ? Occupant.Cached : Occupant.Busy)
    }
    return { peakEvent: this.#peakEvent, lifetimes: table }
  }

  #put(block: number, requested: number): void {
    if (2 * block >= this.#stays.length) this.#grow(block)
    this.#stays[2 * block] = this.event
    this.#stays[2 * block + 1] = requested
  }

  #endKept(block: number): void {
    const birth = this.#stays[2 * block]!
    this.#stays[2 * block] = GONE
    if (this.event > this.#changedEvent) this.#judgePeak()
    if (birth <= this.#peakEvent) this.#ended.add(this.#blocks.address[block]!, this.#blocks.size[block]!, 0, birth, Occupant.Cached)
  }

  #endOwn(address: Address): void {
    const { bytes, birth } = this.#own.get(address)!
    this.#own.delete(address)
    if (this.event > this.#changedEvent) this.#judgePeak()
    if (birth <= this.#peakEvent) this.#ended.add(address, bytes, 0, birth, Occupant.Internal)
  }

  /** The event in which committed bytes changed last is over. */
  #judgePeak(): void {
    const event = this.#changedEvent
    this.#changedEvent = STILL_ALIVE
    if (event === STILL_ALIVE || this.#changedBytes <= this.#peakBytes) return
    this.#peakBytes = this.#changedBytes
    this.#peakEvent = event
    this.#ended.clear()
  }

  #grow(block: number): void {
    const longer = new Uint32Array(Math.max(2 * block + 2, this.#stays.length * 2)).fill(GONE, this.#stays.length)
    longer.set(this.#stays)
    this.#stays = longer
  }
}

/** Stays that ended after the peak they lay there at. */
class EndedStays {
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
    if (at === this.#birth.length) this.#grow()
    this.#address[at] = address
    this.#size[at] = size
    this.#requested[at] = requested
    this.#birth[at] = birth
    this.#occupant[at] = occupant
  }

  /** Dead with the event after the peak: nobody cuts between the two moments. */
  appendTo(table: LifetimeTable, peakEvent: EventNumber): void {
    for (let at = 0; at < this.#count; at++) {
      appendRow(table, this.#address[at]!, this.#size[at]!, this.#requested[at]!, this.#birth[at]!, peakEvent + 1, this.#occupant[at] as Occupant)
    }
  }

  #grow(): void {
    this.#address = longer(this.#address, new Float64Array(2 * this.#address.length))
    this.#size = longer(this.#size, new Float64Array(2 * this.#size.length))
    this.#requested = longer(this.#requested, new Float64Array(2 * this.#requested.length))
    this.#birth = longer(this.#birth, new Uint32Array(2 * this.#birth.length))
    this.#occupant = longer(this.#occupant, new Uint8Array(2 * this.#occupant.length))
  }
}

function longer<T extends Float64Array | Uint32Array | Uint8Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}

function appendRow(table: LifetimeTable, address: Address, size: Bytes, requested: Bytes, birth: EventNumber, death: EventNumber, occupant: Occupant): void {
  table.address.push(address)
  table.size.push(size)
  table.requested.push(requested)
  table.birth.push(birth)
  table.death.push(death)
  table.occupant.push(occupant)
  table.object.push(NO_OBJECT)
}
