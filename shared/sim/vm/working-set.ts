import { dropRange } from './page-store'

export interface WorkingSetLimits {
  readonly minimumPages: number
  readonly maximumPages: number
  /** Pages of memory that hold trimmed pages before they go to the page file. */
  readonly standbyPages: number
}

/*
 * Where each page that was ever touched is:
 *
 *   untouched --demand zero--> resident --trim--> standby --overflow--> page file
 *                                 ^------soft fault--'                     |
 *                                 ^------------------hard fault-----------'
 *
 * Trimming takes the page that has been resident longest and is not locked. Maps and sets keep their order of insertion.
 */
export class WorkingSet {
  softFaults = 0
  hardFaults = 0
  demandZeroFaults = 0
  #limits: WorkingSetLimits
  readonly #resident = new Set<number>()
  readonly #locked = new Set<number>()
  readonly #standby = new Set<number>()
  readonly #pagedOut = new Set<number>()
  /** The page touched last: most touches are of the same page again. */
  #last = -1

  constructor(limits: WorkingSetLimits) {
    this.#limits = limits
  }

  get limits(): WorkingSetLimits {
    return this.#limits
  }

  set limits(limits: WorkingSetLimits) {
    this.#limits = limits
    this.#trim(limits.maximumPages)
  }

  get residentPages(): number {
    return this.#resident.size
  }

  get lockedPages(): number {
    return this.#locked.size
  }

  get pagedOutPages(): number {
    return this.#pagedOut.size
  }

  isResident(page: number): boolean {
    return this.#resident.has(page)
  }

  isLocked(page: number): boolean {
    return this.#locked.has(page)
  }

  touch(page: number): void {
    if (page === this.#last || this.#resident.has(page)) return
    if (this.#standby.delete(page)) this.softFaults++
    else if (this.#pagedOut.delete(page)) this.hardFaults++
    else this.demandZeroFaults++
    this.#resident.add(page)
    this.#last = page
    this.#trim(this.#limits.maximumPages)
  }

  lock(page: number): void {
    this.touch(page)
    this.#locked.add(page)
  }

  unlock(page: number): void {
    this.#locked.delete(page)
  }

  /** Empties the working set but for locked pages. */
  empty(): void {
    this.#trim(0)
  }

  /** Forgets pages [first, past): the next touch is of a fresh page. */
  drop(first: number, past: number): void {
    this.#last = -1
    for (const pages of [this.#resident, this.#locked, this.#standby, this.#pagedOut]) dropRange(pages, first, past)
  }

  #trim(most: number): void {
    let surplus = this.#resident.size - most
    if (surplus <= 0) return
    for (const page of this.#resident) {
      if (surplus <= 0) break
      if (this.#locked.has(page) || page === this.#last && most > 0) continue
      this.#resident.delete(page)
      this.#standby.add(page)
      surplus--
    }
    if (most === 0) this.#last = -1
    for (const page of this.#standby) {
      if (this.#standby.size <= this.#limits.standbyPages) break
      this.#standby.delete(page)
      this.#pagedOut.add(page)
    }
  }
}
