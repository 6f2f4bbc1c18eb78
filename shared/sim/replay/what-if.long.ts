import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { isRecorded, readRecorded, recordedPeaks, recordedSystemPeak, simulatedPeaks } from '../heaps/ptmalloc-like/testing/recorded'
import { resolveRequest } from '../profiles'
import { replayTrace } from './replay'
import { whatIfPage, whatIfSection } from '../testing/what-if-page'

const PROGRAMS = [
  ['sqlite-60k', 'sqlite3, 60,000 rows'],
  ['py-4000-pymalloc-off.r1', 'python3, PYTHONMALLOC=malloc'],
  ['perl-1000', 'perl'],
  ['git-log', 'git log'],
] as const
const THREADED = 'git-pack'
const PAGE = 'docs/what-if.md'

test.skipIf(!PROGRAMS.every(([name]) => isRecorded(name)))('docs/what-if.md is what the replays give', async () => {
  const sections: string[] = []
  for (const [name, title] of PROGRAMS) sections.push(await whatIfSection({ title, trace: await readRecorded(name), recorded: recordedPeaks(name) }))
  const threaded = await replayTrace(await readRecorded(THREADED), resolveRequest('ptmalloc-like', undefined, {}), quietJob)
  const page = whatIfPage(sections, { simulated: simulatedPeaks(threaded).arena, recorded: recordedSystemPeak(THREADED) })
  if (process.env['HEAPSCAPE_WRITE'] === '1') writeFileSync(PAGE, page)
  expect(readFileSync(PAGE, 'utf8')).toBe(page)
}, 3_600_000)
