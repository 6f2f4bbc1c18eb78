import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { PAGE_BYTES, type Address } from '../../base/units'
import { checkSnapshot } from '../../model/integrity'
import type { HeapStatement } from '../../model/heap-statement'
import type { TiledBlocks } from '../../model/listed-blocks'
import type { RegionTable } from '../../model/region-table'
import { BlockKind, BlockState, BlockTable, type BlockCoverage, type HeapRecord, Snapshot } from '../../model/snapshot'
import type { ImportOptions } from '../importer'
import { AddressReader } from './address-space'
import { FilterReader } from './heap-filter'
import { readListingLine } from './heap-listing'
import { readStatisticsLine } from './heap-statistics'
import { readSummaryLine } from './heap-summary'
import { type HeapDraft, LogState } from './log-state'
import { readVdbLine } from './vdb-tables'

/** `0:000> !heap -s`, `0:000:x86> ...`, `vdb > heaps` */
const PROMPT = /^\s*(?:\d+:\d+(?::\w+)?>|\d*:? ?kd>|vdb >) ?(.*)$/
const LEFT_OUT = /^\s*(?:\.{3,}|\[\.{3}\]|…+)/
const DEBUGGER_ERROR = /\b(?:ERROR|Failed to|Unable to|invalid|corrupt)/i
const SEPARATOR = /^[\s\-=*]*$/
const LOG_WORDS = /^(?:Opened log file|Closing open log file|#|Command:)/

const LOW = 0x10000
const HIGH_64 = 2 ** 47
/** 2 GiB less 64 KiB at the top, as a 32-bit process sees it unless it is large-address-aware. */
const HIGH_31 = 0x7fff0000
const HIGH_32 = 0xffff0000

/** Reads a WinDbg log: all `!heap` and `!address` output in it becomes one snapshot. Throws format-malformed, `cancelled`. */
export async function parseWinDbg(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Snapshot> {
  const reader = new LogReader(source.name, options.mode === 'strict')
  await eachLine(source, job, (text, number, lacksFeed) => reader.take(text, number, lacksFeed))
  await job.checkpoint()
  return reader.finish()
}

class LogReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #log = new LogState()
  readonly #filter = new FilterReader(this.#log)
  readonly #address = new AddressReader(this.#log)
  #partial = false

  constructor(file: string, strict: boolean) {
    this.#file = file
    this.#strict = strict
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    const log = this.#log
    log.line = line
    if (lacksFeed && !isWhole(text)) {
      if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a line feed', got: 'the end of the file inside a line' }, { line })
      log.note.cutLine.hit(line)
      this.#partial = true
      return
    }
    const prompt = PROMPT.exec(text)
    if (prompt !== null) this.#command(prompt[1]!)
    else if (!this.#read(text) && !SEPARATOR.test(text) && !LOG_WORDS.test(text)) this.#other(text)
    if (this.#strict && log.note.unreadable.count > 0) throw new HeapscapeError('format-malformed', { expected: 'a row of a table of WinDbg', got: text.slice(0, 60) }, { line })
  }

  finish(): Snapshot {
    this.#filter.flush()
    this.#address.flush()
    this.#address.check()
    const log = this.#log
    if (log.heaps.size === 0 && log.regions.length === 0 && log.totals.length === 0) {
      throw new HeapscapeError('format-malformed', { expected: 'output of !heap or !address', got: 'none that is known' }, { line: 1 })
    }
    const tiled = log.blocks.tile(log.knownSegments())
    const drafts = [...log.heaps.values()]
    for (const { heap, address } of tiled.overlaps) {
      drafts[heap]!.find('overlap', 'warning', `The block at 0x${address.toString(16)} begins inside another and was left out.`, address)
    }
    log.note.overlap.count = tiled.overlapping
    const complete = checkHeaps(drafts, tiled)
    const { regions, owners, overlapping } = log.regions.toTable()
    log.note.regionOverlap.count = overlapping.length
    const wholeEnd = this.#address.wholeEnd
    const hasBlocks = log.blocks.length > 0
    const build = (coverage: BlockCoverage): Snapshot =>
      new Snapshot({
        origin: {
          file: this.#file, format: 'windbg', partial: this.#partial, notes: log.list.toNotes(), producer: log.note.otherTool.count > 0 ? 'vdb (vivisect)' : 'WinDbg',
          units: { sizes: 'KiB in summaries, bytes or granules in listings', times: null },
        },
        pageBytes: PAGE_BYTES,
        addressSpace: this.#space(tiled, regions),
        heaps: drafts.map((draft) => recordOf(draft, log)),
        heapStatements: drafts.map(statementOf),
        segments: hasBlocks ? tiled.segments : [],
        owners,
        regions,
        regionsComplete: wholeEnd !== undefined && overlapping.length === 0,
        regionTotals: log.totals,
        blocks: hasBlocks ? tiled.blocks : new BlockTable(),
        coverage,
        event: undefined,
        siteNames: log.sites.texts,
      })
    if (!hasBlocks || !complete) return build(hasBlocks ? 'some' : 'none')
    const whole = build('all')
    if (checkSnapshot(whole).length === 0) return whole
    log.note.listsDiffer.count = 1
    return build('some')
  }

  /** A new command ends what the one before was printing. */
  #command(command: string): void {
    const log = this.#log
    this.#filter.flush()
    this.#address.flush()
    log.section = 'none'
    log.lastEntry = undefined
    log.virtualBlocks = 0
    if (/!(?:\w+\.)?heap\b/.test(command)) log.heap = undefined
  }

  #read(text: string): boolean {
    const log = this.#log
    if (log.section === 'entries' || log.section === 'slots' || log.section === 'free-lists') {
      if (readListingLine(text, log)) return true
    }
    return this.#address.read(text) || this.#filter.read(text) || readSummaryLine(text, log) || readListingLine(text, log) || readStatisticsLine(text, log) || readVdbLine(text, log)
  }

  #other(text: string): void {
    const { note, line } = this.#log
    if (LEFT_OUT.test(text)) {
      note.leftOut.hit(line)
      this.#log.lastEntry = undefined
    } else if (DEBUGGER_ERROR.test(text)) note.debuggerError.hit(line)
    else note.other.hit(line)
  }

  #space({ segments }: TiledBlocks, regions: RegionTable): { low: Address; high: Address } {
    const whole = this.#address.wholeEnd
    if (whole !== undefined) return { low: 0, high: whole }
    const last = regions.length - 1
    const low = last < 0 ? LOW : Math.min(LOW, regions.base.at(0))
    let end = last < 0 ? 0 : regions.base.at(last) + regions.size.at(last)
    for (const base of this.#log.heaps.keys()) end = Math.max(end, base)
    for (const { base, reservedBytes } of segments) end = Math.max(end, base + reservedBytes)
    const usual = this.#log.isWide ? HIGH_64 : end > HIGH_31 ? HIGH_32 : HIGH_31
    return { low, high: Math.max(usual, end) }
  }
}

/** Logs and pasted texts often end behind a prompt, without a line feed. */
const isWhole = (text: string): boolean => text.trim() === '' || /^\s*\d+:\d+(?::\w+)?> ?$/.test(text)

function recordOf({ index, base, flavour, granularity, headerBytes: least }: HeapDraft, { isWide }: LogState): HeapRecord {
  const headerBytes = isWide ? least : Math.min(least, 8)
  return { id: index + 1, name: `heap 0x${base.toString(16)}`, flavour, base, headerBytes, granularity: granularity ?? headerBytes, confidence: 'inferred' }
}

function statementOf({ stated, flags, frontEnd, sizes, findings, counters }: HeapDraft): HeapStatement {
  return { stated, ...(flags === undefined ? {} : { flags }), ...(frontEnd === undefined ? {} : { frontEnd }), sizes, findings, counters }
}

/** Where no summary states them, reserved and committed bytes are those of the segments the heap lists. */
function stateSegments({ stated, segments }: HeapDraft): void {
  if (segments.size === 0 || stated.reservedBytes !== undefined) return
  stated.reservedBytes = [...segments].reduce((sum, [base, { end }]) => sum + end - base, 0)
  stated.committedBytes = [...segments.values()].reduce((sum, { committedBytes }) => sum + committedBytes, 0)
}

interface HeapSums {
  free: number
  freeBlocks: number
  committed: number
  opaque: number
  rows: number
}

/** Rows of each heap beside what the log states of it; true when every byte of every heap is listed. */
function checkHeaps(drafts: readonly HeapDraft[], { blocks }: TiledBlocks): boolean {
  const sums: HeapSums[] = drafts.map(() => ({ free: 0, freeBlocks: 0, committed: 0, opaque: 0, rows: 0 }))
  for (let row = 0; row < blocks.length; row++) {
    const sum = sums[blocks.heap.at(row)]!
    const size = blocks.size.at(row)
    const state = blocks.state.at(row)
    sum.rows++
    if (blocks.kind!.at(row) === BlockKind.Opaque) sum.opaque += size
    if (state !== BlockState.Uncommitted) sum.committed += size
    if (state === BlockState.Free && blocks.kind!.at(row) === BlockKind.BackEnd) {
      sum.free += size
      sum.freeBlocks++
    }
  }
  let complete = drafts.length > 0
  drafts.forEach((draft, i) => {
    stateSegments(draft)
    const sum = sums[i]!
    const isWhole = draft.segments.size > 0 && sum.opaque === 0 && sum.rows > 0
    complete &&= isWhole
    const { freeBytes } = draft.stated
    if (draft.freeList.blocks > 0 && freeBytes !== undefined) draft.check('free bytes of the free lists', freeBytes, draft.freeList.bytes)
    if (!isWhole) return
    const committed = [...draft.segments.values()].reduce((all, { committedBytes }) => all + committedBytes, 0)
    draft.check('committed bytes of the segments', committed, sum.committed)
    if (freeBytes !== undefined && !draft.isSummarised) draft.check('free bytes of the entries', freeBytes, sum.free)
  })
  return complete
}
