import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { STILL_ALIVE, type Address, type Bytes, type EventNumber, type RowIndex } from '../../base/units'
import { addressOrder } from '../../model/address-order'
import type { Run } from '../../model/run'
import type { FoldedSpace } from './folded-space'

/*
 * All lifetimes of a run, laid out so that those in any window of address and time lie in a few stretches:
 *
 *   band 0 (lowest addresses)   lives below 16 events    | by birth ...
 *                               below 256                | by birth ...
 *                               ...
 *                               never freed              | by birth ...
 *   band 1                      ...
 *   wide                        lifetimes that reach beyond the band after their own
 *
 * A life of class c that touches events [t0, t1) was born in (t0 - longest of c, t1): two searches find the stretch, and at most
 * a few of its places lie outside the window. Bands hold about equally many lifetimes, so dense parts of the space have narrow ones.
 *
 * 20 bytes a lifetime (offset in its band, size, birth, death, row), 8 more for the wide ones; building takes 2 more a lifetime while it
 * lasts. Rows are in order of birth in every run that was replayed or recorded; where they are not, they are sorted first.
 */
export class LifetimeIndex {
  readonly [Symbol.toStringTag] = 'LifetimeIndex'
  readonly space: FoldedSpace
  /** Behind the last moment: events + 1, as each event holds until the next. */
  readonly endEvent: EventNumber
  /** By place. Offset from `bandOffsets`; of wide lifetimes an index into `wideOffsets`. */
  readonly offset: Uint32Array
  readonly size: Uint32Array
  readonly birth: Uint32Array
  readonly death: Uint32Array
  readonly row: Uint32Array
  readonly bandOffsets: Float64Array
  readonly wideOffsets: Float64Array
  readonly #run: Run
  /** First place of each class of each band; one more than there are. */
  readonly #starts: Uint32Array

  private constructor(run: Run, space: FoldedSpace, parts: IndexParts) {
    this.#run = run
    this.space = space
    this.endEvent = run.events + 1
    this.offset = parts.offset
    this.size = parts.size
    this.birth = parts.birth
    this.death = parts.death
    this.row = parts.row
    this.bandOffsets = parts.bandOffsets
    this.wideOffsets = parts.wideOffsets
    this.#starts = parts.starts
  }

  /** Throws `cancelled`. */
  static async make(run: Run, space: FoldedSpace, job: JobContext): Promise<LifetimeIndex> {
    return new LifetimeIndex(run, space, await buildIndex(run, space, job))
  }

  get length(): number {
    return this.row.length
  }

  get byteLength(): Bytes {
    return 5 * this.row.byteLength + this.wideOffsets.byteLength + this.bandOffsets.byteLength + this.#starts.byteLength
  }

  /** Consumed bytes at a place; sizes of 4 GiB and more are looked up in the run. */
  bytesAt(place: number): Bytes {
    const size = this.size[place]!
    return size === LARGE_SIZE ? this.#run.lifetimes.size.at(this.row[place]!) : size
  }

  offsetAt(place: number, band: number): Bytes {
    return band === this.bandOffsets.length ? this.wideOffsets[this.offset[place]!]! : this.bandOffsets[band]! + this.offset[place]!
  }

  /**
   * Stretches of places that hold every lifetime which touches the window: stretch i is [places[2i], places[2i + 1]) of bands[i]
   * (bandOffsets.length: the wide ones). Some lifetimes in them may not touch it.
   */
  stretches({ fromOffset, toOffset, fromEvent, toEvent }: AddressTimeWindow): Stretches {
    const places: number[] = []
    const bands: number[] = []
    let count = 0
    const wide = this.bandOffsets.length
    const first = Math.max(0, this.#bandOf(fromOffset) - 1)
    const last = this.#bandOf(toOffset)
    const isWhole = fromEvent <= 0 && toEvent >= this.endEvent
    for (let band = first; band <= wide; band = band === last ? wide : band + 1) {
      for (let kind = 0; kind < CLASSES; kind++) {
        const start = this.#starts[band * CLASSES + kind]!
        const end = this.#starts[band * CLASSES + kind + 1]!
        if (start === end) continue
        const from = isWhole ? start : lowerBound(this.birth, start, end, kind === NEVER_FREED ? 0 : fromEvent - LONGEST_OF_CLASS[kind]!)
        const to = isWhole ? end : lowerBound(this.birth, from, end, toEvent)
        if (from === to) continue
        count += to - from
        places.push(from, to)
        bands.push(band)
      }
      if (band === wide) break
    }
    return { places: Uint32Array.from(places), bands: Uint32Array.from(bands), count }
  }

  /** Places that do touch the window, in no order; gives up with null when there are more than `most`. */
  placesIn(window: AddressTimeWindow, most: number): { readonly places: Uint32Array; readonly bands: Uint32Array } | null {
    const { places, bands } = this.stretches(window)
    const found: number[] = []
    const bandOf: number[] = []
    for (let i = 0; i < bands.length; i++) {
      const band = bands[i]!
      for (let place = places[2 * i]!; place < places[2 * i + 1]!; place++) {
        if (this.death[place]! <= window.fromEvent) continue
        const offset = this.offsetAt(place, band)
        if (offset >= window.toOffset || offset + this.bytesAt(place) <= window.fromOffset) continue
        if (found.length === most) return null
        found.push(place)
        bandOf.push(band)
      }
    }
    return { places: Uint32Array.from(found), bands: Uint32Array.from(bandOf) }
  }

  #bandOf(offset: Bytes): number {
    const starts = this.bandOffsets
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (starts[middle]! <= offset) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}

/** What is looked at: offsets in the folded space and events, both [from, to), fractions allowed. */
export interface AddressTimeWindow {
  readonly fromOffset: Bytes
  readonly toOffset: Bytes
  readonly fromEvent: EventNumber
  readonly toEvent: EventNumber
}

export interface Stretches {
  readonly places: Uint32Array
  readonly bands: Uint32Array
  /** Lifetimes in all of them. */
  readonly count: number
}

interface IndexParts {
  readonly offset: Uint32Array
  readonly size: Uint32Array
  readonly birth: Uint32Array
  readonly death: Uint32Array
  readonly row: Uint32Array
  readonly bandOffsets: Float64Array
  readonly wideOffsets: Float64Array
  readonly starts: Uint32Array
}

/** In `size`: look it up in the run. */
export const LARGE_SIZE = 0xffffffff
/** Sixteen times as long from class to class: at most that part of a stretch lies outside a window, and seven searches do. */
const LONGEST_OF_CLASS = [16, 256, 4096, 65536, 1048576, 16777216, 4294967295] as const
const NEVER_FREED = LONGEST_OF_CLASS.length
const CLASSES = NEVER_FREED + 1
const SLOTS = 65536
const MOST_BANDS = 2048
const LEAST_IN_BAND = 256
const WIDEST_BAND = 2 ** 32 - 1
const ROWS_PER_TURN = 1 << 16

async function buildIndex(run: Run, space: FoldedSpace, job: JobContext): Promise<IndexParts> {
  const rows = run.lifetimes.length
  const total = 2 * rows
  const order = birthOrder(run)
  const slotBytes = Math.max(1, Math.ceil(space.bytes / SLOTS))
  const reader = new LifetimeReader(run, space, order)
  const perSlot = new Uint32Array(SLOTS + 1)
  for (let from = 0; from < rows; from += ROWS_PER_TURN) {
    const count = reader.read(from)
    for (let i = 0; i < count; i++) perSlot[Math.floor(reader.offsets[i]! / slotBytes)]!++
    job.progress({ done: from, total, unit: 'lifetimes' })
    await job.checkpoint()
  }
  const { bandOffsets, bandOfSlot } = cutBands(perSlot, rows, slotBytes)
  const bucketOf = await bucketsOf(reader, rows, { bandOffsets, bandOfSlot, slotBytes }, space.bytes, job)
  const wide = bandOffsets.length
  const starts = new Uint32Array((wide + 1) * CLASSES + 1)
  for (let k = 0; k < rows; k++) starts[bucketOf[k]! + 1]!++
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!
  const firstWide = starts[wide * CLASSES]!
  const parts: IndexParts = {
    offset: new Uint32Array(rows), size: new Uint32Array(rows), birth: new Uint32Array(rows), death: new Uint32Array(rows), row: new Uint32Array(rows),
    bandOffsets, wideOffsets: new Float64Array(rows - firstWide), starts,
  }
  const next = starts.slice()
  for (let from = 0; from < rows; from += ROWS_PER_TURN) {
    const count = reader.read(from)
    for (let i = 0; i < count; i++) {
      const bucket = bucketOf[from + i]!
      const place = next[bucket]!++
      const band = Math.floor(bucket / CLASSES)
      if (band === wide) {
        parts.wideOffsets[place - firstWide] = reader.offsets[i]!
        parts.offset[place] = place - firstWide
      } else parts.offset[place] = reader.offsets[i]! - bandOffsets[band]!
      parts.size[place] = Math.min(LARGE_SIZE, reader.sizes[i]!)
      parts.birth[place] = reader.births[i]!
      parts.death[place] = reader.deaths[i]!
      parts.row[place] = reader.rows[i]!
    }
    job.progress({ done: rows + from, total, unit: 'lifetimes' })
    await job.checkpoint()
  }
  return parts
}

/** Rows in order of birth; undefined when they stand so. */
function birthOrder({ lifetimes: { birth } }: Run): Uint32Array | undefined {
  let last = 0
  for (let chunk = 0, left = birth.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const births = birth.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      if (births[i]! < last) return addressOrder(Float64Array.from(birth.slice()))
      last = births[i]!
    }
  }
  return undefined
}

/** Lifetimes a turn at a time, with offsets in place of addresses. */
class LifetimeReader {
  readonly offsets = new Float64Array(ROWS_PER_TURN)
  readonly sizes = new Float64Array(ROWS_PER_TURN)
  readonly births = new Uint32Array(ROWS_PER_TURN)
  readonly deaths = new Uint32Array(ROWS_PER_TURN)
  readonly rows = new Uint32Array(ROWS_PER_TURN)
  readonly #run: Run
  readonly #order: Uint32Array | undefined
  readonly #bases: Float64Array
  readonly #ends: Float64Array
  readonly #folded: Float64Array
  #segment = 0

  constructor(run: Run, { segments }: FoldedSpace, order: Uint32Array | undefined) {
    this.#run = run
    this.#order = order
    this.#bases = Float64Array.from(segments, ({ base }) => base)
    this.#ends = Float64Array.from(segments, ({ base, bytes }) => base + bytes)
    this.#folded = Float64Array.from(segments, ({ offset }) => offset)
  }

  /** Rows [from, from + ROWS_PER_TURN) of the order, as far as there are any; how many. */
  read(from: number): number {
    const { address, size, birth, death } = this.#run.lifetimes
    const count = Math.min(ROWS_PER_TURN, address.length - from)
    const order = this.#order
    const start = from & (CHUNK_LENGTH - 1)
    const chunk = from >>> CHUNK_SHIFT
    if (order === undefined) {
      this.sizes.set(size.chunks[chunk]!.subarray(start, start + count))
      this.births.set(birth.chunks[chunk]!.subarray(start, start + count))
      this.deaths.set(death.chunks[chunk]!.subarray(start, start + count))
      this.offsets.set(address.chunks[chunk]!.subarray(start, start + count))
      for (let i = 0; i < count; i++) this.rows[i] = from + i
    } else {
      for (let i = 0; i < count; i++) {
        const row: RowIndex = order[from + i]!
        this.sizes[i] = size.at(row)
        this.births[i] = birth.at(row)
        this.deaths[i] = death.at(row)
        this.offsets[i] = address.at(row)
        this.rows[i] = row
      }
    }
    this.#fold(count)
    return count
  }

  /** Neighbouring rows mostly lie in one segment, so it is tried first. */
  #fold(count: number): void {
    const offsets = this.offsets
    let segment = this.#segment
    let base = this.#bases[segment] ?? 0
    let end = this.#ends[segment] ?? 0
    for (let i = 0; i < count; i++) {
      const address: Address = offsets[i]!
      if (address < base || address >= end) {
        segment = this.#segmentOf(address)
        base = this.#bases[segment] ?? 0
        end = this.#ends[segment] ?? 0
      }
      offsets[i] = (this.#folded[segment] ?? 0) + Math.max(0, Math.min(address, end) - base)
    }
    this.#segment = segment
  }

  #segmentOf(address: Address): number {
    const bases = this.#bases
    let low = 0
    let high = bases.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bases[middle]! <= address) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}

interface Bands {
  readonly bandOffsets: Float64Array
  readonly bandOfSlot: Uint16Array
  readonly slotBytes: Bytes
}

/** Bands of whole slots, each with its share of the lifetimes and at most 4 GiB long. */
function cutBands(perSlot: Uint32Array, rows: number, slotBytes: Bytes): { bandOffsets: Float64Array; bandOfSlot: Uint16Array } {
  const perBand = Math.max(LEAST_IN_BAND, Math.ceil(rows / MOST_BANDS))
  const bandOfSlot = new Uint16Array(perSlot.length)
  const offsets = [0]
  let inBand = 0
  for (let slot = 0; slot < perSlot.length; slot++) {
    const isFull = inBand >= perBand || (slot + 1) * slotBytes - offsets.at(-1)! > WIDEST_BAND
    if (isFull && slot * slotBytes > offsets.at(-1)!) {
      offsets.push(slot * slotBytes)
      inBand = 0
    }
    bandOfSlot[slot] = offsets.length - 1
    inBand += perSlot[slot]!
  }
  return { bandOffsets: Float64Array.from(offsets), bandOfSlot }
}

/** Band and class of each lifetime as one number, in the reader's order. */
async function bucketsOf(reader: LifetimeReader, rows: number, { bandOffsets, bandOfSlot, slotBytes }: Bands, spaceBytes: Bytes, job: JobContext): Promise<Uint16Array | Uint32Array> {
  const wide = bandOffsets.length
  const buckets = (wide + 1) * CLASSES > 65536 ? new Uint32Array(rows) : new Uint16Array(rows)
  for (let from = 0; from < rows; from += ROWS_PER_TURN) {
    const count = reader.read(from)
    for (let i = 0; i < count; i++) {
      const own = bandOfSlot[Math.floor(reader.offsets[i]! / slotBytes)]!
      const reach = own + 2 < wide ? bandOffsets[own + 2]! : spaceBytes
      const band = reader.offsets[i]! + reader.sizes[i]! > reach ? wide : own
      buckets[from + i] = band * CLASSES + classOf(reader.births[i]!, reader.deaths[i]!)
    }
    await job.checkpoint()
  }
  return buckets
}

/** By leading zeros: four bits a class. Lives of 16 events are of the second class. */
function classOf(birth: EventNumber, death: EventNumber): number {
  if (death === STILL_ALIVE) return NEVER_FREED
  return death - birth < 16 ? 0 : (31 - Math.clz32(death - birth)) >>> 2 > NEVER_FREED - 1 ? NEVER_FREED - 1 : (31 - Math.clz32(death - birth)) >>> 2
}

/** First place in [from, to) whose birth is not below `event`. */
function lowerBound(births: Uint32Array, from: number, to: number, event: EventNumber): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (births[middle]! < event) low = middle + 1
    else high = middle
  }
  return low
}
