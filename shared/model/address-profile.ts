import { NumberMap } from '../base/number-map'
import { MappedModules } from './mapped-modules'
import { measureTotal, Profile, type Measure, type MeasureInfo, type Sampling, type StatisticTable } from './profile'
import { SiteBuilder } from './profile-builder'
import { MEASURES, redefined, sampledPair } from './profile-measures'
import type { Origin } from './trace'

/** Blocks and bytes, live and in total, of one stack or of all. */
export interface HeapCounts {
  readonly liveBlocks: number
  readonly liveBytes: number
  readonly allocatedBlocks: number
  readonly allocatedBytes: number
}

export const COUNT_KEYS = ['liveBlocks', 'liveBytes', 'allocatedBlocks', 'allocatedBytes'] as const satisfies readonly (keyof HeapCounts)[]

/**
 * How many blocks or bytes one sampled stands for, when a sample is taken each `periodBytes` bytes on average, at random
 * (Poisson): a block of the mean size is sampled with probability 1 - e^(-size / period). The same reckoning as in the
 * profilers' own readers.
 */
export function sampleScale(blocks: number, bytes: number, periodBytes: number): number {
  if (blocks === 0 || bytes === 0 || periodBytes <= 1) return 1
  // expm1, because sizes far below the period would lose their digits in 1 - exp.
  return -1 / Math.expm1(-bytes / blocks / periodBytes)
}

/** A profile whose stacks are code addresses, with counts of blocks and bytes; jemalloc's and gperftools' heap profiles. */
export class AddressProfile {
  readonly modules = new MappedModules()
  readonly #sites = new SiteBuilder()
  readonly #frameAt = new NumberMap()
  readonly #sampling: Sampling | undefined
  /** As the file has them. */
  readonly #counted: Record<keyof HeapCounts, Measure>
  /** Estimated from samples. */
  readonly #scaled: Record<keyof HeapCounts, Measure> | undefined

  /** `bytesAre` is said of every measure of bytes: what the recorder takes for a block's size. */
  constructor(sampling: Sampling | undefined, bytesAre = '') {
    this.#sampling = sampling
    const infoOf = (key: keyof HeapCounts): MeasureInfo => {
      const info = MEASURES[key]
      return info.unit === 'bytes' && bytesAre !== '' ? redefined(info, `${info.definition} ${bytesAre}`) : info
    }
    const measures = (form: 'sampled' | 'scaled' | undefined): Record<keyof HeapCounts, Measure> =>
      Object.fromEntries(COUNT_KEYS.map((key) => [key, this.#sites.measure(form === undefined ? infoOf(key) : sampledPair(infoOf(key))[form])])) as Record<keyof HeapCounts, Measure>
    this.#counted = measures(sampling === undefined ? undefined : 'sampled')
    this.#scaled = sampling === undefined ? undefined : measures('scaled')
  }

  /** Adds what a stack had; `addresses` innermost first. */
  add(addresses: readonly number[], counts: HeapCounts): void {
    const site = this.#sites.site(this.#sites.pathOf(addresses.map((address) => this.#frameOf(address))))
    for (const key of COUNT_KEYS) this.#sites.add(this.#counted[key], site, counts[key])
    if (this.#scaled === undefined) return
    const period = this.#sampling?.periodBytes ?? 1
    const live = sampleScale(counts.liveBlocks, counts.liveBytes, period)
    const allocated = sampleScale(counts.allocatedBlocks, counts.allocatedBytes, period)
    this.#sites.add(this.#scaled.liveBlocks, site, counts.liveBlocks * live)
    this.#sites.add(this.#scaled.liveBytes, site, counts.liveBytes * live)
    this.#sites.add(this.#scaled.allocatedBlocks, site, counts.allocatedBlocks * allocated)
    this.#sites.add(this.#scaled.allocatedBytes, site, counts.allocatedBytes * allocated)
  }

  /** What the stacks add up to. */
  totals(): HeapCounts {
    return totalsOf(this.#counted)
  }

  /** The same of the estimates; undefined when everything was counted. */
  scaledTotals(): HeapCounts | undefined {
    return this.#scaled === undefined ? undefined : totalsOf(this.#scaled)
  }

  /** `stated`: the file's own sums. Without any total of allocations these were not recorded, and are left out. */
  toProfile(origin: Origin, stated: HeapCounts | undefined, statistics: StatisticTable): Profile {
    const { frames } = this.#sites.tables
    frames.module = Array.from({ length: frames.length }, (_, row) => this.modules.moduleAt(frames.address.at(row)))
    const sites = this.#sites.toSites()
    const keys = COUNT_KEYS.filter((key) => key.startsWith('live') || measureTotal(this.#counted.allocatedBlocks) > 0 || (stated?.allocatedBlocks ?? 0) > 0)
    const counted = keys.map((key) => (stated === undefined ? this.#counted[key] : { ...this.#counted[key], statedTotal: stated[key] }))
    const scaled = this.#scaled === undefined ? [] : keys.map((key) => this.#scaled![key])
    return new Profile({ origin, sampling: this.#sampling, sites, measures: [...counted, ...scaled], statistics })
  }

  #frameOf(address: number): number {
    const known = this.#frameAt.get(address)
    if (known >= 0) return known
    const frame = this.#sites.tables.frames.add({ address })
    this.#frameAt.set(address, frame)
    return frame
  }
}

function totalsOf(measures: Record<keyof HeapCounts, Measure>): HeapCounts {
  return Object.fromEntries(COUNT_KEYS.map((key) => [key, measureTotal(measures[key])])) as unknown as HeapCounts
}

/** Hexadecimal addresses with or without `0x`, parted by blanks; undefined when one is none or above 2^53. */
export function parseAddresses(text: string): number[] | undefined {
  const words = text.trim() === '' ? [] : text.trim().split(/\s+/)
  const addresses = words.map((word) => (/^(?:0x)?[0-9a-fA-F]{1,16}$/.test(word) ? parseInt(word, 16) : NaN))
  return addresses.every((address) => Number.isSafeInteger(address)) ? addresses : undefined
}
