import type { ByteSource } from '../../base/byte-source'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import type { NoteCounter } from '../../model/note-list'
import type { JemallocFindings } from './findings'
import { unitOf } from './units'

const BEGIN = '___ Begin jemalloc statistics ___'
const END = '--- End jemalloc statistics ---'
const PER_SECOND = '(#/sec)'
const OPTION = /^ {2}((?:config|opt|prof)\.[\w.]+): (true|false|-?\d+)(?: |$)/
const SCALAR = /^ *([A-Za-z][\w ()'*,-]*?): +(-?\d+(?:\.\d+)?)$/
const SUMS = /^Allocated: \d/
/** Tables whose rows are size classes, by the word before their headings. */
const CLASS_TABLES: Readonly<Record<string, string>> = { 'bins:': 'bin', 'large:': 'large-extent', 'extents:': 'extent' }

export function looksLikeJemallocText(head: Uint8Array): boolean {
  return new TextDecoder().decode(head).split(/\r?\n/).includes(BEGIN)
}

export async function readJemallocText(source: ByteSource, found: JemallocFindings, job: JobContext): Promise<void> {
  const reader = new TextReader(found)
  await eachLine(source, job, (text, line, lacksFeed) => reader.take(text, line, lacksFeed))
  reader.finish()
}

/** The table rows belong to: what its rows are about, and its headings without "(#/sec)" marks. */
interface OpenTable {
  readonly kind: string
  /** False when the first word of a row names it (mutexes, sums of small and large blocks). */
  readonly hasSizes: boolean
  readonly headings: readonly string[]
}

/*
 * Three forms of lines, in sections begun by `arenas[N]:`:
 *
 *   mapped:                      17055744                      a figure
 *   bins:           size ind    allocated      nmalloc (#/sec) headings, then one row of numbers per size class
 *                     48   3         5040        40341   40341
 *                               allocated       nmalloc (#/sec) headings without a word before them,
 *   small:                         131632         55316   55316   then rows with a name
 */
class TextReader {
  readonly #found: JemallocFindings
  readonly #cut: NoteCounter
  readonly #noEnd: NoteCounter
  readonly #badRow: NoteCounter
  #subject = ''
  #table: OpenTable | undefined
  #isEnded = false
  #line = 0

  constructor(found: JemallocFindings) {
    this.#found = found
    this.#cut = found.defects.kind('cut-line', 'The last line is cut and was ignored.')
    this.#noEnd = found.defects.kind('text-incomplete', 'The end mark of the statistics is missing.')
    this.#badRow = found.defects.kind('row-unreadable', 'Rows that do not fit the headings of their table were left out.')
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    this.#line = line
    if (text === END) this.#isEnded = true
    else if (lacksFeed) this.#found.defects.cut(this.#cut, line, 'a whole line')
    else if (!this.#section(text) && !this.#headings(text) && !this.#row(text)) this.#figure(text)
  }

  finish(): void {
    if (!this.#isEnded) this.#found.defects.cut(this.#noEnd, this.#line, END)
  }

  #section(text: string): boolean {
    const arena = /^arenas\[(\d+)\]:$/.exec(text)
    const sums = /^(Merged|Destroyed) arenas stats:$/.exec(text)
    const version = /^Version: "([^"]*)"$/.exec(text)
    if (version !== null) this.#found.version = version[1]!.replace(/-0-g.*$/, '')
    if (arena !== null) this.#subject = `arena ${arena[1]!}`
    if (sums !== null) this.#subject = sums[1]!.toLowerCase()
    if (arena !== null || sums !== null) this.#table = undefined
    return arena !== null || sums !== null || version !== null
  }

  #headings(text: string): boolean {
    const words = text.trim().split(/\s+/)
    const [first = ''] = words
    if (words.length < 3 || words.some((word) => /^-?[\d.]+$/.test(word)) || !words.slice(1).every((word) => /^[a-z_#/()]+$/.test(word))) return false
    if (first in CLASS_TABLES) this.#table = { kind: CLASS_TABLES[first]!, hasSizes: true, headings: words.slice(1) }
    else if (first === 'decaying:') this.#table = { kind: 'decay', hasSizes: false, headings: words.slice(1) }
    else if (/^\s/.test(text)) this.#table = { kind: first === 'n_lock_ops' ? 'mutex' : first === 'size' ? 'hpa-slabs' : 'sums', hasSizes: first === 'size', headings: words }
    else return false
    return true
  }

  /** True when the line belongs to the open table; a figure or an empty line closes a table of names. */
  #row(text: string): boolean {
    const table = this.#table
    if (table === undefined || text.trim() === '---') return table !== undefined
    const words = text.trim().split(/\s+/)
    const values = (table.hasSizes ? words : words.slice(1)).map(Number)
    const isRow = values.length > 1 && values.every((value) => Number.isFinite(value)) && (table.hasSizes || !/^\d/.test(words[0]!))
    if (!isRow) return false
    if (values.length !== table.headings.length) {
      this.#found.defects.met(this.#badRow, this.#line, `${table.headings.length} figures`, text)
      return true
    }
    this.#addRow(table, words[0]!.replace(/:$/, ''), values)
    return true
  }

  #addRow({ kind, hasSizes, headings }: OpenTable, name: string, values: readonly number[]): void {
    const { statistics } = this.#found
    const part = hasSizes ? `${values[headings.indexOf('size')] ?? name} bytes` : name
    const isSum = kind === 'sums' || kind === 'decay'
    const subject = isSum || this.#subject === '' ? (isSum ? this.#subject : part) : `${this.#subject}, ${part}`
    for (const [i, heading] of headings.entries()) {
      if (heading === PER_SECOND || heading === 'size' || heading === 'ind') continue
      const figure = isSum ? `${part}.${heading}` : heading
      statistics.add(isSum ? this.#scope : kind, subject, figure, values[i]!, unitOf(figure))
    }
  }

  #figure(text: string): void {
    const { statistics } = this.#found
    const option = OPTION.exec(text)
    if (option !== null) {
      const [, name, value] = option
      const isFlag = value === 'true' || value === 'false'
      statistics.add('option', '', name!, isFlag ? Number(value === 'true') : Number(value), isFlag ? 'boolean' : unitOf(name!))
    } else if (SUMS.test(text)) {
      for (const [, name, value] of text.matchAll(/(\w+): (\d+)/g)) statistics.add('process', '', name!.toLowerCase(), Number(value), 'bytes')
    } else {
      const [, name, value] = SCALAR.exec(text) ?? []
      if (name !== undefined) statistics.add(this.#scope, this.#subject, name, Number(value), unitOf(name))
    }
    if (!this.#table?.hasSizes) this.#table = undefined
  }

  get #scope(): string {
    return this.#subject === '' ? 'process' : 'arena'
  }
}
