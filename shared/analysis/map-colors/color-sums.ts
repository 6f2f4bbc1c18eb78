import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import type { Bytes } from '../../base/units'
import { firstRowEndingAfter } from '../block-search'
import { CellWriter, writeCell, type MapRange, type WrittenCells } from '../cell-writer'
import type { PageIndex } from '../page-index'
import type { ColorSpans } from './color-spans'

/*
 * Bytes of each colour on every page, and their running sums every 16 pages:
 *
 *   page      0    1    2  ...  15 | 16   17            one number of 16 bits for each colour: 2.5 bytes a page and colour
 *   group     0                    | 1                  with the groups, about 0.5 bytes a block for each ten colours
 *
 * A cell of whole pages adds at most 30 of them and takes the difference of two groups, however many blocks lie in it.
 */
const GROUP = 16
const ROWS_PER_CHECKPOINT = 1 << 15

export class ColorSums {
  readonly [Symbol.toStringTag] = 'ColorSums'
  readonly #index: PageIndex
  readonly #kinds: number
  /** `page border * kinds + code`; the border behind a segment's last page stays 0. */
  readonly #pages: Uint16Array | Uint32Array
  /** Sums of all pages before group g, by code. */
  readonly #groups: Float64Array

  private constructor(index: PageIndex, kinds: number, pages: Uint16Array | Uint32Array) {
    this.#index = index
    this.#kinds = kinds
    this.#pages = pages
    const groups = Math.ceil(index.borders / GROUP)
    this.#groups = new Float64Array((groups + 1) * kinds)
    for (let group = 0; group < groups; group++) {
      const before = group * kinds
      for (let code = 0; code < kinds; code++) this.#groups[before + kinds + code] = this.#groups[before + code]!
      const end = Math.min(pages.length, (group + 1) * GROUP * kinds)
      for (let at = group * GROUP * kinds; at < end; at += kinds) for (let code = 1; code < kinds; code++) this.#groups[before + kinds + code]! += pages[at + code]!
    }
  }

  get byteLength(): Bytes {
    return this.#pages.byteLength + this.#groups.byteLength
  }

  /** `kinds`: codes and 0 for none. Throws `cancelled`. */
  static async make(index: PageIndex, spans: ColorSpans, kinds: number, job: JobContext): Promise<ColorSums> {
    const { pageBytes } = index
    const pages = pageBytes < 2 ** 16 ? new Uint16Array(index.borders * kinds) : new Uint32Array(index.borders * kinds)
    for (const { base, pages: count, first } of index.segments) {
      const end = base + count * pageBytes
      for (let row = firstRowEndingAfter(spans, base); row < spans.length; row++) {
        if (row % ROWS_PER_CHECKPOINT === 0) {
          job.progress({ done: row, total: spans.length, unit: 'blocks' })
          await job.checkpoint()
        }
        const code = spans.color[row]!
        const start = spans.address.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!
        if (start >= end) break
        if (code === 0) continue
        const to = Math.min(end, start + spans.size.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!)
        const from = Math.max(base, start)
        let page = Math.floor((from - base) / pageBytes)
        for (let at = from; at < to; page++) {
          const next = Math.min(to, base + (page + 1) * pageBytes)
          pages[(first + page) * kinds + code]! += next - at
          at = next
        }
      }
    }
    return new ColorSums(index, kinds, pages)
  }

  /** The same as `colorCells`. The range must fit the page index. */
  fill(range: MapRange, bytesPerCell: Bytes, out: WrittenCells, first: number): void {
    const found = new Float64Array(this.#kinds)
    this.#index.addCells(range, bytesPerCell, {
      begin: () => void found.fill(0),
      add: (low, high) => this.#add(low, high, found),
      end: (cell) => writeCell(out, first + cell, found, bytesPerCell),
    })
  }

  #add(low: number, high: number, found: Float64Array): void {
    const kinds = this.#kinds
    const firstGroup = Math.ceil(low / GROUP)
    const lastGroup = Math.floor(high / GROUP)
    if (firstGroup >= lastGroup) return this.#addPages(low, high, found)
    this.#addPages(low, firstGroup * GROUP, found)
    for (let code = 1; code < kinds; code++) found[code]! += this.#groups[lastGroup * kinds + code]! - this.#groups[firstGroup * kinds + code]!
    this.#addPages(lastGroup * GROUP, high, found)
  }

  #addPages(from: number, to: number, found: Float64Array): void {
    const kinds = this.#kinds
    const pages = this.#pages
    for (let at = from * kinds; at < to * kinds; at += kinds) for (let code = 1; code < kinds; code++) found[code]! += pages[at + code]!
  }
}

/** Colour with most bytes of each cell, of the spans themselves: for cells below a page. */
export function colorCells(spans: ColorSpans, kinds: number, range: MapRange, bytesPerCell: Bytes, out: WrittenCells, first: number): void {
  const end = range.address + range.cells * bytesPerCell
  const writer = new CellWriter(out, kinds, first, range, bytesPerCell)
  for (let row = firstRowEndingAfter(spans, range.address); row < spans.length; row++) {
    const start = spans.address.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!
    if (start >= end) break
    if (spans.color[row] !== 0) writer.add(start, start + spans.size.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!, spans.color[row]!)
  }
  writer.finish()
}
