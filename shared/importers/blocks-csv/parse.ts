import type { ByteSource } from '../../base/byte-source'
import { csvFields, separatorOf } from '../../base/csv-fields'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { areBlocks, type BlockColumn, blockColumnOf, type BlockField, BlockRecords, coverageOf } from '../../model/block-records'
import type { BlockCoverage, Snapshot } from '../../model/snapshot'
import type { Note } from '../../model/trace'
import type { ImportOptions } from '../importer'

interface Header {
  readonly separator: string
  readonly columns: readonly (BlockColumn | undefined)[]
  readonly names: readonly string[]
}

/** Comments begin with #; `# coverage: some` states how much the list is. */
const COVERAGE = /^#\s*coverage\s*[:=]\s*(\w+)/i

function readHeader(line: string): Header | undefined {
  const separator = separatorOf(line)
  const names = separator === undefined ? undefined : csvFields(line, separator)
  if (separator === undefined || names === undefined) return undefined
  const columns = names.map(blockColumnOf)
  const fields = columns.map((column) => column?.field)
  const isTwice = fields.some((field, i) => field !== undefined && fields.indexOf(field) !== i)
  return areBlocks(fields) && !isTwice ? { separator, columns, names } : undefined
}

export function looksLikeCsvBlocks(head: Uint8Array): boolean {
  const lines = new TextDecoder().decode(head).split('\n')
  const first = lines.findIndex((line) => !line.startsWith('#') && line.trim() !== '')
  // The header must be there whole.
  return first >= 0 && first < lines.length - 1 && readHeader(lines[first]!.replace(/\r$/, '')) !== undefined
}

/** Reads a list of blocks, one a line. Throws format-malformed with line and column, `cancelled`. */
export async function parseCsvBlocks(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Snapshot> {
  const reader = new CsvBlocksReader(source.name, options.mode === 'strict')
  await eachLine(source, job, (text, number, lacksFeed) => reader.take(text, number, lacksFeed))
  return reader.finish()
}

class CsvBlocksReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #records = new BlockRecords()
  #header: Header | undefined
  #hex: ReadonlySet<BlockField> = new Set()
  #coverage: BlockCoverage | undefined
  #skipped: { count: number; firstLine: number; text: string } | undefined
  #cutLine = 0

  constructor(file: string, strict: boolean) {
    this.#file = file
    this.#strict = strict
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    if (text.startsWith('#')) {
      const stated = COVERAGE.exec(text)
      if (stated !== null) this.#coverage = coverageOf(stated[1]!)
    } else if (text.trim() === '') return
    else if (this.#header === undefined) {
      this.#header = readHeader(text)
      if (this.#header === undefined) throw new HeapscapeError('format-malformed', { expected: 'a header with an address and a size', got: text.slice(0, 60) }, { line })
      this.#hex = new Set(this.#header.columns.flatMap((column) => (column?.isHex === true ? [column.field] : [])))
    } else if (lacksFeed) {
      // A number in it may lack digits, which would make another number of it.
      if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a line feed', got: 'the end of the file inside a line' }, { line })
      this.#cutLine = line
    } else this.#readRow(text, line)
  }

  finish(): Snapshot {
    if (this.#header === undefined) throw new HeapscapeError('format-malformed', { expected: 'a header with an address and a size', got: 'none' }, { line: 1 })
    const skipped = this.#skipped
    if (this.#records.length === 0 && skipped !== undefined) throw new HeapscapeError('format-malformed', { expected: 'a row of blocks', got: skipped.text }, { line: skipped.firstLine })
    const notes: Note[] = []
    if (skipped !== undefined) notes.push({ code: 'unreadable-row', count: skipped.count, firstLine: skipped.firstLine, text: `Rows that make no sense were skipped. The first: ${skipped.text}.` })
    if (this.#cutLine > 0) notes.push({ code: 'cut-line', count: 1, firstLine: this.#cutLine, text: 'The last line has no line feed, may be cut, and was ignored.' })
    return this.#records.finish({ file: this.#file, format: 'blocks-csv', partial: this.#cutLine > 0, notes }, this.#coverage)
  }

  #readRow(text: string, line: number): void {
    const { separator, columns, names } = this.#header!
    const fields = csvFields(text, separator)
    if (fields === undefined) return this.#skip(line, 'a quote is not closed, or text follows it', names.length)
    const values: Partial<Record<BlockField, string>> = {}
    for (const [i, column] of columns.entries()) if (column !== undefined) values[column.field] = fields[i] ?? ''
    const bad = this.#records.add(values, this.#hex)
    if (bad === undefined) return
    const at = columns.findIndex((column) => column?.field === bad.field)
    this.#skip(line, `column ${at + 1}${at >= 0 ? ` (${names[at]})` : ''} should be ${bad.expected}, and is ${JSON.stringify(bad.got.slice(0, 40))}`, at + 1)
  }

  #skip(line: number, why: string, column: number): void {
    const text = `line ${line}, ${why}`
    if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a row of blocks', got: text, column }, { line })
    if (this.#skipped === undefined) this.#skipped = { count: 1, firstLine: line, text }
    else this.#skipped.count++
  }
}
