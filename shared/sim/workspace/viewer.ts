import { HeapscapeError } from '../../base/errors'
import type { Address, Bytes } from '../../base/units'
import { changedMask, LINE_BYTES, type ImageDifference } from '../../model/memory-image'
import type { OverlayField } from '../../model/process-memory'
import { RegionState } from '../../model/region-table'
import { compareMarks, writtenSince } from '../console/mark'
import type { ProcessApi } from '../win32/process-api'
import type { HeapEntry } from '../win32/process-types'
import { capture, type Capture } from './capture'
import type { Moment } from './moments'
import { buildRows, findRow, rowAt, type RowChoice, type RowRef } from './walk-rows'
import { Change, type BytesPage, type WalkPage, type WalkState, type WalkTarget } from './workspace-types'

const NO_DIFFERENCE: ImageDifference = { changedBytes: 0, lines: new Float64Array(), counts: new Uint8Array() }

/**
 * A process walker: shows a process as it was at the last refresh, or a kept moment of it, with what changed against the
 * refresh before, or against another kept moment. Calls made since show only after the next refresh.
 */
export class Viewer {
  readonly id: string
  /** At the last refresh, and at the one before. */
  #now: Capture
  #previous: Capture
  /** Kept moments in their places. */
  #shown: Moment | undefined
  #against: Moment | undefined
  #difference: ImageDifference = NO_DIFFERENCE
  #rows: { readonly key: string; readonly rows: readonly RowRef[] } | undefined

  constructor(id: string, process: ProcessApi, revision: number) {
    this.id = id
    this.#now = capture(process, revision)
    this.#previous = this.#now
  }

  /** What is shown. */
  get moment(): Capture {
    return this.#current
  }

  get #current(): Capture {
    return this.#shown?.capture ?? this.#now
  }

  /** A kept moment has no refresh before: without another one to compare with, nothing is marked. */
  get #before(): Capture {
    return this.#against?.capture ?? this.#shown?.capture ?? this.#previous
  }

  /** Shows the process as it is now. */
  refresh(process: ProcessApi, revision: number): void {
    this.#shown = undefined
    this.#previous = this.#now
    this.#now = capture(process, revision)
    this.#compare()
  }

  /** Shows a kept moment, undefined = the last refresh, and compares it with another, undefined = the refresh before. */
  compare(shown: Moment | undefined, against: Moment | undefined): void {
    this.#shown = shown
    this.#against = against
    this.#compare()
  }

  /** Leaves a moment that is forgotten. */
  leave(moment: Moment): void {
    if (this.#shown !== moment && this.#against !== moment) return
    this.compare(this.#shown === moment ? undefined : this.#shown, this.#against === moment ? undefined : this.#against)
  }

  state(moments: readonly Moment[] = []): WalkState {
    const { rows } = this.#rowsFor({ expanded: [], onlyChanged: false })
    const count = (change: Change): number => rows.filter((row) => row.kind === 'region' && row.change === change).length
    const { changedBytes, lines } = this.#difference
    return {
      viewerId: this.id,
      revision: this.#current.revision,
      newRegions: count(Change.New),
      changedRegions: count(Change.Changed),
      vanishedRegions: count(Change.Vanished),
      changedBytes,
      changedLines: lines.length,
      bytesComplete: this.#current.mark.image.complete,
      moments: moments.map(({ id, title }) => ({ id, title })),
      shown: this.#shown?.id ?? null,
      against: this.#against?.id ?? null,
    }
  }

  rows(choice: RowChoice, offset: number, count: number): WalkPage {
    const { rows } = this.#rowsFor(choice)
    return { total: rows.length, offset, rows: rows.slice(offset, offset + count).map((ref) => rowAt(ref, this.#current)) }
  }

  /** -1 when no row holds the address. */
  rowOf(choice: RowChoice, address: Address): number {
    return findRow(this.#rowsFor(choice).rows, address)
  }

  /** `fieldsOf` names structure fields; they are the process's of now, so the caller knows whether they still fit. */
  bytes(address: Address, length: Bytes, fieldsOf: (address: Address, length: Bytes) => OverlayField[]): BytesPage {
    const bytes = this.#current.mark.image.read(address, length)
    return { address, bytes, changed: this.#maskOf(address, bytes.length) ?? new Uint8Array(bytes.length), fields: fieldsOf(address, bytes.length) }
  }

  changedLines(from: Address, to: Address, count: number): { lines: Float64Array; total: number } {
    const { lines } = this.#difference
    const [first, past] = [lowerBound(lines, lineOf(from)), lowerBound(lines, to)]
    return { lines: lines.slice(first, Math.min(past, first + count)), total: Math.max(0, past - first) }
  }

  /** The first changed byte at or after `from`; going back, the last one before it. */
  nextChange(from: Address, backwards: boolean): Address | null {
    const { lines } = this.#difference
    const step = backwards ? -1 : 1
    const first = backwards ? lowerBound(lines, from) - 1 : lowerBound(lines, lineOf(from))
    for (let i = first; i >= 0 && i < lines.length; i += step) {
      const found = this.#changeIn(lines[i]!, from, backwards)
      if (found !== null) return found
    }
    return null
  }

  /** @throws HeapscapeError `usage` for an empty pattern */
  search(pattern: Uint8Array, from: Address): Address | null {
    if (pattern.length === 0) throw new HeapscapeError('usage', { detail: 'Search needs at least one byte.' })
    return this.#current.mark.image.find(pattern, from) ?? null
  }

  /** What an address or handle value leads to: the block a handle names, the block that holds the address, or its region. */
  follow(address: Address): WalkTarget | null {
    for (const { summary, entries } of this.#current.heaps) {
      const entry = entries.find((known) => known.handle === address && address !== 0) ?? entryAt(entries, address)
      if (entry !== undefined) return { address: entry.address, bytes: entry.consumedBytes, heap: summary.handle, entry: entry.kind, data: entry.data, handle: entry.handle }
    }
    const { image } = this.#current.mark
    const region = image.regions[image.regionAt(address)]
    if (region === undefined || region.state === RegionState.Free) return null
    return { address: region.base, bytes: region.bytes, heap: 0, entry: region.owner === '' ? 'region' : region.owner, data: region.base, handle: 0 }
  }

  #maskOf(address: Address, length: Bytes): Uint8Array | undefined {
    const [before, after] = [this.#before.mark, this.#current.mark]
    return before === after ? undefined : changedMask(before.image, after.image, address, length, writtenSince(before, after))
  }

  #changeIn(line: Address, from: Address, backwards: boolean): Address | null {
    const mask = this.#maskOf(line, LINE_BYTES)
    if (mask === undefined) return null
    for (let k = 0; k < LINE_BYTES; k++) {
      const i = backwards ? LINE_BYTES - 1 - k : k
      const isBeyond = backwards ? line + i < from : line + i >= from
      if (mask[i] === 1 && isBeyond) return line + i
    }
    return null
  }

  #compare(): void {
    this.#rows = undefined
    this.#difference = this.#before === this.#current ? NO_DIFFERENCE : compareMarks(this.#before.mark, this.#current.mark)
  }

  #rowsFor(choice: RowChoice): { readonly rows: readonly RowRef[] } {
    const key = JSON.stringify(choice)
    if (this.#rows?.key !== key) this.#rows = { key, rows: buildRows(choice, this.#current, this.#before, this.#difference) }
    return this.#rows
  }
}

const lineOf = (address: Address): Address => address - (address % LINE_BYTES)

function entryAt(entries: readonly HeapEntry[], address: Address): HeapEntry | undefined {
  return entries.find((entry) => entry.kind !== 'region' && address >= entry.address && address < entry.address + entry.consumedBytes)
}

/** Index of the first line at or after the address. */
function lowerBound(lines: Float64Array, address: Address): number {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (lines[middle]! < address) low = middle + 1
    else high = middle
  }
  return low
}
