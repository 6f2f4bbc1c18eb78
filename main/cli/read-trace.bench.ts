import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { Bench, BenchPlace } from '../../scripts/bench/bench-contract'
import { childBench } from '../../scripts/bench/peers/child-bench'
import { quietJob } from '../../shared/base/job-context'
import { openDocument } from '../../shared/jobs/open-document'
import { FileSource } from '../files/file-source'

const EVENTS = 20_000_000
const LIVING = 200_000
const what = 'CSV trace with addresses of 20 M events (480 MB), 200,000 living blocks'

/** Blocks are freed in the order in which they came; sizes run from 16 to 4,096. */
function writeTrace(place: BenchPlace): string {
  const file = path.join(place.temporaryFolder, 'twenty-million.csv')
  const out = openSync(file, 'w')
  const address = (block: number): string => `0x${(0x7f0000000000 + (block % (2 * LIVING)) * 4096).toString(16)}`
  let text = 'op,at,size\n'
  for (let event = 0, born = 0, gone = 0; event < EVENTS; event++) {
    if (born - gone < LIVING || event % 2 === 0) text += `alloc,${address(born)},${16 + ((born++ * 16) % 4096)}\n`
    else text += `free,${address(gone++)},\n`
    if (event % 65536 === 0 || event === EVENTS - 1) {
      writeSync(out, text)
      text = ''
    }
  }
  closeSync(out)
  return file
}

/** For a process of its own: its largest resident memory, in MB, after reading a trace from its file. */
export function readPeakMegabytes(file: string): () => Promise<number> {
  return async () => {
    const source = new FileSource(file)
    try {
      const { document } = await openDocument(source, { mode: 'strict' }, quietJob)
      if (document.kind !== 'trace' || document.events !== EVENTS) throw new Error('the trace was not read')
    } finally {
      source.close()
    }
    return (process.resourceUsage().maxRSS * 1024) / 1e6
  }
}

export const benches: Bench[] = [
  {
    name: 'memory/read 20 M events',
    title: `${what}: largest resident memory of a Node process that opens it`,
    unit: 'MB',
    better: 'lower',
    goal: '<= 667 MB (60 M events within 2 GB)',
    once: true,
    prepare: (place) => childBench(place, { moduleUrl: import.meta.url, exportName: 'readPeakMegabytes', args: [writeTrace(place)] }),
  },
]
