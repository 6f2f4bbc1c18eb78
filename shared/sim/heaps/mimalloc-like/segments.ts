import { NONE, PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import { MimallocGrown } from '../../profiles/reasons/mimalloc-reasons'
import type { HeapMemory } from '../../vm/heap-memory'
import type { HeapObserver } from '../heap'

export interface SegmentRules {
  readonly segmentBytes: Bytes
  /** Bytes of a segment's own record, at its start; in whole OS pages. */
  readonly segmentHeader: Bytes
  /** Commit a segment whole when it is made. */
  readonly eagerCommit: boolean
  readonly capacity: Bytes
}

/** One segment: pages of one kind only. A heap has few, so they are objects. */
export interface Segment {
  readonly base: Address
  readonly bytes: Bytes
  readonly pageBytes: Bytes
  /** By place; true = taken. */
  readonly taken: boolean[]
  used: number
}

/*
 * Segments and their pages. The first page shares its bytes with the segment's record.
 *
 *   | record | page 0 | page 1 (free) | page 2 | ...      pages of 64 KiB, or of 512 KiB, or one of the whole segment
 */
export class Segments {
  readonly #rules: SegmentRules
  readonly #space: HeapMemory
  readonly #observer: HeapObserver
  readonly #segments: Segment[] = []
  readonly #record: Bytes
  #committed = 0

  constructor(rules: SegmentRules, space: HeapMemory, observer: HeapObserver) {
    this.#rules = rules
    this.#record = roundUp(rules.segmentHeader, PAGE_BYTES)
    this.#space = space
    this.#observer = observer
  }

  /** A page of the oldest segment of this kind that has one, committed; undefined when there is no memory. */
  takePage(pageBytes: Bytes): { segment: Segment; place: number } | undefined {
    const segment = this.#segments.find((known) => known.pageBytes === pageBytes && known.used < known.taken.length) ?? this.#make(pageBytes, this.#rules.segmentBytes)
    if (segment === undefined) return undefined
    const place = segment.taken.indexOf(false)
    const [from, bytes] = this.#span(segment, place)
    const isCommitted = this.#rules.eagerCommit
    if (!isCommitted && !this.#commit(from, bytes)) {
      if (segment.used === 0) this.#release(segment)
      return undefined
    }
    if (!isCommitted) this.#observer.explain?.grew(MimallocGrown.Page, bytes, 0)
    segment.taken[place] = true
    segment.used++
    return { segment, place }
  }

  /** A segment of its own for one block of `bytes`; undefined when there is no memory. */
  takeHuge(bytes: Bytes): Segment | undefined {
    const whole = roundUp(this.#record + bytes, PAGE_BYTES)
    const segment = this.#make(whole, whole)
    if (segment === undefined) return undefined
    if (!this.#rules.eagerCommit) {
      const [from, rest] = this.#span(segment, 0)
      if (!this.#commit(from, rest)) {
        this.#release(segment)
        return undefined
      }
    }
    segment.taken[0] = true
    segment.used = 1
    return segment
  }

  /** First byte a page offers to blocks. */
  startOf(segment: Segment, place: number): Address {
    return this.#span(segment, place)[0]
  }

  endOf(segment: Segment, place: number): Address {
    return segment.base + (place + 1) * segment.pageBytes
  }

  /** Gives a page back; a segment without pages goes back to the system. */
  givePage(segment: Segment, place: number): void {
    segment.taken[place] = false
    segment.used--
    if (!this.#rules.eagerCommit) {
      const [from, bytes] = this.#span(segment, place)
      this.#space.decommit(from, bytes)
      this.#committed -= bytes
      this.#observer.explain?.grew(MimallocGrown.PageGiven, bytes, 0)
    }
    if (segment.used === 0) this.#release(segment)
  }

  /** Committed pages nobody has taken, in address order within each segment; only eager segments have them. */
  walkUnused(visit: (address: Address, bytes: Bytes) => void): void {
    if (!this.#rules.eagerCommit) return
    for (const segment of this.#segments) {
      for (let place = 0; place < segment.taken.length; place++) {
        if (!segment.taken[place]!) visit(...this.#span(segment, place))
      }
    }
  }

  #span({ base, pageBytes }: Segment, place: number): [Address, Bytes] {
    const from = place === 0 ? this.#record : place * pageBytes
    return [base + from, (place + 1) * pageBytes - from]
  }

  #make(pageBytes: Bytes, bytes: Bytes): Segment | undefined {
    const atOnce = this.#rules.eagerCommit ? bytes : this.#record
    if (this.#committed + atOnce > this.#rules.capacity) return this.refuse(atOnce)
    const base = this.#space.reserve(bytes)
    if (base === NONE) return this.refuse(bytes)
    if (!this.#commit(base, atOnce)) {
      this.#space.release(base)
      return undefined
    }
    this.#observer.internal(base, this.#record)
    this.#observer.explain?.grew(MimallocGrown.Segment, bytes, pageBytes)
    const segment = { base, bytes, pageBytes, taken: new Array<boolean>(Math.floor(bytes / pageBytes)).fill(false), used: 0 }
    this.#segments.push(segment)
    return segment
  }

  #commit(from: Address, bytes: Bytes): boolean {
    if (this.#committed + bytes > this.#rules.capacity || !this.#space.commit(from, bytes)) {
      this.refuse(bytes)
      return false
    }
    this.#committed += bytes
    return true
  }

  /** Tells that a request fails for want of `bytes`. */
  refuse(bytes: Bytes): undefined {
    this.#observer.explain?.grew(MimallocGrown.Refused, bytes, this.#committed)
    return undefined
  }

  /** All its pages must be given back. */
  #release(segment: Segment): void {
    this.#observer.internalEnd?.(segment.base)
    this.#observer.explain?.grew(MimallocGrown.SegmentGiven, segment.bytes, 0)
    this.#committed -= this.#rules.eagerCommit ? segment.bytes : this.#record
    this.#space.release(segment.base)
    this.#segments.splice(this.#segments.indexOf(segment), 1)
  }
}
