import { NONE, PAGE_BYTES, RESERVATION_BYTES, roundDown, roundUp, type Address, type Bytes } from '../../base/units'
import { USER_HIGH_32, USER_LOW_32, type AddressSpaceLimits } from './address-space'
import { CommitLimit } from './commit-limit'
import { AllocationType, FreeType, MemoryType, Protection, isCopyOnWrite, isProtection } from './memory-constants'
import { PageRuns, type Allocation } from './page-runs'
import { PageStore } from './page-store'
import { WorkingSet, type WorkingSetLimits } from './working-set'

/** Why a call failed; the facade gives it a Win32 code. */
export type MemoryFailure =
  | 'none'
  | 'invalid-parameter'
  | 'invalid-address'
  | 'no-address-space'
  | 'commit-limit'
  | 'not-accessible'
  | 'kept'
  | 'not-locked'
  | 'working-set-quota'

export interface VirtualMemoryOptions {
  readonly limits?: AddressSpaceLimits
  /** Physical memory plus page file. */
  readonly commitLimitBytes: Bytes
  readonly workingSet: WorkingSetLimits
}

const COMMIT = AllocationType.MEM_COMMIT
const RESERVE = AllocationType.MEM_RESERVE

/**
 * The user half of one process's address space under Windows' rules (VirtualAlloc and its kin).
 *
 * A call that fails changes nothing and says why in `failure`. Contents and residence are kept per page and only for
 * pages somebody wrote to or touched: reserving or committing 2 GB costs a handful of numbers.
 */
export class VirtualMemory {
  readonly runs: PageRuns
  readonly pages = new PageStore()
  readonly workingSet: WorkingSet
  readonly commit: CommitLimit
  failure: MemoryFailure = 'none'
  reservations = 0
  commits = 0
  decommits = 0
  releases = 0
  reservedBytes: Bytes = 0
  committedBytes: Bytes = 0
  readonly #views = new Set<Allocation>()

  constructor(options: VirtualMemoryOptions) {
    const { low, high } = options.limits ?? { low: USER_LOW_32, high: USER_HIGH_32 }
    this.runs = new PageRuns(low, high)
    this.workingSet = new WorkingSet(options.workingSet)
    this.commit = new CommitLimit(options.commitLimitBytes)
  }

  /** VirtualAlloc; the base of the range, NONE on failure. */
  allocate(address: Address, bytes: Bytes, type: number, protect: number, owner: string): Address {
    if (!isAllocationType(type) || !(bytes > 0) || !(address >= 0)) return this.fail('invalid-parameter')
    if (type === AllocationType.MEM_RESET) return this.#reset(address, bytes)
    if (!isProtection(protect) || isCopyOnWrite(protect)) return this.fail('invalid-parameter')
    if ((type & RESERVE) === 0 && address !== 0) return this.#commitWithin(address, bytes, protect)
    const place = address === 0 ? this.#findPlace(bytes, (type & AllocationType.MEM_TOP_DOWN) !== 0) : this.#givenPlace(address, bytes)
    if (place === undefined) return NONE
    const size = place.end - place.base
    if ((type & COMMIT) !== 0 && !this.charge(size)) return NONE
    this.place({ base: place.base, bytes: size, protect, type: MemoryType.MEM_PRIVATE, owner, isKept: false, section: undefined, sectionOffset: 0 }, (type & COMMIT) !== 0)
    return place.base
  }

  /** VirtualFree; false on failure. */
  free(address: Address, bytes: Bytes, type: number): boolean {
    if ((type !== FreeType.MEM_DECOMMIT && type !== FreeType.MEM_RELEASE) || !(bytes >= 0)) return this.refuse('invalid-parameter')
    if (type === FreeType.MEM_RELEASE && bytes !== 0) return this.refuse('invalid-parameter')
    const run = this.runs.find(address)
    const allocation = run < 0 ? undefined : this.runs.allocation(run)
    if (allocation === undefined) return this.refuse('invalid-address')
    if (allocation.type !== MemoryType.MEM_PRIVATE) return this.refuse('invalid-parameter')
    if (bytes === 0 && address !== allocation.base) return this.refuse('invalid-address')
    if (allocation.isKept) return this.refuse('kept')
    if (type === FreeType.MEM_RELEASE) return this.remove(allocation)
    const from = roundDown(address, PAGE_BYTES)
    const to = bytes === 0 ? allocation.base + allocation.bytes : roundUp(address + bytes, PAGE_BYTES)
    if (!this.runs.isWithin(from, to, allocation)) return this.refuse('invalid-parameter')
    this.decommitPages(allocation, from, to)
    return true
  }

  /** Takes whole pages of an allocation out of memory; what is not committed stays as it is. */
  decommitPages(allocation: Allocation, from: Address, to: Address): void {
    this.#uncommit(from, to)
    this.runs.assign(from, to, allocation, 0)
    this.decommits++
  }

  /** VirtualProtect; the old PAGE_* of the first page, 0 on failure. */
  protect(address: Address, bytes: Bytes, protect: number): number {
    if (!isProtection(protect) || !(bytes > 0)) return this.fail('invalid-parameter', 0)
    const from = roundDown(address, PAGE_BYTES)
    const to = roundUp(address + bytes, PAGE_BYTES)
    const allocation = this.#committedAllocation(from, to)
    if (allocation === undefined) return this.fail('invalid-address', 0)
    if (allocation.isKept) return this.fail('kept', 0)
    if (!mayProtect(allocation, protect)) return this.fail('invalid-parameter', 0)
    const old = this.runs.protect(this.runs.find(from))
    this.runs.assign(from, to, allocation, protect)
    return old
  }

  /** VirtualLock; false on failure. */
  lock(address: Address, bytes: Bytes): boolean {
    if (!(bytes > 0)) return this.refuse('invalid-parameter')
    const [first, past] = pagesOf(address, bytes)
    if (!this.#isAccessible(first * PAGE_BYTES, past * PAGE_BYTES)) return this.refuse('not-accessible')
    const set = this.workingSet
    let fresh = 0
    for (let page = first; page < past; page++) if (!set.isLocked(page)) fresh++
    // A few pages of the least working set stay for the process itself (VirtualLock, remarks).
    if (set.lockedPages + fresh > set.limits.minimumPages - UNLOCKABLE_PAGES) return this.refuse('working-set-quota')
    for (let page = first; page < past; page++) set.lock(page)
    return true
  }

  /** VirtualUnlock; false on failure. */
  unlock(address: Address, bytes: Bytes): boolean {
    if (!(bytes > 0)) return this.refuse('invalid-parameter')
    const [first, past] = pagesOf(address, bytes)
    for (let page = first; page < past; page++) if (!this.workingSet.isLocked(page)) return this.refuse('not-locked')
    for (let page = first; page < past; page++) this.workingSet.unlock(page)
    return true
  }

  /**
   * Reserves memory for a heap or the system at a preferred base, or at the lowest place with room when that is taken;
   * undefined when nothing fits. Its base is a multiple of `alignment`, a power of two.
   */
  reserveKept(preferred: Address, bytes: Bytes, owner: string, type: MemoryType = MemoryType.MEM_PRIVATE, alignment: Bytes = RESERVATION_BYTES): Allocation | undefined {
    const size = roundUp(bytes, PAGE_BYTES)
    const isFree = preferred !== 0 && preferred % alignment === 0 && this.runs.isWithin(preferred, preferred + size, undefined)
    const base = isFree ? preferred : this.runs.findFree(size, alignment, false)
    if (base < 0) {
      this.failure = 'no-address-space'
      return undefined
    }
    const allocation = { base, bytes: size, protect: Protection.PAGE_READWRITE, type, owner, isKept: true, section: undefined, sectionOffset: 0 }
    this.place(allocation, false)
    return allocation
  }

  /** Puts an allocation into free space, committed or only reserved; its charge must have been taken. */
  place(allocation: Allocation, committed: boolean): void {
    const { base, bytes, protect } = allocation
    this.runs.assign(base, base + bytes, allocation, committed ? protect : 0)
    if (allocation.section !== undefined) this.#views.add(allocation)
    this.reservations++
    this.reservedBytes += bytes
    if (!committed) return
    this.commits++
    this.committedBytes += bytes
  }

  /** Takes a whole allocation out of the space and gives its charge back. */
  remove(allocation: Allocation): true {
    const end = allocation.base + allocation.bytes
    this.#uncommit(allocation.base, end)
    this.runs.assign(allocation.base, end, undefined, 0)
    this.#views.delete(allocation)
    this.reservedBytes -= allocation.bytes
    this.releases++
    return true
  }

  charge(bytes: Bytes): boolean {
    return this.commit.take(bytes) || this.refuse('commit-limit')
  }

  refuse(failure: MemoryFailure): false {
    this.failure = failure
    return false
  }

  fail(failure: MemoryFailure, value: number = NONE): number {
    this.failure = failure
    return value
  }

  /** Bytes of [from, to) that are committed. */
  committedWithin(from: Address, to: Address): Bytes {
    let bytes = 0
    this.runs.forEach(from, to, (start, end, _allocation, protect) => {
      if (protect !== 0) bytes += end - start
    })
    return bytes
  }

  #findPlace(bytes: Bytes, topDown: boolean): { base: Address; end: Address } | undefined {
    const size = roundUp(bytes, PAGE_BYTES)
    const base = this.runs.findFree(size, RESERVATION_BYTES, topDown)
    if (base >= 0) return { base, end: base + size }
    this.fail('no-address-space')
    return undefined
  }

  #givenPlace(address: Address, bytes: Bytes): { base: Address; end: Address } | undefined {
    const base = roundDown(address, RESERVATION_BYTES)
    const end = roundUp(address + bytes, PAGE_BYTES)
    if (end <= this.runs.high && this.runs.isWithin(base, end, undefined)) return { base, end }
    this.fail(end > this.runs.high ? 'invalid-parameter' : 'invalid-address')
    return undefined
  }

  /** MEM_COMMIT inside a reservation; committed pages stay and take the new protection. */
  #commitWithin(address: Address, bytes: Bytes, protect: number): Address {
    const from = roundDown(address, PAGE_BYTES)
    const to = roundUp(address + bytes, PAGE_BYTES)
    const run = this.runs.find(from)
    const allocation = run < 0 ? undefined : this.runs.allocation(run)
    if (allocation === undefined || !this.runs.isWithin(from, to, allocation)) return this.fail('invalid-address')
    if (allocation.isKept) return this.fail('kept')
    if (!mayProtect(allocation, protect)) return this.fail('invalid-parameter')
    if (allocation.section !== undefined) return this.#commitSection(allocation, from, to, protect)
    return this.commitPages(allocation, from, to, protect) ? from : NONE
  }

  /** Commits whole pages of a private allocation; committed ones take the protection. */
  commitPages(allocation: Allocation, from: Address, to: Address, protect: number): boolean {
    const fresh = to - from - this.committedWithin(from, to)
    if (!this.charge(fresh)) return false
    this.runs.assign(from, to, allocation, protect)
    if (fresh > 0) this.commits++
    this.committedBytes += fresh
    return true
  }

  /** Pages of a reserved section: the section is charged, and every view of it shows them. */
  #commitSection(view: Allocation, from: Address, to: Address, protect: number): Address {
    const section = view.section!
    if (!section.isReserved) return this.fail('invalid-address')
    const first = (from - view.base + view.sectionOffset) / PAGE_BYTES
    const past = first + (to - from) / PAGE_BYTES
    let charged = 0
    for (let page = first; page < past; page++) if (!section.committed.has(page)) charged += PAGE_BYTES
    if (!this.charge(charged)) return NONE
    if (charged > 0) this.commits++
    for (let page = first; page < past; page++) section.committed.add(page)
    for (const other of this.#views) {
      if (other.section !== section) continue
      const low = Math.max(other.base, other.base + first * PAGE_BYTES - other.sectionOffset)
      const high = Math.min(other.base + other.bytes, other.base + past * PAGE_BYTES - other.sectionOffset)
      if (low >= high) continue
      this.committedBytes += high - low - this.committedWithin(low, high)
      this.runs.assign(low, high, other, other === view ? protect : other.protect)
    }
    return from
  }

  /** MEM_RESET: the contents are no longer of interest; the pages stay committed. */
  #reset(address: Address, bytes: Bytes): Address {
    const from = roundDown(address, PAGE_BYTES)
    const to = roundUp(address + bytes, PAGE_BYTES)
    const allocation = this.#committedAllocation(from, to)
    if (allocation === undefined || allocation.type !== MemoryType.MEM_PRIVATE) return this.fail('invalid-address')
    this.pages.drop(from / PAGE_BYTES, to / PAGE_BYTES)
    this.workingSet.drop(from / PAGE_BYTES, to / PAGE_BYTES)
    return from
  }

  /** The one allocation all of [from, to) is committed in, if there is one. */
  #committedAllocation(from: Address, to: Address): Allocation | undefined {
    const run = this.runs.find(from)
    const allocation = run < 0 ? undefined : this.runs.allocation(run)
    if (allocation === undefined || !this.runs.isWithin(from, to, allocation)) return undefined
    return this.committedWithin(from, to) === to - from ? allocation : undefined
  }

  #isAccessible(from: Address, to: Address): boolean {
    let at = from
    this.runs.forEach(from, to, (start, end, _allocation, protect) => {
      const barred = protect === 0 || (protect & (Protection.PAGE_NOACCESS | Protection.PAGE_GUARD)) !== 0
      if (!barred && at === start) at = end
    })
    return at === to
  }

  #uncommit(from: Address, to: Address): void {
    this.runs.forEach(from, to, (start, end, allocation, protect) => {
      if (protect === 0) return
      this.committedBytes -= end - start
      // Pages of sections are charged to the section; those of a copying view to the process.
      if (allocation!.section === undefined || isCopyOnWrite(allocation!.protect)) this.commit.give(end - start)
    })
    this.pages.drop(from / PAGE_BYTES, to / PAGE_BYTES)
    this.workingSet.drop(from / PAGE_BYTES, to / PAGE_BYTES)
  }
}

/** Pages of the least working set that VirtualLock leaves to the process. */
const UNLOCKABLE_PAGES = 8

function isAllocationType(type: number): boolean {
  if (type === AllocationType.MEM_RESET) return true
  const known = COMMIT | RESERVE | AllocationType.MEM_TOP_DOWN
  return (type & ~known) === 0 && (type & (COMMIT | RESERVE)) !== 0
}

/** Private pages never copy on write; pages of a view get no more rights than the view has. */
function mayProtect(allocation: Allocation, protect: number): boolean {
  if (allocation.section === undefined) return allocation.type === MemoryType.MEM_IMAGE || !isCopyOnWrite(protect)
  const writes = (protect & (Protection.PAGE_READWRITE | Protection.PAGE_EXECUTE_READWRITE)) !== 0
  if (writes) return (allocation.protect & (Protection.PAGE_READWRITE | Protection.PAGE_EXECUTE_READWRITE)) !== 0
  return true
}

function pagesOf(address: Address, bytes: Bytes): [first: number, past: number] {
  return [Math.floor(address / PAGE_BYTES), Math.ceil((address + bytes) / PAGE_BYTES)]
}
