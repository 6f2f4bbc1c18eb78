// Peers and floors of the text readers, the same for every format.
import fs from 'node:fs'
import { createInterface } from 'node:readline'
import type { Bench, BenchPlace } from '../bench-contract'
import type { SampleFile } from '../samples/sample-files'
import { packWithZstd, programThroughput } from './programs'

export interface TextSample {
  /** Bench name of the reader, for instance "parse/mtrace". */
  readonly name: string
  readonly sample: (place: BenchPlace) => SampleFile
  /** Matches a line of the format; groups 3 and 4, where there, are numbers. */
  readonly pattern: RegExp
}

/** Lines, a pattern, its numbers added: what a straightforward reader does before it stores or looks up anything. */
async function matchLines(file: string, pattern: RegExp): Promise<number> {
  let sum = 0
  for await (const line of createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity })) {
    const match = pattern.exec(line)
    if (match !== null) sum += Number(match[3] ?? 0) + Number(match[4] ?? 0)
  }
  return sum
}

export function textPeers({ name, sample, pattern }: TextSample): Bench[] {
  const floor = (peer: string, title: string, prepare: Bench['prepare']): Bench => ({ name: `${name}, ${peer}`, title, unit: 'MB/s', better: 'higher', prepare })
  return [
    floor('wc -l', 'peer: counts the lines of the same file, whole process', (place) => {
      const { file, bytes } = sample(place)
      return programThroughput('wc', ['-l', file], bytes)
    }),
    floor('readline', 'peer: Node readline over the same file, one pattern a line, numbers added, nothing stored', (place) => {
      const { file, bytes } = sample(place)
      return {
        measure: async () => {
          const start = performance.now()
          if ((await matchLines(file, pattern)) === 0) throw new Error(`nothing in ${file} matches`)
          return bytes / 1000 / (performance.now() - start)
        },
      }
    }),
    floor('zstd -dc', 'floor of the packed file: zstd unpacks it, whole process; MB of text', (place) => {
      const { file, bytes } = sample(place)
      const packed = packWithZstd(file)
      return packed === undefined ? { missing: 'zstd is not installed' } : programThroughput('zstd', ['-dcq', packed], bytes)
    }),
  ]
}
