import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemorySource } from '../../../../base/byte-source'
import { quietJob } from '../../../../base/job-context'
import { PAGE_BYTES, roundDown } from '../../../../base/units'
import { importSource } from '../../../../importers/import-source'
import { RegionState } from '../../../../model/region-table'
import type { Run } from '../../../../model/run'
import { Op, type Trace } from '../../../../model/trace'
import { HeapUnderTest } from '../../../testing/heap-under-test'
import { peakCommittedBytes } from '../../../testing/run-totals'

/** Traces of real programs under glibc's mtrace, and what glibc said of itself in a run without it; not ours to ship. */
const DATA = process.env['HEAPSCAPE_DATA'] ?? '../shared/data'
const traceFile = (name: string): string => join(DATA, 'mtrace', `${name}.mtrace.zst`)
const infoFile = (name: string): string => join(DATA, 'ground-truth', `${name}.malloc_info.xml`)
const samplesFile = (name: string): string => join(DATA, 'ground-truth', `${name}.samples.csv`)

export const isRecorded = (name: string): boolean => existsSync(traceFile(name)) && existsSync(infoFile(name))

export async function readRecorded(name: string): Promise<Trace> {
  const source = new MemorySource(new Uint8Array(readFileSync(traceFile(name))), `${name}.mtrace.zst`)
  return (await importSource(source, { mode: 'compatible' }, quietJob)) as Trace
}

/** Peak bytes as glibc reported them: of the heap at the break, and (sampled, so a lower bound) with mappings. */
export function recordedPeaks(name: string): { arena: number; sampled: number } {
  const arena = Number(/<heap nr="0">[^]*?<system type="max" size="(\d+)"/.exec(readFileSync(infoFile(name), 'utf8'))![1])
  // events,live_usable,peak_usable,arena,uordblks,fordblks,keepcost,hblkhd,hblks,rss
  const rows = readFileSync(samplesFile(name), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number))
  return { arena, sampled: Math.max(...rows.map((row) => row[3]! + row[7]!)) }
}

/** Sum of the peaks of all arenas, as glibc reported it; mappings are not in it. */
export function recordedSystemPeak(name: string): number {
  return Number(/<\/heap>\n<total[^]*?<system type="max" size="(\d+)"/.exec(readFileSync(infoFile(name), 'utf8'))![1])
}

/** The same of a run of the simulated heap. */
export function simulatedPeaks(run: Run): { arena: number; whole: number } {
  let now = 0
  let arena = 0
  for (let row = 0; row < run.pages.length; row++) {
    if (run.pages.base.at(row) > MAPPINGS_FROM) continue
    now += run.pages.state.at(row) === RegionState.Committed ? run.pages.size.at(row) : -run.pages.size.at(row)
    arena = Math.max(arena, now)
  }
  return { arena, whole: peakCommittedBytes(run) }
}

/** The break starts at the low end of a space of 2^47 bytes, mappings come from its high end. */
const MAPPINGS_FROM = 2 ** 40

export interface AddressesAgree {
  /** Requests that got the recorded address, relative to the start of the heap. */
  readonly same: number
  readonly different: number
  /** Requests that were mapped in the recording and are here; where is the system's business. */
  readonly mapped: number
}

/** Carries out every request of a recording and compares where its block lies with where glibc put it. */
export function compareAddresses(trace: Trace): AddressesAgree {
  const heap = new HeapUnderTest('ptmalloc-like')
  // Recorded before its first line: mtrace itself frees one small block and keeps a FILE of 472 bytes for its log.
  heap.free(heap.alloc(8))
  heap.alloc(472)
  const start = roundDown(trace.address!.at(0), PAGE_BYTES)
  const blocks = new Int32Array(trace.objects)
  const counts = { same: 0, different: 0, mapped: 0 }
  for (let row = 0; row < trace.events; row++) {
    const op = trace.op.at(row)
    if (op === Op.OrphanFree) continue
    const object = trace.object.at(row)
    if (op === Op.Free) {
      heap.free(blocks[object]!)
      continue
    }
    const size = trace.size.at(row)
    const block = op === Op.Realloc ? heap.realloc(blocks[object]!, size) : heap.alloc(size)
    blocks[object] = block
    const recorded = trace.address!.at(row) - start
    const simulated = heap.offsetOf(block) + heap.heap.headerBytes
    if (recorded > MAPPINGS_FROM && simulated > MAPPINGS_FROM) counts.mapped++
    else if (recorded === simulated) counts.same++
    else counts.different++
  }
  return counts
}
