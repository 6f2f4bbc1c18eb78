import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { MemorySource } from '../../../base/byte-source'
import { quietJob } from '../../../base/job-context'
import type { Snapshot } from '../../../model/snapshot'
import { parseMinidump } from '../parse'

/** Real dumps lie beside the project; tests that need them are skipped without them. */
export const DATA = process.env['HEAPSCAPE_DATA'] ?? '../shared/data'
export const KIT_SAMPLES = join(DATA, '../tools/wine-kit/samples')
export const REAL_DUMP = join(DATA, 'minidump-full/fizzbuzz_wow64.dmp.gz')

export const hasData = existsSync(REAL_DUMP)
export const hasKit = existsSync(join(KIT_SAMPLES, 'stage1.dmp.gz'))

export const bytesOf = (path: string): Uint8Array => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path))

export const openDump = (bytes: Uint8Array, mode: 'compatible' | 'strict' = 'compatible'): Promise<Snapshot> => parseMinidump(new MemorySource(bytes, 'dump'), { mode }, quietJob)
