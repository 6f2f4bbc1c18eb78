import type { ByteSource } from '../../base/byte-source'
import { csvFields, separatorOf } from '../../base/csv-fields'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { NoteList } from '../../model/note-list'
import { CellTable, type Measure, measureOf, MomentDetail, MomentTable, Profile } from '../../model/profile'
import type { ImportOptions } from '../importer'

/*
 *   events,arena,uordblks,fordblks,keepcost,hblkhd,hblks,rss     the first column is the axis, the others are figures
 *   64,135168,20896,114272,114272,0,0,3862528
 */
const NEEDED = ['arena', 'uordblks', 'fordblks'] as const

/** Fields of struct mallinfo2 (mallinfo(3)); columns of other names are kept under their own. */
const FIELDS: Readonly<Record<string, { readonly unit: string; readonly definition: string }>> = {
  arena: { unit: 'bytes', definition: 'Bytes the heap got from the system other than by mmap.' },
  ordblks: { unit: 'count', definition: 'Free chunks.' },
  smblks: { unit: 'count', definition: 'Free chunks in fast bins.' },
  hblks: { unit: 'count', definition: 'Blocks with mappings of their own.' },
  hblkhd: { unit: 'bytes', definition: 'Bytes in blocks with mappings of their own.' },
  usmblks: { unit: 'bytes', definition: 'Unused by today\'s library: always 0.' },
  fsmblks: { unit: 'bytes', definition: 'Bytes in free chunks of fast bins.' },
  uordblks: { unit: 'bytes', definition: 'Bytes in chunks that are in use, with their headers.' },
  fordblks: { unit: 'bytes', definition: 'Bytes in free chunks.' },
  keepcost: { unit: 'bytes', definition: 'Bytes at the top of the heap that could be given back.' },
}

export function looksLikeMallinfoSamples(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  const end = text.search(/\r?\n/)
  return end > 0 && readHeader(text.slice(0, end)) !== undefined
}

function readHeader(line: string): string[] | undefined {
  const separator = separatorOf(line)
  const names = separator === undefined ? undefined : csvFields(line, separator)
  if (names === undefined || new Set(names).size !== names.length || NEEDED.includes(names[0] as 'arena')) return undefined
  return NEEDED.every((name) => names.includes(name)) ? names : undefined
}

export async function parseMallinfoSamples(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new SamplesReader(source.name, options.mode === 'strict')
  await eachLine(source, job, (text, number, lacksFeed) => reader.readLine(text, number, lacksFeed))
  return reader.finish()
}

class SamplesReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #list = new NoteList()
  readonly #note = {
    unreadable: this.#list.kind('unreadable-line', 'Lines that are no samples, or go back on the axis, were skipped.'),
    cutLine: this.#list.kind('cut-line', 'The last line is cut and was ignored.'),
  }
  readonly #moments = new MomentTable()
  #axis = ''
  #separator = ','
  #figures: Measure[] = []
  #partial = false

  constructor(file: string, strict: boolean) {
    this.#file = file
    this.#strict = strict
  }

  readLine(text: string, line: number, lacksFeed: boolean): void {
    if (line === 1) this.#readHeader(text)
    else if (lacksFeed) this.#cutLine(line)
    else if (text !== '' && !this.#readSample(text)) {
      if (this.#strict) throw malformed(`${this.#figures.length + 1} numbers that go on along the axis`, 'another line', line)
      this.#note.unreadable.hit(line)
    }
  }

  finish(): Profile {
    if (this.#moments.length === 0 && this.#strict) throw malformed('a sample', 'none', 1)
    return new Profile({
      origin: {
        file: this.#file,
        format: 'mallinfo-samples',
        partial: this.#partial,
        notes: this.#list.toNotes(),
        units: { sizes: 'bytes', times: this.#axis },
        lacking: ['addresses', 'sites', 'threads', 'requested-sizes', 'blocks'],
      },
      series: { timeUnit: this.#axis, moments: this.#moments, totals: this.#figures, cells: new CellTable(), measures: [] },
    })
  }

  #readHeader(text: string): void {
    const names = readHeader(text)
    if (names === undefined) throw malformed('a header with arena, uordblks and fordblks', 'another line', 1)
    this.#axis = names[0]!
    this.#separator = separatorOf(text)!
    this.#figures = names.slice(1).map((name) => {
      const { unit, definition } = FIELDS[name] ?? { unit: /usable|rss|bytes/i.test(name) ? 'bytes' : 'count', definition: 'As the recorder names it.' }
      return measureOf({ id: name.replaceAll('_', '-').toLowerCase(), unit, basis: 'exact', additive: false, definition })
    })
  }

  #readSample(text: string): boolean {
    const numbers = csvFields(text, this.#separator)?.map((field) => (/^\d{1,15}$/.test(field) ? Number(field) : NaN)) ?? []
    const last = this.#moments.length - 1
    if (numbers.length !== this.#figures.length + 1 || numbers.some(Number.isNaN) || (last >= 0 && numbers[0]! < this.#moments.time.at(last))) return false
    this.#moments.add(numbers[0]!, MomentDetail.Totals)
    this.#figures.forEach((figure, i) => figure.values.push(numbers[i + 1]!))
    return true
  }

  #cutLine(line: number): void {
    if (this.#strict) throw malformed('a line feed', 'the end of the file inside a line', line)
    this.#note.cutLine.hit(line)
    this.#partial = true
  }
}

const malformed = (expected: string, got: string, line: number): HeapscapeError => new HeapscapeError('format-malformed', { expected, got }, { line })
