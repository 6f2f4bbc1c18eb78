import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { Defects } from '../../model/defects'
import type { Profile } from '../../model/profile'
import type { Origin } from '../../model/trace'
import type { ImportOptions } from '../importer'
import { DIFF_ENTRY, DiffTables } from './diff-tables'
import { LogTables } from './log-tables'

const LOG_MARK = /^\/\/ *(?:UMDH\b|Debug library initialized|Debug privilege)/m
const LOG_ENTRY = /^([0-9A-Fa-f]{1,16}) bytes \+ ([0-9A-Fa-f]{1,16}) at ([0-9A-Fa-f]{1,16}) by BackTrace([0-9A-Fa-f]{1,16})$/
const HEAP_START = /^\*[- ]+Start of data for heap @ ([0-9A-Fa-f]{1,16}) [- ]+$/
const HEAP_END = /^\*[- ]+End of data for heap @/
const MODULE = /^\/\/ +([0-9A-Fa-f]{1,16}) +([0-9A-Fa-f]{1,16}) (\S.*)$/
const VERSION = /^\/\/ *UMDH: version ([\d.]+)/
const DIFF_COUNT = /^[+-] *[0-9A-Fa-f]+ *\( *[0-9A-Fa-f]+ *- *[0-9A-Fa-f]+\)\s+BackTrace[0-9A-Fa-f]+\s+allocations$/
const DIFF_TOTAL = /^Total (increase|decrease) == +(-?[0-9A-Fa-f]+)/
const HEAP_HEADINGS = /^(?:REQUESTED bytes \+ OVERHEAD at ADDRESS by BackTraceID|\s+STACK if not already dumped\.|\*[- ]+Heap [0-9A-Fa-f]+ Hogs [- ]+)$/

export function looksLikeUmdh(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  return LOG_MARK.test(text) || new RegExp(DIFF_ENTRY.source, 'm').test(text.replaceAll('\r', ''))
}

/**
 * Reads a log of UMDH (every block of every heap with its stack) or its comparison of two logs.
 * Throws format-malformed, format-truncated, cancelled.
 */
export async function parseUmdh(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new UmdhReader(options.mode === 'strict')
  await eachLine(source, job, (text, line, lacksFeed) => reader.take(text, line, lacksFeed))
  return reader.finish(source.name)
}

class UmdhReader {
  readonly #defects: Defects
  readonly #notes
  readonly #log = new LogTables()
  readonly #diff = new DiffTables()
  #version: string | undefined
  #inHeap = false
  #hasHeap = false
  #line = 0

  constructor(strict: boolean) {
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      unknownLine: defects.kind('unknown-line', 'Lines of no known form were skipped.'),
      cutLine: defects.kind('cut-line', 'The last line is cut and was ignored.'),
      heapCut: defects.kind('heap-cut', 'The data of a heap have no end.'),
      totalMissing: defects.kind('total-missing', 'The comparison has no total, which stands at its end.'),
      alias: defects.kind('stack-alias', 'Numbers of stacks that stand for several stacks: the first was taken.'),
      addresses: defects.kind('addresses-left-out', 'The log tells where each block lies; only the sums of each stack were kept.'),
      base: defects.kind('base-assumed', 'The figures may be decimal or hexadecimal; hexadecimal, the default of UMDH, was assumed.'),
    }
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    this.#line = line
    if (lacksFeed && !DIFF_TOTAL.test(text) && !HEAP_END.test(text)) return this.#defects.cut(this.#notes.cutLine, line, 'a whole line')
    if (this.#inHeap) this.#inHeapData(text)
    else if (!this.#startHeap(text) && !this.#header(text)) this.#diffLine(text)
  }

  finish(file: string): Profile {
    if (this.#inHeap) this.#defects.cut(this.#notes.heapCut, this.#line, 'the end of the heap')
    const isDiff = this.#diff.entries > 0 || this.#diff.hasTotal
    if (!isDiff && !this.#hasHeap) throw new HeapscapeError('format-malformed', { expected: 'the data of a heap or a comparison', got: 'neither' })
    if (isDiff && !this.#diff.hasTotal) this.#defects.cut(this.#notes.totalMissing, this.#line, 'a total')
    if (isDiff && this.#diff.isBaseAssumed) this.#notes.base.hit(1)
    const origin = (): Origin => ({
      file, format: 'umdh', partial: this.#defects.isPartial, notes: this.#defects.toNotes(), producer: this.#version === undefined ? 'UMDH' : `UMDH ${this.#version}`,
      lacking: ['threads', 'frees'],
    })
    return isDiff ? this.#diff.toProfile(origin()) : this.#log.toProfile(origin())
  }

  #startHeap(text: string): boolean {
    const match = HEAP_START.exec(text)
    if (match === null) return false
    this.#inHeap = true
    this.#hasHeap = true
    this.#log.beginHeap(match[1]!)
    return true
  }

  #inHeapData(text: string): void {
    if (HEAP_END.test(text)) {
      this.#inHeap = false
      this.#log.endHeap()
      return
    }
    const entry = LOG_ENTRY.exec(text)
    if (entry !== null) {
      this.#log.addBlock(parseInt(entry[1]!, 16), parseInt(entry[2]!, 16), entry[4]!)
      this.#notes.addresses.hit(this.#line)
    } else if (text.trim() === 'Alias') {
      if (this.#log.beginAlias()) this.#notes.alias.hit(this.#line)
    } else if (/^\s+\S/.test(text) && !HEAP_HEADINGS.test(text)) {
      if (!this.#log.addFrame(text.trim())) this.#unknown(text)
    } else if (text !== '' && !HEAP_HEADINGS.test(text)) this.#unknown(text)
  }

  /** Comment lines and what the symbol library says; true when the line belongs there. */
  #header(text: string): boolean {
    const version = VERSION.exec(text)
    if (version !== null) this.#version = version[1]!
    const module = MODULE.exec(text)
    if (module !== null) this.#log.modules.addRange(parseInt(module[1]!, 16), parseInt(module[1]!, 16) + parseInt(module[2]!, 16), module[3]!)
    return text.startsWith('//') || text.trim() === '' || /^DBGHELP: /.test(text) || /^ +\S/.test(text)
  }

  #diffLine(text: string): void {
    const entry = DIFF_ENTRY.exec(text)
    const total = DIFF_TOTAL.exec(text)
    if (entry !== null) this.#diff.begin(entry)
    else if (total !== null) this.#diff.setTotal(total[2]!, total[1] === 'decrease')
    else if (/^\t\S/.test(text) || (this.#diff.entries > 0 && /^[^\s!]+!\S/.test(text))) this.#diff.addFrame(text.trim())
    else if (!DIFF_COUNT.test(text)) this.#unknown(text)
  }

  #unknown(text: string): void {
    this.#defects.met(this.#notes.unknownLine, this.#line, 'a line of UMDH', text)
  }
}
