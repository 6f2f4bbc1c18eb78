import { NONE, PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import type { HeapMemory } from '../../vm/heap-memory'

const ARENA_PAGES = 1024

/** Pages of one reservation; a heap has few, so they are objects. */
interface Arena {
  readonly base: Address
  /** 1 = taken. */
  readonly taken: Uint8Array
  used: number
  /** No page below this place is free. */
  lowest: number
}

/** Runs of whole pages, lowest address first, out of reservations of 4 MiB; a longer run has a reservation of its own. */
export class PageSupply {
  readonly #space: HeapMemory
  readonly #capacity: Bytes
  readonly #arenas: Arena[] = []
  #committed = 0

  constructor(space: HeapMemory, capacity: Bytes) {
    this.#space = space
    this.#capacity = capacity
  }

  get committedBytes(): Bytes {
    return this.#committed
  }

  /** Committed, `bytes` in whole pages; NONE when there is no memory, and nothing is changed then. */
  take(bytes: Bytes): Address {
    if (this.#committed + bytes > this.#capacity) return NONE
    const count = bytes / PAGE_BYTES
    const base = count > ARENA_PAGES ? this.#space.reserve(bytes) : this.#find(count)
    if (base === NONE) return NONE
    if (!this.#space.commit(base, bytes)) {
      this.#vacate(base, bytes)
      return NONE
    }
    this.#committed += bytes
    return base
  }

  give(base: Address, bytes: Bytes): void {
    this.#committed -= bytes
    this.#vacate(base, bytes)
  }

  #vacate(base: Address, bytes: Bytes): void {
    const arena = this.#arenas.find((known) => base >= known.base && base < known.base + ARENA_PAGES * PAGE_BYTES)
    if (arena === undefined) {
      this.#space.release(base)
      return
    }
    const place = (base - arena.base) / PAGE_BYTES
    const count = bytes / PAGE_BYTES
    arena.taken.fill(0, place, place + count)
    arena.used -= count
    arena.lowest = Math.min(arena.lowest, place)
    if (arena.used > 0) {
      this.#space.decommit(base, bytes)
      return
    }
    this.#space.release(arena.base)
    this.#arenas.splice(this.#arenas.indexOf(arena), 1)
  }

  #find(count: number): Address {
    for (const arena of this.#arenas) {
      const place = arena.used + count > ARENA_PAGES ? -1 : placeFor(arena, count)
      if (place >= 0) return this.#mark(arena, place, count)
    }
    const base = this.#space.reserve(roundUp(ARENA_PAGES * PAGE_BYTES, PAGE_BYTES))
    if (base === NONE) return NONE
    const arena = { base, taken: new Uint8Array(ARENA_PAGES), used: 0, lowest: 0 }
    const behind = this.#arenas.findIndex((known) => known.base > base)
    this.#arenas.splice(behind < 0 ? this.#arenas.length : behind, 0, arena)
    return this.#mark(arena, 0, count)
  }

  #mark(arena: Arena, place: number, count: number): Address {
    arena.taken.fill(1, place, place + count)
    arena.used += count
    if (place === arena.lowest) arena.lowest = place + count
    return arena.base + place * PAGE_BYTES
  }
}

function placeFor({ taken, lowest }: Arena, count: number): number {
  let run = 0
  for (let place = lowest; place < ARENA_PAGES; place++) {
    run = taken[place] === 0 ? run + 1 : 0
    if (run === count) return place - count + 1
  }
  return -1
}
