import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, BenchBody, BenchPlace } from '../../../scripts/bench/bench-contract'
import { packWithZstd, programThroughput } from '../../../scripts/bench/peers/programs'
import { textPeers } from '../../../scripts/bench/peers/text-peers'
import { mtraceLog } from '../../../scripts/bench/samples/sample-files'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import { importSource } from '../import-source'
import { parseMtrace } from './parse'

const PATTERN = /^@ (.*) ([-+<>!]) (0x[0-9a-f]+)(?: (0x[0-9a-f]+))?$/
/** A recorded log of sqlite3; not part of the project. */
const RECORDED = join(process.env['HEAPSCAPE_DATA'] ?? '../shared/data', 'mtrace/sqlite-60k.mtrace.zst')
const what = 'mtrace log with call sites, 1 M events, 60,000 living blocks'

/** MB of text a second from packed bytes in memory to a hashed trace. */
function importPacked(packed: Uint8Array, textBytes: number): BenchBody {
  return {
    measure: async () => {
      const start = performance.now()
      await importSource(new MemorySource(packed, 'bench'), { mode: 'strict' }, quietJob)
      return textBytes / 1000 / (performance.now() - start)
    },
  }
}

async function parseOnce(text: Uint8Array): Promise<{ events: number; seconds: number }> {
  const start = performance.now()
  const trace = await parseMtrace(new MemorySource(text, 'bench'), { mode: 'strict' }, quietJob)
  return { events: trace.events, seconds: (performance.now() - start) / 1000 }
}

const readText = (place: BenchPlace): Uint8Array => readFileSync(mtraceLog(place).file)

export const benches: Bench[] = [
  {
    name: 'parse/mtrace',
    title: `${what}, from memory to a trace`,
    unit: 'MB/s',
    better: 'higher',
    reference: ['parse/mtrace, readline', 'parse/mtrace, mtrace script', 'parse/mtrace, wc -l'],
    goal: '>= 100 MB/s, 5x readline',
    prepare: (place) => {
      const text = readText(place)
      return { measure: async () => text.length / 1e6 / (await parseOnce(text)).seconds }
    },
  },
  {
    name: 'parse/mtrace events',
    title: 'the same in events',
    unit: 'M events/s',
    better: 'higher',
    prepare: (place) => {
      const text = readText(place)
      return {
        measure: async () => {
          const { events, seconds } = await parseOnce(text)
          return events / 1e6 / seconds
        },
      }
    },
  },
  {
    name: 'parse/mtrace.zst',
    title: `${what}, packed: unpacked, detected, read and hashed; MB of text`,
    unit: 'MB/s',
    better: 'higher',
    reference: 'parse/mtrace, zstd -dc',
    prepare: (place) => {
      const { file, bytes } = mtraceLog(place)
      const packed = packWithZstd(file)
      return packed === undefined ? { missing: 'zstd is not installed' } : importPacked(readFileSync(packed), bytes)
    },
  },
  {
    name: 'parse/mtrace recorded',
    title: 'recorded log of sqlite3 (sqlite-60k), packed: unpacked, detected, read and hashed; MB of text',
    unit: 'MB/s',
    better: 'higher',
    reference: 'parse/mtrace, zstd -dc',
    prepare: () => {
      if (!existsSync(RECORDED)) return { missing: 'the recorded logs are not here (HEAPSCAPE_DATA)' }
      const textBytes = execFileSync('zstd', ['-dcq', RECORDED], { maxBuffer: 2 ** 30 }).length
      return importPacked(readFileSync(RECORDED), textBytes)
    },
  },
  {
    name: 'parse/mtrace, mtrace script',
    title: "peer: glibc's own reader (Perl) over the same log, whole process",
    unit: 'MB/s',
    better: 'higher',
    prepare: (place) => {
      const { file, bytes } = mtraceLog(place)
      return programThroughput('mtrace', [file], bytes)
    },
  },
  ...textPeers({ name: 'parse/mtrace', sample: mtraceLog, pattern: PATTERN }),
]
