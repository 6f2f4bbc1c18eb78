import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { summariseTrace } from '../../../analysis/trace-summary'
import { MemorySource } from '../../../base/byte-source'
import { quietJob } from '../../../base/job-context'
import { checkTrace } from '../../../model/integrity'
import type { Trace } from '../../../model/trace'
import { importSource } from '../../import-source'

const DATA = join(process.env['HEAPSCAPE_DATA'] ?? '../shared/data', 'malloc-bench')

/** Recorded files are not part of the project; suites that need them are skipped without. */
export const recordedFiles = (): string[] => (existsSync(DATA) ? readdirSync(DATA).sort() : [])

/** More than 10 MB of records: recorded.long.ts has them. */
export const LARGE = /^(four-in-a-row|py-euler|vim)/

/** The number of blocks a file ends with was counted by its recorder: ours must be the same. */
export async function checkRecorded(file: string): Promise<void> {
  const trace = (await importSource(new MemorySource(readFileSync(join(DATA, file)), file), { mode: 'strict' }, quietJob)) as Trace
  expect(checkTrace(trace)).toEqual([])
  expect(trace.origin.partial).toBe(false)
  expect(summariseTrace(trace).maxLiveBlocks).toBeGreaterThan(0)
  expect(trace.origin.notes.map((note) => note.code)).not.toContain('other-total')
}
