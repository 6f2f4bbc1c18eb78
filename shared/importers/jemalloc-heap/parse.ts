import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { AddressProfile, COUNT_KEYS, parseAddresses, sampleScale, type HeapCounts } from '../../model/address-profile'
import { Defects } from '../../model/defects'
import { StatisticTable, type Profile } from '../../model/profile'
import type { ImportOptions } from '../importer'

const HEADER = /^heap_v2\/(\d{1,15})$/
/** `  t*: 15: 82848 [1032: 256554]`, `  t3: 1: 64 [0: 0] worker` */
const COUNTS = /^\s*t(\*|\d+): (\d{1,15}): (\d{1,16}) \[(\d{1,15}): (\d{1,16})\](?: (.*))?$/
/** A stack's figures may come out this far from the total's, in periods, by rounding and by few samples. */
const TOLERATED_PERIODS = 16
const TOLERATED_SHARE = 0.05
const SIZE_CLASSES = 'Bytes are those of size classes, which a request is rounded up to.'
const METHOD = 'A block is sampled each time a random number of allocated bytes has passed (Poisson).'

export function looksLikeJemallocHeap(head: Uint8Array): boolean {
  return /^heap_v2\/\d+\r?\n/.test(new TextDecoder().decode(head))
}

/**
 * Reads a profile as jemalloc's `prof.dump` writes it. Throws format-malformed, format-truncated, cancelled.
 */
export async function parseJemallocHeap(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new JemallocHeapReader(options.mode === 'strict')
  await eachLine(source, job, (text, line, lacksFeed) => reader.take(text, line, lacksFeed))
  return reader.finish(source.name)
}

class JemallocHeapReader {
  readonly #defects: Defects
  readonly #notes
  readonly #statistics = new StatisticTable()
  #period = 1
  #profile = new AddressProfile(undefined)
  #stack: readonly number[] | undefined
  #stated: HeapCounts | undefined
  #hasStacks = false
  #inMaps = false
  #line = 0

  constructor(strict: boolean) {
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      unknownLine: defects.kind('unknown-line', 'Lines of no known form were skipped.'),
      badStack: defects.kind('stack-unreadable', 'Stacks with an address that is none were left out, with their counts.'),
      cutLine: defects.kind('cut-line', 'The last line is cut and was ignored.'),
      noMaps: defects.kind('modules-missing', 'The list of mapped files is missing: addresses have no module.'),
      otherTotal: defects.kind('other-total', 'The stacks do not add up to the total the file states.'),
    }
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    this.#line = line
    if (line === 1) return this.#begin(text)
    if (lacksFeed) return this.#defects.cut(this.#notes.cutLine, line, 'a whole line')
    if (text === '') return
    if (text === 'MAPPED_LIBRARIES:') this.#inMaps = true
    else if (this.#inMaps) {
      if (!this.#profile.modules.add(text)) this.#defects.met(this.#notes.unknownLine, line, 'a line of /proc/PID/maps', text)
    } else if (text.startsWith('@')) this.#beginStack(text)
    else this.#counts(text)
  }

  finish(file: string): Profile {
    if (this.#stated === undefined && !this.#hasStacks) throw new HeapscapeError('format-malformed', { expected: 'a total and stacks', got: 'neither' })
    if (!this.#inMaps) this.#defects.cut(this.#notes.noMaps, this.#line, 'MAPPED_LIBRARIES:')
    const totals = this.#profile.totals()
    const stated = this.#stated
    if (stated !== undefined && !this.#addsUp(stated, totals)) this.#defects.met(this.#notes.otherTotal, 2, `${stated.liveBytes} live bytes`, String(totals.liveBytes))
    const { isPartial } = this.#defects
    const lacking = ['symbols', ...(totals.allocatedBlocks === 0 ? (['frees'] as const) : [])] as const
    return this.#profile.toProfile({ file, format: 'jemalloc-heap', partial: isPartial, notes: this.#defects.toNotes(), producer: 'jemalloc', version: 'heap_v2', lacking }, stated, this.#statistics)
  }

  /**
   * From version 5.3 on jemalloc writes counts that come out right when scaled, the total's on their own: then not the
   * counts agree but their scaled values, up to rounding.
   */
  #addsUp(stated: HeapCounts, totals: HeapCounts): boolean {
    if (COUNT_KEYS.every((key) => stated[key] === totals[key])) return true
    const scaled = this.#profile.scaledTotals()
    if (scaled === undefined) return false
    const isNear = (bytes: number, blocks: number, sum: number): boolean => {
      const expected = bytes * sampleScale(blocks, bytes, this.#period)
      return Math.abs(expected - sum) <= TOLERATED_SHARE * expected + TOLERATED_PERIODS * this.#period
    }
    return isNear(stated.liveBytes, stated.liveBlocks, scaled.liveBytes) && isNear(stated.allocatedBytes, stated.allocatedBlocks, scaled.allocatedBytes)
  }

  #begin(text: string): void {
    const period = Number(HEADER.exec(text)?.[1] ?? NaN)
    if (!(period >= 1)) throw new HeapscapeError('format-malformed', { expected: 'heap_v2/ and a number from 1', got: text.slice(0, 40) }, { line: 1 })
    this.#profile = new AddressProfile(period > 1 ? { method: METHOD, periodBytes: period } : undefined, SIZE_CLASSES)
    this.#period = period
  }

  #beginStack(text: string): void {
    this.#hasStacks = true
    this.#stack = parseAddresses(text.slice(1))
    if (this.#stack === undefined) this.#defects.met(this.#notes.badStack, this.#line, 'hexadecimal addresses', text)
  }

  #counts(text: string): void {
    const match = COUNTS.exec(text)
    if (match === null) return this.#defects.met(this.#notes.unknownLine, this.#line, 'counts of a thread', text)
    const [, thread, liveBlocks, liveBytes, allocatedBlocks, allocatedBytes, name = ''] = match
    const counts = { liveBlocks: Number(liveBlocks), liveBytes: Number(liveBytes), allocatedBlocks: Number(allocatedBlocks), allocatedBytes: Number(allocatedBytes) }
    if (thread === '*') {
      if (!this.#hasStacks) this.#stated = counts
      else if (this.#stack !== undefined) this.#profile.add(this.#stack, counts)
    } else if (!this.#hasStacks) {
      const subject = name === '' ? `thread ${thread}` : `thread ${thread}, ${name}`
      const figures = [['live-blocks-sampled', counts.liveBlocks, 'blocks'], ['live-bytes-sampled', counts.liveBytes, 'bytes'], ['allocated-blocks-sampled', counts.allocatedBlocks, 'blocks'], ['allocated-bytes-sampled', counts.allocatedBytes, 'bytes']] as const
      for (const [figure, value, unit] of figures) this.#statistics.add('thread', subject, figure, value, unit)
    }
  }
}
