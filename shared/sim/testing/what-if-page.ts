import { quietJob } from '../../base/job-context'
import type { Bytes } from '../../base/units'
import type { Trace } from '../../model/trace'
import { heapDefinitions, resolveRequest } from '../profiles'
import { peakCommittedBytes, peakRequestedBytes } from './run-totals'
import { replayTrace } from '../replay/replay'

/*
 * docs/what-if.md: the same recorded programs in every heap manager, ranked, beside what glibc reported of itself.
 * Made and checked by what-if.long.ts, for the recordings are not ours to ship.
 */
export interface WhatIfProgram {
  readonly title: string
  readonly trace: Trace
  /** Peak bytes glibc reported: at the break, and (sampled during the run) with mappings. */
  readonly recorded: { readonly arena: Bytes; readonly sampled: Bytes }
}

interface Rank {
  readonly title: string
  readonly profile: string
  readonly peakBytes: Bytes
  readonly failures: number
}

export async function whatIfSection({ title, trace, recorded }: WhatIfProgram): Promise<string> {
  const ranks: Rank[] = []
  for (const { id, title: heapTitle, defaultProfile } of heapDefinitions) {
    const run = await replayTrace(trace, resolveRequest(id, undefined, {}), quietJob)
    ranks.push({ title: heapTitle, profile: defaultProfile, peakBytes: peakCommittedBytes(run), failures: run.failures.length })
  }
  ranks.sort((a, b) => a.failures - b.failures || a.peakBytes - b.peakBytes || (a.title < b.title ? -1 : 1))
  const requested = peakRequestedBytes(trace)
  const rows = ranks.map(({ title: heap, profile, peakBytes, failures }, i) => `| ${i + 1} | ${heap} | \`${profile}\` | ${count(peakBytes)} | ${percent(peakBytes / requested - 1)} | ${failures === 0 ? '' : count(failures)} |`)
  return [
    `## ${title}`,
    '',
    `${count(trace.events)} events, at most ${count(requested)} bytes requested at a time. glibc reported a peak of ${count(recorded.arena)} bytes at the break, and at most ${count(recorded.sampled)} with mappings in its samples.`,
    '',
    '| # | Heap manager | Profile | Peak committed | Above the requested peak | Failed requests |',
    '|--:|---|---|--:|--:|--:|',
    ...rows,
    '',
  ].join('\n')
}

/** Peaks of a program that ran in several threads: replayed as one, and the sum over glibc's arenas. */
export interface ThreadedProgram {
  readonly simulated: Bytes
  readonly recorded: Bytes
}

export function whatIfPage(sections: readonly string[], threaded: ThreadedProgram): string {
  return [...HEAD, ...threadedText(threaded), ...sections].join('\n')
}

const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

function threadedText({ simulated, recorded }: ThreadedProgram): string[] {
  return [
    'A fifth recording, git pack-objects, is left out: it ran in threads, for which glibc made two more arenas, and an mtrace log does not tell',
    `threads. Replayed as one thread in \`ptmalloc-like\` its peak at the break is ${count(simulated)} bytes; the peaks of glibc\'s arenas add up to ${count(recorded)}, ${percent(recorded / simulated - 1)} more:`,
    'each arena keeps free memory of its own, which the others cannot use.',
    '',
  ]
}

const HEAD: readonly string[] = [
  '# What if: four recorded programs in every heap manager',
  '',
  'Made by `HEAPSCAPE_LONG=1 HEAPSCAPE_WRITE=1 npx vitest run --project engine shared/sim/replay/what-if.long.ts` from recordings that are not',
  'part of the project (`HEAPSCAPE_DATA` names their folder); without `HEAPSCAPE_WRITE` the same command checks every figure of this page.',
  '',
  'The programs ran on Linux under glibc: sqlite3 (60,000 rows), python3 with `PYTHONMALLOC=malloc`, perl and git log, one thread each, recorded by',
  'glibc\'s mtrace. Each is replayed in every manager with its default profile. **Peak committed** is the largest sum of committed bytes after an',
  'event; it counts memory that was taken from the system, whether or not it was ever touched. Ties are in order of name. The profiles `csapp` and',
  '`xp-x86` are layouts of 32 bits, whose headers are half as large as those of the others.',
  '',
  '## How far the ranking can be trusted',
  '',
  'The one manager here whose original left a record is glibc\'s. In these recordings `ptmalloc-like` puts every block of the heap at the break',
  'exactly where glibc put it: 2,781,675 of 2,781,675 requests of sqlite3, 1,401,031 of python3, 28,902 of perl, 13,771 of git',
  '(`shared/sim/heaps/ptmalloc-like/recorded.test.ts` and `recorded.long.ts`, which also take the two blocks that mtrace makes for itself before its',
  'first line into account). The peaks below differ from what glibc reported by what the recording lacks: glibc\'s own figures come from another run,',
  'without mtrace, where calloc, unlike in the recording, does not use the thread cache. All four lie within 1 % at the break, sqlite3 to the byte.',
  '',
  'The other managers are likenesses from published descriptions. The textbook policies without a thread, page or segment structure of their own grow',
  'byte by byte and pay for headers only; what a real allocator adds to them in committed memory is what the table shows for the others.',
  '',
]
