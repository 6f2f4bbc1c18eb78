import { assert } from '../../../base/assert'
import { PAGE_BYTES, type Address, type Bytes } from '../../../base/units'
import type { MemoryAccess } from '../../vm/memory-access'
import { putNumber } from './block-bytes'

/** Figures of the table; the article gives those of 32 bits. */
export interface HandleTableRules {
  readonly pointerBytes: 4 | 8
  /** Address space of the table; 512 KB in the article. */
  readonly reserveBytes: Bytes
  /** Most handles at a time; 65,535 in the article, although its table has room for one more. */
  readonly handleLimit: number
  /** Lock count that counts no further; one byte holds 255. */
  readonly lockMaximum: number
  /** The lock beyond the maximum fails. */
  readonly strictLocks: boolean
}

/** Where the table gets its memory: a reservation of its own, outside any heap. */
export interface TableMemory {
  /** 0 when there is no room. */
  reserve(bytes: Bytes): Address
  commit(address: Address, bytes: Bytes): boolean
  release(base: Address): void
}

/** Entries initialised in one go: 128 bytes of 8-byte entries. */
export const ENTRIES_PER_INITIALISATION = 16

/** Values of the third and fourth byte of an entry. */
export const TypeByte = { Moveable: 0x02, Discardable: 0x06, Free: 0x00, Shared: 0x08 } as const

/** Kinds of a live entry; numbers of the third byte (low) and fourth byte (high). */
export type EntryType = number

const NO_ENTRY = -1

/*
 * The table of MOVEABLE handles, outside every heap:
 *
 *   +0      +1   +2     +3     +4                       64 bits: the address is at +8 and has 8 bytes
 *   locks   -    type   type   address of the data      entry 16 bytes, handle = entry + 8
 *
 *   free    0    0      0      next free entry, 0 = the last initialised one
 *
 * A handle is the address of an entry's address field. Sixteen entries are initialised when the chain of free ones is
 * empty, and a page is committed for them where it is missing. Freed entries go to the head of the chain.
 */
export class HandleTable {
  readonly rules: HandleTableRules
  readonly entryBytes: Bytes
  base: Address = 0
  committedBytes: Bytes = 0
  initialisations = 0
  liveHandles = 0
  readonly #memory: TableMemory
  readonly #access: MemoryAccess
  /** By index: locks, type bytes and data address of live entries; of free ones the index of the next. */
  #locks = new Uint16Array(ENTRIES_PER_INITIALISATION)
  #types = new Uint16Array(ENTRIES_PER_INITIALISATION)
  #values = new Float64Array(ENTRIES_PER_INITIALISATION)
  #live = new Uint8Array(ENTRIES_PER_INITIALISATION)
  #head = NO_ENTRY
  readonly #scratch: Uint8Array

  constructor(rules: HandleTableRules, memory: TableMemory, access: MemoryAccess) {
    this.rules = rules
    this.entryBytes = 2 * rules.pointerBytes
    this.#memory = memory
    this.#access = access
    this.#scratch = new Uint8Array(this.entryBytes)
  }

  /** Bytes reserved: none before the first handle. */
  get reservedBytes(): Bytes {
    return this.base === 0 ? 0 : this.rules.reserveBytes
  }

  get entries(): number {
    return this.initialisations * ENTRIES_PER_INITIALISATION
  }

  /** Address of the entry the next handle takes, 0 when more must be initialised first. */
  get freeHead(): Address {
    return this.#head === NO_ENTRY ? 0 : this.entryAddress(this.#head)
  }

  entryAddress(index: number): Address {
    return this.base + index * this.entryBytes
  }

  handleOf(index: number): Address {
    return this.entryAddress(index) + this.rules.pointerBytes
  }

  /** Index of the live entry a handle names, -1 when it names none. */
  find(handle: Address): number {
    const index = (handle - this.rules.pointerBytes - this.base) / this.entryBytes
    return this.base !== 0 && Number.isInteger(index) && index >= 0 && index < this.entries && this.#live[index] === 1 ? index : NO_ENTRY
  }

  /** Takes an entry for data at an address (0 = discarded); its index, -1 when there is no handle or memory left. */
  add(data: Address, type: EntryType): number {
    if (this.liveHandles >= this.rules.handleLimit) return NO_ENTRY
    if (this.#head === NO_ENTRY && !this.#initialise()) return NO_ENTRY
    const index = this.#head
    this.#head = this.#values[index]!
    this.#live[index] = 1
    this.#locks[index] = 0
    this.#types[index] = type
    this.#values[index] = data
    this.liveHandles++
    this.#write(index)
    return index
  }

  remove(index: number): void {
    assert(this.#live[index] === 1, 'only a live handle is freed')
    this.#live[index] = 0
    this.#locks[index] = 0
    this.#types[index] = TypeByte.Free
    this.#values[index] = this.#head
    this.#head = index
    this.liveHandles--
    this.#write(index)
  }

  isLive(index: number): boolean {
    return this.#live[index] === 1
  }

  /** Address of the data of a live entry, 0 when it is discarded. */
  dataOf(index: number): Address {
    return this.#values[index]!
  }

  setData(index: number, data: Address): void {
    this.#values[index] = data
    this.#write(index)
  }

  typeOf(index: number): EntryType {
    return this.#types[index]!
  }

  setType(index: number, type: EntryType): void {
    this.#types[index] = type
    this.#write(index)
  }

  locksOf(index: number): number {
    return this.#locks[index]!
  }

  /** Next free entry after a free one, -1 at the end of the chain. */
  nextFree(index: number): number {
    return this.#values[index]!
  }

  /** False when the count is at its maximum and locks are strict; otherwise a count at its maximum stays there. */
  lock(index: number): boolean {
    if (this.#locks[index]! >= this.rules.lockMaximum) return !this.rules.strictLocks
    this.#locks[index]!++
    this.#write(index)
    return true
  }

  /** Locks left. The block must be locked. */
  unlock(index: number): number {
    assert(this.#locks[index]! > 0, 'only a locked block is unlocked')
    const left = --this.#locks[index]!
    this.#write(index)
    return left
  }

  /** The bytes an entry has in memory. */
  encode(index: number, out: Uint8Array): Uint8Array {
    const { pointerBytes } = this.rules
    const value = this.#values[index]!
    const pointer = this.#live[index] === 1 ? value : value === NO_ENTRY ? 0 : this.entryAddress(value)
    out.fill(0)
    // A count of 256 (a reading of the article) does not fit the byte.
    putNumber(out, 0, 1, Math.min(0xff, this.#locks[index]!))
    putNumber(out, 2, 2, this.#types[index]!)
    putNumber(out, pointerBytes, pointerBytes, pointer)
    return out
  }

  /** Makes sixteen more entries, in a page of their own where the last page is full. */
  #initialise(): boolean {
    const first = this.entries
    const past = first + ENTRIES_PER_INITIALISATION
    if (past * this.entryBytes > this.rules.reserveBytes || !this.#reserve()) return false
    while (past * this.entryBytes > this.committedBytes) {
      if (!this.#memory.commit(this.base + this.committedBytes, PAGE_BYTES)) return this.#giveUp()
      this.committedBytes += PAGE_BYTES
    }
    this.initialisations++
    this.#grow(past)
    for (let index = first; index < past; index++) {
      this.#values[index] = index + 1 < past ? index + 1 : NO_ENTRY
      this.#write(index)
    }
    this.#head = first
    return true
  }

  /** A table that never got a page is not there. */
  #giveUp(): false {
    if (this.committedBytes > 0) return false
    this.#memory.release(this.base)
    this.base = 0
    return false
  }

  #reserve(): boolean {
    if (this.base === 0) this.base = this.#memory.reserve(this.rules.reserveBytes)
    return this.base !== 0
  }

  #write(index: number): void {
    this.#access.store(this.entryAddress(index), this.encode(index, this.#scratch))
  }

  #grow(entries: number): void {
    if (entries <= this.#live.length) return
    const length = Math.max(entries, this.#live.length * 2)
    const locks = new Uint16Array(length)
    const types = new Uint16Array(length)
    const values = new Float64Array(length)
    const live = new Uint8Array(length)
    locks.set(this.#locks)
    types.set(this.#types)
    values.set(this.#values)
    live.set(this.#live)
    this.#locks = locks
    this.#types = types
    this.#values = values
    this.#live = live
  }
}
