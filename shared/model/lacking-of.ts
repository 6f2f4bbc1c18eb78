import { UNKNOWN_SIZE } from '../base/units'
import { type Lacking, LACKING_WORDS, type SourceUnits } from './lacking'
import type { Profile } from './profile'
import type { AnyDocument, Run } from './run'
import { BlockState, type Snapshot } from './snapshot'
import type { Trace } from './trace'

/** What the document's source does not tell: what its importer says, and what its tables show. */
export function lackingOf(document: AnyDocument): Lacking[] {
  const lacking = new Set<Lacking>(document.origin.lacking)
  if (document.kind === 'trace') addTrace(document, lacking)
  else if (document.kind === 'snapshot') addSnapshot(document, lacking)
  else if (document.kind === 'run') addRun(document, lacking)
  else addProfile(document, lacking)
  return LACKING_WORDS.filter((word) => lacking.has(word))
}

/** Bytes where the importer says nothing else; times only where the document has some. */
export function unitsOf(document: AnyDocument): SourceUnits {
  if (document.kind === 'profile') return document.origin.units ?? { sizes: 'bytes', times: document.series?.timeUnit ?? null }
  const hasTimes = document.kind === 'trace' ? document.time !== undefined : document.kind === 'run' && document.timeAxis === 'ns'
  return document.origin.units ?? { sizes: 'bytes', times: hasTimes ? 'ns' : null }
}

function addTrace({ address, site, thread, time }: Trace, lacking: Set<Lacking>): void {
  if (address === undefined) lacking.add('addresses')
  if (site === undefined) lacking.add('sites')
  if (thread === undefined) lacking.add('threads')
  if (time === undefined) lacking.add('times')
}

function addSnapshot({ blocks, coverage }: Snapshot, lacking: Set<Lacking>): void {
  lacking.add('history')
  if (coverage === 'some') lacking.add('all-blocks')
  if (coverage !== 'all') lacking.add('free-blocks')
  if (blocks.site === undefined) lacking.add('sites')
  if (coverage === 'none') {
    lacking.add('blocks').add('requested-sizes')
    return
  }
  let busy = 0
  for (let row = 0; row < blocks.length; row++) {
    if (blocks.state.at(row) !== BlockState.Busy) continue
    if (blocks.requested.at(row) !== UNKNOWN_SIZE) return
    busy++
  }
  if (busy > 0) lacking.add('requested-sizes')
}

function addRun({ lifetimes, timeAxis }: Run, lacking: Set<Lacking>): void {
  if (lifetimes.site === undefined) lacking.add('sites')
  if (timeAxis === 'operations') lacking.add('times')
}

function addProfile({ sites, sampling, series }: Profile, lacking: Set<Lacking>): void {
  lacking.add('addresses').add('blocks').add('order')
  if (sites.names.length === 0) lacking.add('sites')
  if (sampling !== undefined) lacking.add('exact-counts')
  if (series === undefined) lacking.add('times').add('history')
}
