import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { summariseTrace } from '../../../analysis/trace-summary'
import { MemorySource } from '../../../base/byte-source'
import { quietJob } from '../../../base/job-context'
import { importSource } from '../../import-source'
import type { Fact } from './facts'

const DATA = join(process.env['HEAPSCAPE_DATA'] ?? '../shared/data', 'mtrace')

/** The recorded logs are not part of the project; suites that need them are skipped without. */
export const hasRecordedLogs = existsSync(DATA)

export async function countFile({ file }: Fact): Promise<Fact['counts']> {
  const document = await importSource(new MemorySource(readFileSync(join(DATA, file)), file), { mode: 'strict' }, quietJob)
  if (document.kind !== 'trace') throw new Error(`${file} is a ${document.kind}`)
  const summary = summariseTrace(document)
  return {
    alloc: summary.events.alloc,
    free: summary.events.free,
    realloc: summary.events.realloc,
    orphanFree: summary.events.orphanFree,
    requestedBytesTotal: summary.requestedBytesTotal,
    peakLiveBytes: summary.peakLiveBytes,
    peakLiveBlocks: summary.peakLiveBlocks,
    peakAtEvent: summary.peakAtEvent,
    endLiveBytes: summary.endLiveBytes,
    endLiveBlocks: summary.endLiveBlocks,
  }
}
