import { PAGE_BYTES, roundDown, type Address, type Bytes } from '../../base/units'
import { Protection, afterCopy, isCopyOnWrite, isGuarded, isReadable, isWritable } from './memory-constants'
import type { Allocation } from './page-runs'
import type { PageStore } from './page-store'
import type { VirtualMemory } from './virtual-memory'

/** The first address of an access that was not allowed, and why. */
export interface MemoryFault {
  readonly reason: 'access-violation' | 'guard-page'
  readonly address: Address
}

/**
 * Reads and writes as a program's instructions do: the protection is checked page by page, a guard is spent by the
 * first touch, a page shown copy-on-write becomes private when written, and pages become resident. `peek` looks from
 * outside and changes nothing.
 */
export class MemoryAccess {
  copyOnWriteFaults = 0
  guardFaults = 0
  readonly #memory: VirtualMemory
  /** By page of the address space: a mark for each byte written. */
  #written: Map<number, Uint8Array> | undefined

  constructor(memory: VirtualMemory) {
    this.#memory = memory
  }

  /** Prepares every page of the range; undefined when all of it may be used so. Pages before a fault are prepared. */
  touch(address: Address, bytes: Bytes, writes: boolean): MemoryFault | undefined {
    const end = address + bytes
    for (let page = roundDown(address, PAGE_BYTES); page < end; page += PAGE_BYTES) {
      const reason = this.#touchPage(page, writes)
      if (reason !== undefined) return { reason, address: Math.max(address, page) }
    }
    return undefined
  }

  /** Bytes of a range that `touch` prepared. */
  copyOut(address: Address, bytes: Bytes): Uint8Array {
    const out = new Uint8Array(bytes)
    this.#forEachPage(address, bytes, (store, page, offset, length, done) => {
      const source = store.peek(page)
      if (source !== undefined) out.set(source.subarray(offset, offset + length), done)
    })
    return out
  }

  /** Writes to a range that `touch` prepared for writing. */
  copyIn(address: Address, bytes: Uint8Array): void {
    this.#mark(address, bytes.length)
    this.#forEachPage(address, bytes.length, (store, page, offset, length, done) => {
      store.open(page).set(bytes.subarray(done, done + length), offset)
    })
  }

  /** Fills a range that `touch` prepared for writing. */
  fill(address: Address, bytes: Bytes, value: number): void {
    this.#mark(address, bytes)
    this.#forEachPage(address, bytes, (store, page, offset, length) => {
      // Zeros over a page nobody wrote to are there already.
      if (value !== 0 || store.peek(page) !== undefined) store.open(page).fill(value, offset, offset + length)
    })
  }

  /** Writes structures of the system: no protection is asked, the pages become resident. */
  store(address: Address, bytes: Uint8Array): void {
    const { workingSet } = this.#memory
    const past = address + bytes.length
    for (let page = roundDown(address, PAGE_BYTES); page < past; page += PAGE_BYTES) workingSet.touch(page / PAGE_BYTES)
    this.copyIn(address, bytes)
  }

  /** The system uses a page: it becomes resident, whatever its protection. */
  makeResident(page: Address): void {
    this.#memory.workingSet.touch(page / PAGE_BYTES)
  }

  /** Writes structures that the system wrote before somebody looked: nothing becomes resident by it, equal bytes are left alone. */
  put(address: Address, bytes: Uint8Array): void {
    const old = this.copyOut(address, bytes.length)
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === old[i]) continue
      const from = i
      while (i < bytes.length && bytes[i] !== old[i]) i++
      this.copyIn(address + from, bytes.subarray(from, i))
    }
  }

  /** As `store`, for structures that are written again as a whole: what is already there counts as not written. */
  storeChanges(address: Address, bytes: Uint8Array): void {
    const old = this.copyOut(address, bytes.length)
    let first = 0
    let past = bytes.length
    while (first < past && bytes[first] === old[first]) first++
    while (past > first && bytes[past - 1] === old[past - 1]) past--
    if (first < past) this.store(address + first, bytes.subarray(first, past))
  }

  /** From now on `writtenBytes` tells what is written; earlier writes are forgotten. */
  trackWrites(): void {
    this.#written = new Map()
  }

  /** 1 for each byte of the range written since `trackWrites`, whatever its value was; all 0 when nobody tracks. */
  writtenBytes(address: Address, length: Bytes): Uint8Array {
    const out = new Uint8Array(length)
    for (let i = 0; i < length; ) {
      const base = roundDown(address + i, PAGE_BYTES)
      const offset = address + i - base
      const count = Math.min(length - i, PAGE_BYTES - offset)
      const marks = this.#written?.get(base / PAGE_BYTES)
      if (marks !== undefined) out.set(marks.subarray(offset, offset + count), i)
      i += count
    }
    return out
  }

  /** What lies at the address, at most `length` bytes: ends where memory that cannot be read begins. */
  peek(address: Address, length: Bytes): Uint8Array {
    const { runs } = this.#memory
    let end = address
    for (let run = runs.find(address); run >= 0 && run < runs.length && end < address + length; run++) {
      if (!isReadable(runs.protect(run))) break
      end = Math.min(address + length, runs.end(run))
    }
    return this.copyOut(address, end - address)
  }

  #touchPage(page: Address, writes: boolean): MemoryFault['reason'] | undefined {
    const { runs, workingSet } = this.#memory
    const run = runs.find(page)
    if (run < 0) return 'access-violation'
    const protect = runs.protect(run)
    const allocation = runs.allocation(run)
    if (allocation === undefined || !isReadable(protect) || (writes && !isWritable(protect))) return 'access-violation'
    if (isGuarded(protect)) {
      this.guardFaults++
      runs.assign(page, page + PAGE_BYTES, allocation, protect & ~Protection.PAGE_GUARD)
      return 'guard-page'
    }
    workingSet.touch(page / PAGE_BYTES)
    if (writes && isCopyOnWrite(protect)) this.#makePrivate(page, allocation, protect)
    return undefined
  }

  /** The process gets its own copy of a page that a section or image shows. */
  #makePrivate(page: Address, allocation: Allocation, protect: number): void {
    const number = page / PAGE_BYTES
    const { pages } = this.#memory
    if (allocation.section !== undefined && pages.peek(number) === undefined) {
      const shared = allocation.section.pages.peek((page - allocation.base + allocation.sectionOffset) / PAGE_BYTES)
      const own = pages.open(number)
      if (shared !== undefined) own.set(shared)
    }
    this.#memory.runs.assign(page, page + PAGE_BYTES, allocation, afterCopy(protect))
    this.copyOnWriteFaults++
  }

  #mark(address: Address, length: Bytes): void {
    if (this.#written === undefined) return
    for (let at = address; at < address + length; ) {
      const page = roundDown(at, PAGE_BYTES)
      const end = Math.min(address + length, page + PAGE_BYTES)
      let marks = this.#written.get(page / PAGE_BYTES)
      if (marks === undefined) this.#written.set(page / PAGE_BYTES, (marks = new Uint8Array(PAGE_BYTES)))
      marks.fill(1, at - page, end - page)
      at = end
    }
  }

  #forEachPage(
    address: Address,
    bytes: Bytes,
    visit: (store: PageStore, page: number, offset: Bytes, length: Bytes, done: Bytes) => void,
  ): void {
    const { runs, pages } = this.#memory
    for (let done = 0; done < bytes; ) {
      const at = address + done
      const base = roundDown(at, PAGE_BYTES)
      const length = Math.min(bytes - done, base + PAGE_BYTES - at)
      const run = runs.find(at)
      const allocation = runs.allocation(run)
      const shown = allocation?.section
      // A page of a view has bytes of its own only when a write made it private.
      if (shown === undefined || pages.peek(base / PAGE_BYTES) !== undefined) visit(pages, base / PAGE_BYTES, at - base, length, done)
      else visit(shown.pages, (base - allocation!.base + allocation!.sectionOffset) / PAGE_BYTES, at - base, length, done)
      done += length
    }
  }
}
