import { CHUNK_LENGTH } from '../base/column'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { STILL_ALIVE, UNKNOWN_SIZE, type Bytes, type EventNumber } from '../base/units'
import { Occupant, type Run } from '../model/run'
import { PageLedger } from './page-ledger'

/*
 * Where every reserved byte goes, over the events of a run: the tiling of one moment (metrics/types.ts), at many.
 *
 *   reserved  |~~~~~~~~~~~~  uncommitted
 *             |____________  releasable, cached, pinned free
 *             |____________  internal, rounding, header
 *   0         |____________  live
 *              events
 *
 * One pass over the run keeps the sums up to date. They are kept after every event of short runs; of longer ones after
 * every `stride`-th and the last one. What is kept is exact for its event; nothing is averaged or guessed in between.
 */
export const TILING_LAYERS = ['live', 'header', 'rounding', 'internal', 'pinnedFree', 'releasableFree', 'cachedFree', 'uncommitted'] as const
export type TilingLayer = (typeof TILING_LAYERS)[number]

export interface TilingSeries {
  readonly events: EventNumber
  /** Sample i stands after event min(i * stride, events). */
  readonly stride: number
  readonly samples: number
  /** Bytes by sample. As in TilingSplit: where requests are not told, `live` is consumed less headers and `rounding` is 0. */
  readonly layers: Readonly<Record<TilingLayer, Float64Array>>
  /** False where the run lacks the size of a request. */
  readonly knowsRequests: boolean
}

/** 8 layers of 8 bytes each: 32 MB. */
export const MOST_SAMPLES = 512 * 1024
const ROWS_PER_CHECKPOINT = 1 << 16

/** @throws HeapscapeError `cancelled`; `format-corrupt` where rows lie on pages that are never committed. */
export async function computeTilingSeries(run: Run, job: JobContext, mostSamples = MOST_SAMPLES): Promise<TilingSeries> {
  const stride = Math.max(1, Math.ceil(run.events / mostSamples))
  const samples = Math.ceil(run.events / stride) + 1
  const turns = await turnsOf(run, stride, samples, job)
  const layers = Object.fromEntries(TILING_LAYERS.map((name) => [name, new Float64Array(samples)])) as Record<TilingLayer, Float64Array>
  const sweep = new Sweep(run, turns.knowsRequests)
  const { event: pageEvents } = run.pages
  const { births, deaths, birthEnds, deathEnds } = turns
  let page = 0
  let born = 0
  let died = 0
  let worked = 0
  for (let sample = 0; sample < samples; sample++) {
    const event = Math.min(sample * stride, run.events)
    const firstPage = page
    while (page < run.pages.length && pageEvents.at(page) <= event) page++
    // Whatever order they come in: sums are of what holds when all of them have passed.
    sweep.changePages(firstPage, page)
    for (; died < deathEnds[sample]!; died++) sweep.end(deaths[died]!)
    for (; born < birthEnds[sample]!; born++) sweep.begin(births[born]!)
    sweep.write(layers, sample)
    worked += 1 + page - firstPage
    if (worked + born + died >= ROWS_PER_CHECKPOINT) {
      job.progress({ done: event, total: run.events, unit: 'events' })
      await job.checkpoint()
      worked = -(born + died)
    }
  }
  return { events: run.events, stride, samples, layers, knowsRequests: turns.knowsRequests }
}

interface Turns {
  /** Rows by the sample they are seen first in, and by the one they are gone in; rows never seen in a sample are left out. */
  readonly births: Uint32Array
  readonly deaths: Uint32Array
  /** Where the rows of a sample end in them. */
  readonly birthEnds: Uint32Array
  readonly deathEnds: Uint32Array
  readonly knowsRequests: boolean
}

/** Rows ordered by counting, twice over the table: once for the counts, once for the places. */
async function turnsOf({ lifetimes }: Run, stride: number, samples: number, job: JobContext): Promise<Turns> {
  const birthEnds = new Uint32Array(samples)
  const deathEnds = new Uint32Array(samples)
  let births = new Uint32Array(0)
  let deaths = births
  let knowsRequests = true
  for (const isCounting of [true, false]) {
    for (let chunk = 0, left = lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
      const birthOf = lifetimes.birth.chunks[chunk]!
      const deathOf = lifetimes.death.chunks[chunk]!
      const requestOf = lifetimes.requested.chunks[chunk]!
      const first = chunk * CHUNK_LENGTH
      const rows = Math.min(left, CHUNK_LENGTH)
      for (let i = 0; i < rows; i++) {
        const seen = Math.ceil(birthOf[i]! / stride)
        const gone = deathOf[i] === STILL_ALIVE ? samples : Math.ceil(deathOf[i]! / stride)
        if (requestOf[i] === UNKNOWN_SIZE) knowsRequests = false
        if (seen === gone) continue
        if (isCounting) {
          birthEnds[seen]!++
          if (gone < samples) deathEnds[gone]!++
        } else {
          births[birthEnds[seen]!++] = first + i
          if (gone < samples) deaths[deathEnds[gone]!++] = first + i
        }
      }
      await job.checkpoint()
    }
    if (!isCounting) break
    births = new Uint32Array(startsOf(birthEnds))
    deaths = new Uint32Array(startsOf(deathEnds))
  }
  return { births, deaths, birthEnds, deathEnds, knowsRequests }
}

/** Turns counts into the places their rows begin at; answers the sum. */
function startsOf(counts: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    counts[i] = sum
    sum += count
  }
  return sum
}

/** The sums of the tiling while events pass. */
class Sweep {
  readonly #run: Run
  readonly #ledger: PageLedger
  readonly #headerBytes: Bytes
  readonly #knowsRequests: boolean
  #requested = 0
  #consumed = 0
  #busyBlocks = 0
  #internal = 0
  #cached = 0

  constructor(run: Run, knowsRequests: boolean) {
    this.#run = run
    this.#ledger = new PageLedger(run)
    this.#headerBytes = run.heaps[0]?.headerBytes ?? 0
    this.#knowsRequests = knowsRequests
  }

  changePages(from: number, to: number): void {
    this.#ledger.apply(from, to)
  }

  begin(row: number): void {
    this.#add(row, 1)
  }

  end(row: number): void {
    this.#add(row, -1)
  }

  #add(row: number, sign: 1 | -1): void {
    const { address, size, requested, occupant } = this.#run.lifetimes
    const bytes = size.at(row) * sign
    const kind = occupant.at(row)
    if (kind === Occupant.Busy) {
      this.#consumed += bytes
      this.#busyBlocks += sign
      if (this.#knowsRequests) this.#requested += requested.at(row) * sign
    } else if (kind === Occupant.Internal) this.#internal += bytes
    else this.#cached += bytes
    this.#ledger.use(address.at(row), size.at(row), kind === Occupant.Cached, sign)
  }

  write(layers: Readonly<Record<TilingLayer, Float64Array>>, sample: number): void {
    const { committedBytes, reservedBytes, pinnedBytes } = this.#ledger
    const header = this.#busyBlocks * this.#headerBytes
    const live = this.#knowsRequests ? this.#requested : this.#consumed - header
    const free = committedBytes - this.#consumed - this.#internal - this.#cached
    layers.live[sample] = live
    layers.header[sample] = header
    layers.rounding[sample] = this.#consumed - header - live
    layers.internal[sample] = this.#internal
    layers.pinnedFree[sample] = pinnedBytes
    layers.releasableFree[sample] = free - pinnedBytes
    layers.cachedFree[sample] = this.#cached
    layers.uncommitted[sample] = reservedBytes - committedBytes
  }
}

/** A stretch of the series for a picture: of each part of the stretch the sample with most committed bytes, the latest of equals. */
export interface TilingPage {
  readonly events: Float64Array
  readonly layers: Readonly<Record<TilingLayer, Float64Array>>
  /** Every how many events there is a sample; 1: after every event. */
  readonly stride: number
  readonly knowsRequests: boolean
}

/** At most `points` samples of the events `from` to `to`, with the last one before them where none falls on `from`. Throws `event-out-of-range`. */
export function tilingPage(series: TilingSeries, from: EventNumber, to: EventNumber, points: number): TilingPage {
  if (!(from >= 0 && to >= from && to <= series.events && points >= 1)) {
    throw new HeapscapeError('event-out-of-range', { expected: `0 <= from <= to <= ${series.events} and at least 1 point`, got: `${from} to ${to} in ${points} points` })
  }
  const { stride, layers, samples } = series
  const first = Math.floor(from / stride)
  const last = Math.min(samples - 1, to === series.events ? samples - 1 : Math.floor(to / stride))
  const count = last - first + 1
  const chosen: number[] = []
  for (let part = 0, parts = Math.min(points, count), at = first; part < parts; part++) {
    const end = first + Math.floor(((part + 1) * count) / parts)
    let best = at
    for (; at < end; at++) if (committedAt(layers, at) >= committedAt(layers, best)) best = at
    chosen.push(best)
  }
  return {
    events: Float64Array.from(chosen, (sample) => Math.min(sample * stride, series.events)),
    layers: Object.fromEntries(TILING_LAYERS.map((name) => [name, Float64Array.from(chosen, (sample) => layers[name][sample]!)])) as Record<TilingLayer, Float64Array>,
    stride,
    knowsRequests: series.knowsRequests,
  }
}

const committedAt = ({ live, header, rounding, internal, pinnedFree, releasableFree, cachedFree }: TilingSeries['layers'], sample: number): Bytes =>
  live[sample]! + header[sample]! + rounding[sample]! + internal[sample]! + pinnedFree[sample]! + releasableFree[sample]! + cachedFree[sample]!
