import { MappedModules } from '../../model/mapped-modules'
import { Profile, StatisticTable } from '../../model/profile'
import { SiteBuilder } from '../../model/profile-builder'
import { MEASURES } from '../../model/profile-measures'
import type { Origin } from '../../model/trace'
import { UmdhFrames } from './frames'

interface Trace {
  readonly id: string
  /** Rows of its frames, innermost first. */
  readonly frames: number[]
  requestedBytes: number
  overheadBytes: number
  blocks: number
}

/*
 * A stack is written below the first block that has it; later blocks name its number alone:
 *
 *   64 bytes + 1C at 2E9FA20 by BackTrace18D0
 *       776CDD82
 *       7768EC66
 *   68 bytes + 18 at 2E9FAA0 by BackTrace18D0
 */
export class LogTables {
  readonly modules = new MappedModules()
  readonly #sites = new SiteBuilder()
  readonly #frames = new UmdhFrames(this.#sites.tables.frames)
  readonly #traces = new Map<string, Trace>()
  readonly #statistics = new StatisticTable()
  #heap = { address: '', blocks: 0, requestedBytes: 0, overheadBytes: 0 }
  /** The stack frames are added to; undefined after the alias that ends it, or before any block. */
  #open: Trace | undefined
  #isExpected = false

  beginHeap(address: string): void {
    this.#heap = { address: parseInt(address, 16).toString(16), blocks: 0, requestedBytes: 0, overheadBytes: 0 }
    this.#isExpected = false
  }

  endHeap(): void {
    const subject = `heap 0x${this.#heap.address}`
    this.#statistics.add('heap', subject, 'blocks', this.#heap.blocks, 'blocks')
    this.#statistics.add('heap', subject, 'requested bytes', this.#heap.requestedBytes, 'bytes')
    this.#statistics.add('heap', subject, 'overhead bytes', this.#heap.overheadBytes, 'bytes')
  }

  addBlock(requestedBytes: number, overheadBytes: number, id: string): void {
    let trace = this.#traces.get(id)
    const isNew = trace === undefined
    if (trace === undefined) {
      trace = { id, frames: [], requestedBytes: 0, overheadBytes: 0, blocks: 0 }
      this.#traces.set(id, trace)
    }
    trace.requestedBytes += requestedBytes
    trace.overheadBytes += overheadBytes
    trace.blocks++
    this.#heap.blocks++
    this.#heap.requestedBytes += requestedBytes
    this.#heap.overheadBytes += overheadBytes
    this.#open = isNew || trace.frames.length === 0 ? trace : undefined
    this.#isExpected = true
  }

  /** What follows is another stack of the same number. True for the first one of a number. */
  beginAlias(): boolean {
    const isFirst = this.#open !== undefined
    this.#open = undefined
    return isFirst
  }

  /** False when no block came before. */
  addFrame(text: string): boolean {
    if (!this.#isExpected) return false
    this.#open?.frames.push(this.#frames.rowOf(text))
    return true
  }

  toProfile(origin: Origin): Profile {
    const bytes = this.#sites.measure(MEASURES.liveBytes)
    const blocks = this.#sites.measure(MEASURES.liveBlocks)
    const overhead = this.#sites.measure(MEASURES.overheadBytes)
    const { frames } = this.#sites.tables
    for (const trace of this.#traces.values()) {
      const path = trace.frames.length > 0 ? trace.frames : [this.#frames.rowOf(`BackTrace${trace.id}`)]
      const site = this.#sites.site(this.#sites.pathOf(path))
      this.#sites.add(bytes, site, trace.requestedBytes)
      this.#sites.add(blocks, site, trace.blocks)
      this.#sites.add(overhead, site, trace.overheadBytes)
    }
    frames.module = frames.module.map((name, row) => (name === '' ? this.modules.moduleAt(frames.address.at(row)) : name))
    const lacking = frames.function.every((name) => name === '') ? [...(origin.lacking ?? []), 'symbols' as const] : (origin.lacking ?? [])
    return new Profile({ origin: { ...origin, lacking }, sites: this.#sites.toSites(), measures: [bytes, blocks, overhead], statistics: this.#statistics })
  }
}
