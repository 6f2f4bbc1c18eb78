import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemorySource } from '../../../base/byte-source'
import { quietJob } from '../../../base/job-context'
import { Op, type Trace } from '../../../model/trace'
import { importSource } from '../../import-source'

const DATA = process.env['HEAPSCAPE_DATA'] ?? '../shared/data'

/** Recorded files are not part of the project; suites that need them are skipped without. */
export const recordedFiles = (folder: 'heaptrack' | 'heaptrack-raw'): string[] => (existsSync(join(DATA, folder)) ? readdirSync(join(DATA, folder)).sort() : [])

export const judgeIsInstalled = spawnSync('heaptrack_print', ['--version']).status === 0

export async function openRecorded(folder: 'heaptrack' | 'heaptrack-raw', file: string): Promise<Trace> {
  const document = await importSource(new MemorySource(readFileSync(join(DATA, folder, file)), file), { mode: 'strict' }, quietJob)
  if (document.kind !== 'trace') throw new Error(`${file} is a ${document.kind}`)
  return document
}

/** What heaptrack_print says, in its own words; leaks in full, as we count them. */
export function judge(file: string): Record<string, string> {
  const options = ['--disable-builtin-suppressions', '--disable-embedded-suppressions', '-p0', '-a0', '-T0', '-l0', '-f', join(DATA, 'heaptrack', file)]
  const text = execFileSync('heaptrack_print', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const find = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? 'nothing'
  return {
    allocations: find(/calls to allocation functions: (\d+)/),
    temporary: find(/temporary memory allocations: (\d+)/),
    peak: find(/peak heap memory consumption: (\S+)/),
    leaked: find(/total memory leaked: (\S+)/),
    peakRss: find(/peak RSS \(including heaptrack overhead\): (\S+)/),
  }
}

/** Bytes as heaptrack_print writes them: K is 1000, two decimals. */
export function inJudgesWords(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T']
  let value = bytes
  let unit = 0
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000
  return unit === 0 ? `${value}B` : `${value.toFixed(2)}${units[unit]}`
}

/** Frees of kind 0 that follow another free, which the judge counts as temporary; `object` 0 is of kind 0. */
export function judgesExtraTemporaries(trace: Trace): number {
  const { op, object, size, site } = trace
  const kindOf = (row: number): string => `${size.at(row)} at ${site!.at(row)}`
  const isKindZero = new Set<number>()
  const first = kindOf(0)
  let extra = 0
  for (let row = 0; row < trace.events; row++) {
    if (op.at(row) === Op.Alloc) {
      if (kindOf(row) === first) isKindZero.add(object.at(row))
    } else if (row > 0 && op.at(row - 1) !== Op.Alloc && isKindZero.has(object.at(row))) extra++
  }
  return extra
}
