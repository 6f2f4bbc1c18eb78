import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Bench } from '../../../scripts/bench/bench-contract'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import { parseMtrace } from './parse'

const EVENTS = 400_000
const LIVE_BLOCKS = 4000
const SITES = 200

/** A log shaped like a recorded one: a few thousand living blocks, a few hundred sites, lines of about 80 bytes. */
function makeLog(): Uint8Array {
  const random = mulberry32(42)
  const below = (limit: number): number => Math.floor(random() * limit)
  const live: number[] = []
  const lines = ['= Start\n']
  let next = 0x5600_0000_0000
  for (let event = 0; event < EVENTS; event++) {
    const place = below(SITES)
    const site = `@ /usr/lib/x86_64-linux-gnu/libexample.so.0:(function_${place}+0x62)[0x${(0xa6062 + place * 64).toString(16)}]`
    if (live.length < LIVE_BLOCKS || random() < 0.5) {
      const size = 16 + below(1000)
      lines.push(`${site} + 0x${next.toString(16)} 0x${size.toString(16)}\n`)
      live.push(next)
      next += 1024
    } else {
      const chosen = below(live.length)
      lines.push(`${site} - 0x${live[chosen]!.toString(16)}\n`)
      live[chosen] = live.at(-1)!
      live.pop()
    }
  }
  return new TextEncoder().encode(lines.join(''))
}

const throughput = (bytes: number, startMs: number): number => bytes / 1000 / (performance.now() - startMs)

/** What a reader of lines and a pattern costs before any event is stored. */
async function matchLines(log: Uint8Array): Promise<number> {
  const pattern = /^@ (.*) ([-+<>!]) (0x[0-9a-f]+)(?: (0x[0-9a-f]+))?$/
  let bytes = 0
  for await (const line of createInterface({ input: Readable.from(cut(log)), crlfDelay: Infinity })) {
    const match = pattern.exec(line)
    if (match !== null) bytes += Number(match[3]) + Number(match[4] ?? 0)
  }
  return bytes
}

function* cut(log: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < log.length; at += 65536) yield Buffer.from(log.subarray(at, at + 65536))
}

const title = `mtrace log of ${EVENTS} events, in memory`
export const benches: Bench[] = [
  {
    name: 'parse/mtrace',
    title: `${title}, to a trace`,
    unit: 'MB/s',
    better: 'higher',
    reference: 'parse/mtrace by readline',
    goal: '100 MB/s or more, 5 times readline',
    prepare: () => {
      const log = makeLog()
      return {
        measure: async () => {
          const startMs = performance.now()
          await parseMtrace(new MemorySource(log, 'bench'), { mode: 'strict' }, quietJob)
          return throughput(log.length, startMs)
        },
      }
    },
  },
  {
    name: 'parse/mtrace by readline',
    title: `${title}, lines and a pattern only`,
    unit: 'MB/s',
    better: 'higher',
    prepare: () => {
      const log = makeLog()
      return {
        measure: async () => {
          const startMs = performance.now()
          await matchLines(log)
          return throughput(log.length, startMs)
        },
      }
    },
  },
]
