import type { JobContext } from '../../base/job-context'
import type { AddressTimeWindow, LifetimeIndex, Stretches } from './lifetime-index'
import { LARGE_SIZE } from './lifetime-index'
import type { PageHistory } from './page-history'

/*
 * How much of each cell of a window rectangles of several kinds cover, exactly:
 *
 *   row r    |   .2   | 1 |  1  |  .7  |        a rectangle one row high from event 0.8 to 3.7
 *   change   | +.2 | +.8 | 0 | -.3 | -.7 |      what is kept; running sums over a row give the shares
 *
 * A rectangle thus costs the rows it touches, however many columns it crosses. Only the sums of one window are held: 8 bytes for each
 * kind of each cell.
 */
export class AreaGrid {
  readonly columns: number
  readonly rows: number
  readonly kinds: number
  /** Of row r and kind k from (r * kinds + k) * stride on. */
  readonly changes: Float64Array
  readonly stride: number
  readonly #window: AddressTimeWindow
  readonly #rowScale: number
  readonly #columnScale: number

  constructor(window: AddressTimeWindow, { columns, rows }: GridSize, kinds: number) {
    this.#window = window
    this.columns = columns
    this.rows = rows
    this.kinds = kinds
    this.stride = columns + 2
    this.changes = emptyNumbers(rows * kinds * this.stride)
    this.#rowScale = rows / (window.toOffset - window.fromOffset)
    this.#columnScale = columns / (window.toEvent - window.fromEvent)
  }

  /** Gives the memory to the next grid; nothing may be asked of this one afterwards. */
  release(): void {
    spares.push(this.changes)
    if (spares.length > MOST_SPARES) spares.shift()
  }

  /** Offsets and events; kinds from 0. For few rectangles. */
  add(from: number, to: number, begin: number, end: number, kind: number): void {
    const { fromOffset, fromEvent } = this.#window
    this.#put((from - fromOffset) * this.#rowScale, (to - fromOffset) * this.#rowScale, (begin - fromEvent) * this.#columnScale, (end - fromEvent) * this.#columnScale, kind)
  }

  addPages({ from, to, begin, end, state }: PageHistory, kindOfState: readonly number[]): void {
    const { fromOffset, toOffset, fromEvent, toEvent } = this.#window
    for (let i = 0; i < from.length; i++) {
      if (from[i]! < toOffset && to[i]! > fromOffset && begin[i]! < toEvent && end[i]! > fromEvent) this.add(from[i]!, to[i]!, begin[i]!, end[i]!, kindOfState[state[i]!]!)
    }
  }

  /** Lifetimes of some stretches, each of the kind `kindOf` tells for its place; `which` leaves some out. Throws `cancelled`. */
  async addLifetimes(index: LifetimeIndex, { places, bands }: Stretches, kindOf: Uint8Array | undefined, which: WhichLifetimes, job: JobContext): Promise<void> {
    let done = 0
    for (let i = 0; i < bands.length; i++) {
      for (let from = places[2 * i]!; from < places[2 * i + 1]!; from += PLACES_PER_TURN) {
        const to = Math.min(places[2 * i + 1]!, from + PLACES_PER_TURN)
        this.#addPlaces(index, from, to, bands[i]!, kindOf, which)
        done += to - from
        if (done < PLACES_PER_TURN) continue
        done = 0
        await job.checkpoint()
      }
    }
  }

  #addPlaces(index: LifetimeIndex, from: number, to: number, band: number, kindOf: Uint8Array | undefined, { aliveAt, only, mask }: WhichLifetimes): void {
    const { offset, size, birth, death, row, endEvent, bandOffsets, wideOffsets } = index
    const { fromOffset, fromEvent } = this.#window
    const isWide = band === bandOffsets.length
    const start = isWide ? 0 : bandOffsets[band]! - fromOffset
    const { rows } = this
    const rowScale = this.#rowScale
    const columnScale = this.#columnScale
    for (let place = from; place < to; place++) {
      const end = death[place]!
      const begin = birth[place]!
      if (end <= fromEvent || (aliveAt >= 0 && (begin > aliveAt || end <= aliveAt))) continue
      const kind = kindOf === undefined ? 0 : kindOf[place]!
      if ((only >= 0 && kind !== only) || (mask !== undefined && mask[row[place]!] === 0)) continue
      const low = (isWide ? wideOffsets[offset[place]!]! - fromOffset : start + offset[place]!) * rowScale
      const bytes = size[place]!
      const high = low + (bytes === LARGE_SIZE ? index.bytesAt(place) : bytes) * rowScale
      if (high <= 0 || low >= rows) continue
      this.#put(low, high, (begin - fromEvent) * columnScale, ((end < endEvent ? end : endEvent) - fromEvent) * columnScale, kind)
    }
  }

  /** Rows [low, high), columns [left, right), as fractions. Small enough to be made part of the loop that calls it. */
  #put(low: number, high: number, left: number, right: number, kind: number): void {
    const { changes, stride, kinds } = this
    const y0 = low < 0 ? 0 : low
    const y1 = high > this.rows ? this.rows : high
    const x0 = left < 0 ? 0 : left
    const x1 = right > this.columns ? this.columns : right
    if (x1 <= x0) return
    // Truncated by `| 0`, which is one instruction; the places are small and not negative.
    const first = x0 | 0
    const last = x1 | 0
    for (let row = y0 | 0; row < y1; row++) {
      const height = (y1 < row + 1 ? y1 : row + 1) - (y0 > row ? y0 : row)
      const at = (row * kinds + kind) * stride
      if (first === last) {
        const area = (x1 - x0) * height
        changes[at + first]! += area
        changes[at + first + 1]! -= area
      } else {
        const head = (first + 1 - x0) * height
        const tail = (x1 - last) * height
        changes[at + first]! += head
        changes[at + first + 1]! += height - head
        changes[at + last]! += tail - height
        changes[at + last + 1]! -= tail
      }
    }
  }
}

/** Grids come and go with every frame of a pan: making their memory anew each time would keep the collector busy. */
const spares: Float64Array[] = []
const MOST_SPARES = 2

function emptyNumbers(length: number): Float64Array {
  const found = spares.findIndex((spare) => spare.length === length)
  return found < 0 ? new Float64Array(length) : spares.splice(found, 1)[0]!.fill(0)
}

export interface GridSize {
  readonly columns: number
  readonly rows: number
}

export interface WhichLifetimes {
  /** Only those alive at this event; -1: all. */
  readonly aliveAt: number
  /** Only those of this kind; -1: all. */
  readonly only: number
  /** By row of the run: 1 for those that count. */
  readonly mask: Uint8Array | undefined
}

export const ALL_LIFETIMES: WhichLifetimes = { aliveAt: -1, only: -1, mask: undefined }
const PLACES_PER_TURN = 1 << 16
