import { readFileSync } from 'node:fs'
import type { Bench, BenchPlace } from '../../../scripts/bench/bench-contract'
import { textPeers } from '../../../scripts/bench/peers/text-peers'
import { malloclabFile } from '../../../scripts/bench/samples/sample-files'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import type { Trace } from '../../model/trace'
import { malloclabImporter } from './index'

const what = 'malloclab .rep file, 5 M events, 200,000 living blocks'

async function parseOnce(place: BenchPlace): Promise<() => Promise<{ trace: Trace; seconds: number; bytes: number }>> {
  const text = readFileSync(malloclabFile(place).file)
  return async () => {
    const start = performance.now()
    const document = await malloclabImporter.read(new MemorySource(text, 'bench'), { mode: 'strict' }, quietJob)
    if (document.kind !== 'trace') throw new Error(`a .rep file gave a ${document.kind}`)
    return { trace: document, seconds: (performance.now() - start) / 1000, bytes: text.length }
  }
}

export const benches: Bench[] = [
  {
    name: 'parse/malloclab',
    title: `${what}, from memory to a trace`,
    unit: 'MB/s',
    better: 'higher',
    reference: ['parse/malloclab, readline', 'parse/malloclab, wc -l'],
    goal: '>= 100 MB/s, 5x readline',
    prepare: async (place) => {
      const parse = await parseOnce(place)
      return {
        measure: async () => {
          const { bytes, seconds } = await parse()
          return bytes / 1e6 / seconds
        },
      }
    },
  },
  {
    name: 'parse/malloclab events',
    title: 'the same in events',
    unit: 'M events/s',
    better: 'higher',
    prepare: async (place) => {
      const parse = await parseOnce(place)
      return {
        measure: async () => {
          const { trace, seconds } = await parse()
          return trace.events / 1e6 / seconds
        },
      }
    },
  },
  ...textPeers({ name: 'parse/malloclab', sample: malloclabFile, pattern: /^([afr]) ((\d+))(?: (\d+))?$/ }).filter(({ name }) => !name.endsWith('zstd -dc')),
]
