import type { ByteSource } from '../../base/byte-source'
import { csvFields } from '../../base/csv-fields'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { Defects } from '../../model/defects'
import { Profile, StatisticTable } from '../../model/profile'
import { SiteBuilder } from '../../model/profile-builder'
import { MEASURES, redefined } from '../../model/profile-measures'
import type { ImportOptions } from '../importer'
import { readWpaHeader, readWpaNumber, type WpaColumns } from './columns'

export function looksLikeWpaHeap(head: Uint8Array): boolean {
  const lines = new TextDecoder().decode(head).split('\n')
  // The header must be there whole.
  return lines.length > 1 && readWpaHeader(lines[0]!.replace(/\r$/, '')) !== undefined
}

/**
 * Reads the table of heap allocations that Windows Performance Analyzer exports. Throws format-malformed, cancelled.
 * Built from public descriptions of the table; no real file has been compared.
 */
export async function parseWpaHeap(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new WpaReader(options.mode === 'strict')
  await eachLine(source, job, (text, line, lacksFeed) => reader.take(text, line, lacksFeed))
  return reader.finish(source.name)
}

/** Allocated inside the recorded time and freed outside of it, or never: what piles up. */
const OUTSTANDING = /^(AIFO|AOFO)$/i
/** Allocated before the recording began; its stack is unknown and it was not requested while it lasted. */
const BEFORE = /^AO/i

class WpaReader {
  readonly #defects: Defects
  readonly #notes
  readonly #sites = new SiteBuilder()
  readonly #allocatedBytes = this.#sites.measure(redefined(MEASURES.allocatedBytes, 'Bytes requested while the recording lasted, freed or not.'))
  readonly #allocatedBlocks = this.#sites.measure(redefined(MEASURES.allocatedBlocks, 'Blocks allocated while the recording lasted, freed or not.'))
  readonly #endBytes = this.#sites.measure(redefined(MEASURES.endBytes, 'Bytes not freed while the recording lasted.'))
  readonly #endBlocks = this.#sites.measure(redefined(MEASURES.endBlocks, 'Blocks not freed while the recording lasted.'))
  readonly #frameRows = new Map<string, number>()
  readonly #heaps = new Map<string, { bytes: number; blocks: number }>()
  #columns: WpaColumns | undefined
  #rows = 0

  constructor(strict: boolean) {
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      unverified: defects.kind('unverified-format', 'This reader is built from public descriptions of the table; no real export has been compared.'),
      unreadable: defects.kind('unreadable-row', 'Rows whose size or count is no number were skipped.'),
      rounded: defects.kind('rounded-sizes', 'The sizes are in a unit larger than bytes: sums are as exact as their digits.'),
      summary: defects.kind('no-count', 'The table has no column of counts: every row was taken for one block.'),
      cut: defects.kind('cut-line', 'The last line is cut and was ignored.'),
    }
    this.#notes.unverified.hit(1)
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    if (text.trim() === '') return
    if (this.#columns === undefined) return this.#header(text, line)
    if (lacksFeed) return this.#defects.cut(this.#notes.cut, line, 'a whole line')
    const fields = csvFields(text, this.#columns.separator)
    const bytes = fields === undefined ? undefined : readWpaNumber(fields[this.#columns.size] ?? '')
    const blocks = fields === undefined || this.#columns.count < 0 ? 1 : readWpaNumber(fields[this.#columns.count] ?? '')
    if (fields === undefined || bytes === undefined || blocks === undefined) return this.#defects.met(this.#notes.unreadable, line, 'a size and a count', text.slice(0, 60))
    this.#row(fields, bytes * this.#columns.sizeUnit, blocks)
  }

  finish(file: string): Profile {
    if (this.#columns === undefined || this.#rows === 0) throw new HeapscapeError('format-malformed', { expected: 'a row of allocations', got: 'none' }, { line: 1 })
    const { type, stack } = this.#columns
    const statistics = new StatisticTable()
    for (const [heap, { bytes, blocks }] of this.#heaps) {
      statistics.add('heap', heap, 'requested bytes', bytes, 'bytes')
      statistics.add('heap', heap, 'allocations', blocks, 'blocks')
    }
    // Without the type of an allocation nothing is known of its end.
    const measures = [this.#allocatedBytes, this.#allocatedBlocks, ...(type < 0 ? [] : [this.#endBytes, this.#endBlocks])]
    return new Profile({
      origin: {
        file, format: 'wpa-heap', partial: this.#defects.isPartial, notes: this.#defects.toNotes(), producer: 'Windows Performance Analyzer',
        lacking: ['threads', ...(type < 0 ? (['frees'] as const) : []), ...(stack < 0 ? (['sites'] as const) : [])],
      },
      sites: this.#sites.toSites(),
      measures,
      statistics,
    })
  }

  #header(text: string, line: number): void {
    this.#columns = readWpaHeader(text)
    if (this.#columns === undefined) throw new HeapscapeError('format-malformed', { expected: 'a header with "Process" and "Size (B)"', got: text.slice(0, 60) }, { line })
    if (this.#columns.sizeUnit > 1) this.#notes.rounded.hit(line)
    if (this.#columns.count < 0) this.#notes.summary.hit(line)
  }

  #row(fields: readonly string[], bytes: number, blocks: number): void {
    const { process, handle, type, stack } = this.#columns!
    this.#rows++
    const kind = type < 0 ? '' : (fields[type] ?? '').trim()
    const site = this.#sites.site(this.#sites.pathOf(this.#framesOf(fields[process] ?? '', stack < 0 ? '' : (fields[stack] ?? ''))))
    if (!BEFORE.test(kind)) {
      this.#sites.add(this.#allocatedBytes, site, bytes)
      this.#sites.add(this.#allocatedBlocks, site, blocks)
    }
    if (OUTSTANDING.test(kind)) {
      this.#sites.add(this.#endBytes, site, bytes)
      this.#sites.add(this.#endBlocks, site, blocks)
    }
    const heap = [fields[process], handle < 0 ? undefined : fields[handle]].filter((part) => part !== undefined && part !== '').join(' ')
    const sums = this.#heaps.get(heap) ?? { bytes: 0, blocks: 0 }
    this.#heaps.set(heap, { bytes: sums.bytes + bytes, blocks: sums.blocks + blocks })
  }

  /** Rows of the frames, innermost first; the process is the outermost. `[Root]/ntdll.dll!Start/app.exe!main` is written outermost first. */
  #framesOf(process: string, stack: string): number[] {
    const names = stack === 'n/a' ? [] : stack.split('/').filter((name) => name !== '' && name !== '[Root]')
    return [process, ...names].map((name) => this.#frameRow(name)).reverse()
  }

  #frameRow(text: string): number {
    const known = this.#frameRows.get(text)
    if (known !== undefined) return known
    const [module, name] = text.includes('!') ? [text.slice(0, text.indexOf('!')), text.slice(text.indexOf('!') + 1)] : ['', text]
    const row = this.#sites.tables.frames.add({ module, function: name })
    this.#frameRows.set(text, row)
    return row
  }
}
