import { ProfileSiteSource } from '../analysis/sites/profile-sites'
import { RunSiteSource, SnapshotSiteSource, type RunMoments } from '../analysis/sites/run-sites'
import type { SiteSource } from '../analysis/sites/site-measures'
import { TraceSiteSource } from '../analysis/sites/trace-sites'
import { runJumpsSteps, runSeriesSteps } from '../analysis/timeline'
import { summariseTrace } from '../analysis/trace-summary'
import type { Steps } from '../base/steps'
import type { EventNumber } from '../base/units'
import type { Profile } from '../model/profile'
import type { AnyDocument, Run } from '../model/run'
import { SnapshotCutter } from '../model/snapshot-at'

/** The call sites of any document. `cuts`: of a run, where the caller keeps some already. */
export function siteSourceOf(document: AnyDocument | Profile, cuts?: Omit<RunMoments, 'peakSteps'>): SiteSource {
  switch (document.kind) {
    case 'trace':
      return new TraceSiteSource(document, once(() => summariseTrace(document).peakEvent))
    case 'run':
      return runSource(document, cuts)
    case 'snapshot':
      return new SnapshotSiteSource(document)
    case 'profile':
      return new ProfileSiteSource(document)
  }
}

function runSource(run: Run, cuts?: Omit<RunMoments, 'peakSteps'>): SiteSource {
  return new RunSiteSource(run, once(() => {
    const cutter = cuts === undefined ? new SnapshotCutter(run) : undefined
    let peak: EventNumber | undefined
    const peakSteps = function* (): Steps<EventNumber> {
      return (peak ??= (yield* runJumpsSteps(run, yield* runSeriesSteps(run))).peakLive)
    }
    return { ...(cuts ?? { cut: (event: number) => cutter!.cut(event) }), peakSteps }
  }))
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
