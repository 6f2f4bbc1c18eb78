import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { PAGE_BYTES } from '../../base/units'
import { NoteList } from '../../model/note-list'
import { RegionList } from '../../model/region-list'
import type { RegionTotal } from '../../model/region-table'
import { BlockTable, Snapshot } from '../../model/snapshot'
import type { ImportOptions } from '../importer'
import { bytesOf, kindOf, protectionOf, readMappingHead, stateOf, takeField, type Mapping } from './mapping'

const ROLLUP = '[rollup]'
/** Fields of a rollup that are the sums of the mappings' own; see Documentation/filesystems/proc.rst of Linux. */
const SUMMED = ['Rss', 'Pss', 'Private_Clean', 'Private_Dirty', 'Swap'] as const

export function looksLikeMaps(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  const end = text.indexOf('\n')
  return end > 0 && readMappingHead(text.slice(0, end).replace(/\r$/, ''), 1) !== undefined
}

/** Reads the mappings of a Linux process as the regions of a snapshot without blocks. Throws format-malformed, `cancelled`. */
export async function parseMaps(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Snapshot> {
  const reader = new MapsReader(source.name, options.mode === 'strict')
  await eachLine(source, job, (text, number, lacksFeed) => reader.take(text, number, lacksFeed))
  return reader.finish()
}

class MapsReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #list = new NoteList()
  readonly #note = {
    unreadable: this.#list.kind('unreadable-line', 'Lines that are no mapping and no field of one were skipped.'),
    overlap: this.#list.kind('overlapping-region', 'Mappings that begin inside another were left out; they may be of another process.'),
    beyond: this.#list.kind('kernel-region', "Mappings in the kernel's half of the address space, such as [vsyscall], were left out."),
    otherSize: this.#list.kind('other-size', 'The stated size of a mapping is not the distance of its addresses, which are believed.'),
    otherSum: this.#list.kind('other-sum', 'The stated resident size of a mapping is not the sum of its clean and dirty, shared and private parts.'),
    otherTotal: this.#list.kind('other-total', 'A figure of the rollup is not the sum over the mappings.'),
    cutLine: this.#list.kind('cut-line', 'The last line is cut and was ignored.'),
    cutMapping: this.#list.kind('cut-mapping', 'The last mapping has fewer fields than the first: the file is cut.'),
  }
  readonly #mappings: Mapping[] = []
  #rollup: Mapping | undefined
  #current: Mapping | undefined
  #partial = false

  constructor(file: string, strict: boolean) {
    this.#file = file
    this.#strict = strict
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    if (lacksFeed) {
      if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a line feed', got: 'the end of the file inside a line' }, { line })
      this.#note.cutLine.hit(line)
      this.#partial = true
      return
    }
    if (text.trim() === '') return
    const mapping = readMappingHead(text, line)
    if (mapping !== undefined && mapping.end > mapping.start) {
      this.#current = mapping
      if (mapping.name === ROLLUP) this.#rollup = mapping
      else this.#mappings.push(mapping)
    } else if (mapping !== undefined || this.#current === undefined || !takeField(this.#current, text)) {
      if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a mapping or a field of one', got: text.slice(0, 60) }, { line })
      this.#note.unreadable.hit(line)
    }
  }

  finish(): Snapshot {
    if (this.#mappings.length === 0 && this.#rollup === undefined) throw new HeapscapeError('format-malformed', { expected: 'a mapping', got: 'none' }, { line: 1 })
    this.#check()
    const list = new RegionList()
    const images = new Set(this.#mappings.filter(({ permissions, name }) => permissions[2] === 'x' && name.startsWith('/')).map(({ name }) => name))
    for (const mapping of this.#mappings) {
      // Addresses of the kernel's half are beyond what a double holds exactly, and nothing of the program's.
      if (mapping.end > Number.MAX_SAFE_INTEGER) this.#note.beyond.hit(mapping.line)
      else list.push(this.#regionOf(mapping, images))
    }
    const { regions, owners, overlapping } = list.toTable()
    for (const base of overlapping) this.#note.overlap.hit(this.#mappings.find(({ start }) => start === base)!.line)
    const end = regions.length === 0 ? 0 : regions.base.at(regions.length - 1) + regions.size.at(regions.length - 1)
    return new Snapshot({
      origin: { file: this.#file, format: 'proc-maps', partial: this.#partial, notes: this.#list.toNotes(), units: { sizes: 'kB of 1024 bytes', times: null } },
      pageBytes: this.#pageBytes(),
      addressSpace: { low: 0, high: highestUserAddress(end) },
      heaps: [],
      segments: [],
      owners,
      regions,
      regionsComplete: !this.#partial && regions.length > 0,
      regionTotals: this.#totals(),
      blocks: new BlockTable(),
      coverage: 'none',
      event: undefined,
      siteNames: [],
    })
  }

  #regionOf(mapping: Mapping, images: ReadonlySet<string>) {
    const measures = {
      resident: bytesOf(mapping, 'Rss'),
      proportional: bytesOf(mapping, 'Pss'),
      private: bytesOf(mapping, 'Private_Clean', 'Private_Dirty', 'Private_Hugetlb'),
      swapped: bytesOf(mapping, 'Swap'),
    }
    const told = Object.fromEntries(Object.entries(measures).filter(([, bytes]) => bytes !== undefined))
    return { base: mapping.start, end: mapping.end, state: stateOf(mapping), kind: kindOf(mapping, images), protect: protectionOf(mapping), owner: mapping.name, measures: told }
  }

  /** The figures of the file against one another. */
  #check(): void {
    for (const mapping of this.#mappings) {
      const size = bytesOf(mapping, 'Size')
      if (size !== undefined && size !== mapping.end - mapping.start) this.#note.otherSize.hit(mapping.line)
      const parts = bytesOf(mapping, 'Shared_Clean', 'Shared_Dirty', 'Private_Clean', 'Private_Dirty')
      if (parts !== undefined && mapping.fields.has('Private_Dirty') && parts !== bytesOf(mapping, 'Rss')) this.#note.otherSum.hit(mapping.line)
    }
    const [first, last] = [this.#mappings[0], this.#mappings.at(-1)]
    if (first !== undefined && last!.fields.size < first.fields.size) {
      this.#note.cutMapping.hit(last!.line)
      this.#partial = true
    }
    if (this.#rollup === undefined || this.#mappings.length === 0) return
    for (const name of SUMMED) {
      const stated = bytesOf(this.#rollup, name)
      const summed = this.#mappings.reduce((sum, mapping) => sum + (bytesOf(mapping, name) ?? 0), 0)
      // Pss is cut to whole kB in each mapping and only once in the rollup.
      const slack = name === 'Pss' ? this.#mappings.length * 1024 : 0
      if (stated !== undefined && Math.abs(stated - summed) > slack) this.#note.otherTotal.hit(this.#rollup.line)
    }
  }

  #totals(): RegionTotal[] {
    const rollup = this.#rollup
    if (rollup === undefined) return []
    return [...rollup.fields.keys()].map((name) => ({ group: 'rollup', name, regions: null, bytes: bytesOf(rollup, name)! }))
  }

  #pageBytes(): number {
    const sizes = this.#mappings.flatMap((mapping) => bytesOf(mapping, 'KernelPageSize') ?? []).filter((bytes) => bytes >= PAGE_BYTES && bytes <= 65536)
    return sizes.length === 0 ? PAGE_BYTES : sizes.reduce((least, bytes) => Math.min(least, bytes))
  }
}

/** 47 bits on x86-64, 48 on ARM64; a 32-bit process's stack ends where its address space does, which depends on the kernel. */
function highestUserAddress(end: number): number {
  if (end <= 2 ** 32) return end
  return end <= 2 ** 47 ? 2 ** 47 : Math.max(2 ** 48, end)
}
