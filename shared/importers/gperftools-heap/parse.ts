import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { AddressProfile, COUNT_KEYS, parseAddresses, type HeapCounts } from '../../model/address-profile'
import { Defects } from '../../model/defects'
import { StatisticTable, type Profile, type Sampling } from '../../model/profile'
import type { ImportOptions } from '../importer'

/** `  15:  1906884 [    15:  1906884] @` and, in a record, addresses; in the header, the kind. */
const COUNTS = /^(\d{1,15}): +(\d{1,16}) +\[ *(\d{1,15}): +(\d{1,16})\] +@ ?(.*)$/
const HEADER_WORD = 'heap profile:'
const MAPS_MARKS = ['MAPPED_LIBRARIES:', '--- Memory map: ---']
const METHOD = 'A block is sampled each time a random number of allocated bytes has passed (Poisson).'

export function looksLikeGperftoolsHeap(head: Uint8Array): boolean {
  return /^heap profile: *\d+: +\d+ +\[ *\d+: +\d+\] +@ /.test(new TextDecoder().decode(head))
}

/**
 * Reads a heap profile of gperftools (`heapprofile`, exact), tcmalloc (`heap_v2`, `heapz_v2`, sampled) or Go's old text form
 * (`heap`, sampled). Throws format-malformed, format-truncated, cancelled.
 */
export async function parseGperftoolsHeap(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new GperftoolsReader(options.mode === 'strict')
  await eachLine(source, job, (text, line, lacksFeed) => reader.take(text, line, lacksFeed))
  return reader.finish(source.name)
}

/** What the header's last word says of sampling. */
function samplingOf(kind: string): Sampling | undefined {
  const [, name = '', period = '0'] = /^([a-z_0-9]+?)(?:\/(\d{1,15}))?$/.exec(kind) ?? []
  const bytes = Number(period)
  switch (name) {
    case 'heapprofile':
    case 'growthz':
    case 'growth':
      return undefined
    case 'heap_v2':
    case 'heapz_v2':
      return bytes > 1 ? { method: METHOD, periodBytes: bytes } : undefined
    // Go writes twice its rate here.
    case 'heap':
      return bytes > 2 ? { method: METHOD, periodBytes: bytes / 2 } : undefined
    default:
      throw new HeapscapeError('format-malformed', { expected: 'heapprofile, heap_v2, heapz_v2, heap or growthz', got: kind.slice(0, 40) }, { line: 1 })
  }
}

class GperftoolsReader {
  readonly #defects: Defects
  readonly #notes
  #profile = new AddressProfile(undefined)
  #stated: HeapCounts | undefined
  #kind = ''
  #inMaps = false
  #line = 0

  constructor(strict: boolean) {
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      unknownLine: defects.kind('unknown-line', 'Lines of no known form were skipped.'),
      cutLine: defects.kind('cut-line', 'The last line is cut and was ignored.'),
      noMaps: defects.kind('modules-missing', 'The list of mapped files is missing: addresses have no module.'),
      missing: defects.kind('records-missing', 'The stacks add up to less than the header states: the recorder wrote only those that fit its buffer.'),
      otherTotal: defects.kind('other-total', 'The stacks add up to more than the header states.'),
    }
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    this.#line = line
    if (line === 1) return this.#begin(text)
    if (lacksFeed) return this.#defects.cut(this.#notes.cutLine, line, 'a whole line')
    // Go names the functions of a stack in comments below it.
    if (text === '' || text.startsWith('#')) return
    if (MAPS_MARKS.includes(text)) this.#inMaps = true
    else if (this.#inMaps) {
      if (!this.#profile.modules.add(text)) this.#defects.met(this.#notes.unknownLine, line, 'a line of /proc/PID/maps', text)
    } else this.#record(text)
  }

  finish(file: string): Profile {
    const stated = this.#stated
    if (stated === undefined) throw new HeapscapeError('format-malformed', { expected: 'a header', got: 'an empty file' })
    if (!this.#inMaps) this.#defects.cut(this.#notes.noMaps, this.#line, 'MAPPED_LIBRARIES:')
    const totals = this.#profile.totals()
    if (COUNT_KEYS.some((key) => totals[key] > stated[key])) this.#defects.met(this.#notes.otherTotal, 1, `${stated.liveBytes} live bytes`, String(totals.liveBytes))
    else if (COUNT_KEYS.some((key) => totals[key] < stated[key])) this.#defects.cut(this.#notes.missing, 1, `stacks of ${stated.allocatedBytes} bytes`)
    const { isPartial } = this.#defects
    return this.#profile.toProfile({ file, format: 'gperftools-heap', partial: isPartial, notes: this.#defects.toNotes(), version: this.#kind, lacking: ['symbols', 'threads'] }, stated, new StatisticTable())
  }

  #begin(text: string): void {
    const match = text.startsWith(HEADER_WORD) ? COUNTS.exec(text.slice(HEADER_WORD.length).trimStart()) : null
    if (match === null) throw new HeapscapeError('format-malformed', { expected: 'the header of a heap profile', got: text.slice(0, 80) }, { line: 1 })
    this.#stated = countsOf(match)
    const kind = match[5]!.trim()
    this.#profile = new AddressProfile(samplingOf(kind))
    this.#kind = kind.replace(/\/.*$/, '')
  }

  #record(text: string): void {
    const match = COUNTS.exec(text.trimStart())
    const addresses = match === null ? undefined : parseAddresses(match[5]!)
    if (match === null || addresses === undefined) return this.#defects.met(this.#notes.unknownLine, this.#line, 'counts and a stack', text)
    this.#profile.add(addresses, countsOf(match))
  }
}

function countsOf([, liveBlocks, liveBytes, allocatedBlocks, allocatedBytes]: RegExpExecArray): HeapCounts {
  return { liveBlocks: Number(liveBlocks), liveBytes: Number(liveBytes), allocatedBlocks: Number(allocatedBlocks), allocatedBytes: Number(allocatedBytes) }
}
