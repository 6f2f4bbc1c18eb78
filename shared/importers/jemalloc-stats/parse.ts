import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { Defects } from '../../model/defects'
import { Profile, StatisticTable } from '../../model/profile'
import type { ImportOptions } from '../importer'
import type { JemallocFindings } from './findings'
import { looksLikeJemallocJson, readJemallocJson } from './json'
import { readJemallocText } from './text'

const HEAD_BYTES = 4096

/**
 * Reads what `malloc_stats_print` writes, as text or with "J" as JSON.
 * Throws format-malformed, format-truncated, cancelled.
 */
export async function parseJemallocStats(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const found: JemallocFindings = { statistics: new StatisticTable(), defects: new Defects(options.mode === 'strict'), version: '' }
  const isJson = looksLikeJemallocJson(source.read(0, HEAD_BYTES))
  await (isJson ? readJemallocJson(source, found, options.mode === 'strict', job) : readJemallocText(source, found, job))
  if (found.statistics.length === 0) throw new HeapscapeError('format-malformed', { expected: 'figures of jemalloc', got: 'none' })
  const { defects, statistics, version } = found
  const producer = version === '' ? 'jemalloc' : `jemalloc ${version}`
  return new Profile({ origin: { file: source.name, format: 'jemalloc-stats', partial: defects.isPartial, notes: defects.toNotes(), producer, version: isJson ? 'JSON' : 'text' }, statistics })
}
