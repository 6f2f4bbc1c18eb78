import type { Bench } from '../../../scripts/bench/bench-contract'
import { quietJob } from '../../base/job-context'
import type { Trace } from '../../model/trace'
import { summariseTrace } from '../trace-summary'
import { layoutFlame } from './flame-layout'
import { keepSites, mergeStacks, ROOT, type MergedStacks } from './merged-stacks'
import { SiteFilter } from './site-filter'
import { valuesOf, type SiteValues } from './site-measures'
import { buildSiteTree, type TreeDirection } from './site-tree'
import { randomTrace } from './testing/random-trace'
import { TraceSiteSource } from './trace-sites'

const STACKS = 1_000_000

interface Prepared {
  readonly trace: Trace
  readonly stacks: MergedStacks
  readonly values: SiteValues
}

let kept: Prepared | undefined

async function prepared(): Promise<Prepared> {
  if (kept !== undefined) return kept
  const trace = randomTrace({ seed: 4, frames: 40_000, stacks: STACKS, sites: 500_000, events: 2_000_000 })
  const values = valuesOf(new TraceSiteSource(trace, () => summariseTrace(trace).peakEvent), 'allocated', null)
  kept = { trace, values, stacks: await mergeStacks([trace.sites], 'line', quietJob) }
  return kept
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The least any pass over the paths can take: frame and caller of each read once. */
function readStacks({ trace }: Prepared): number {
  const { frame, parent } = trace.sites.calls!.tables.stacks
  let sum = 0
  frame.chunks.forEach((frames, chunk) => {
    const parents = parent.chunks[chunk]!
    for (let i = 0; i < frames.length; i++) sum += frames[i]! + parents[i]!
  })
  return sum
}

/** From values to a full flame graph of a screen 2000 pixels wide. */
function picture({ stacks, values }: Prepared, direction: TreeDirection, filter: string): unknown {
  const tree = buildSiteTree(stacks, [values], { unit: 'bytes', direction, kept: filter === '' ? undefined : keepSites(stacks, new SiteFilter(filter)) })
  return layoutFlame(tree, ROOT, { leastWeight: tree.weightOf(ROOT) / 2000, mostDepth: 500, mostBoxes: 20_000 })
}

const row = (name: string, title: string, work: (at: Prepared) => unknown, reference = true): Bench => ({
  name: `sites/${name}`,
  title,
  unit: 'ms',
  better: 'lower',
  ...(reference ? { reference: 'sites/floor' } : {}),
  prepare: async () => {
    const at = await prepared()
    return { measure: () => timed(() => work(at)) }
  },
})

export const benches: Bench[] = [
  row('floor', 'a million call paths read once: frame and caller', readStacks, false),
  row('merge', 'a million call paths of 500,000 sites become one tree', ({ trace }) => mergeStacks([trace.sites], 'line', quietJob)),
  row('top-down', 'tree and flame graph of a million paths, callers first', (at) => picture(at, 'top-down', '')),
  row('bottom-up', 'the same, callees first', (at) => picture(at, 'bottom-up', '')),
  row('filter', 'the same callers first through a regular expression over all frames', (at) => picture(at, 'top-down', '/function[12]\\d+$/')),
  row('difference', 'two documents of a million paths each become one tree', ({ trace }) => mergeStacks([trace.sites, trace.sites], 'line', quietJob)),
]
