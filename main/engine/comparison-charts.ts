import { alignedTiles, alignLanes } from '../../shared/analysis/compare/aligned-maps'
import type { MemberViews } from '../../shared/analysis/compare/member-views'
import { addSurvival, survivalCurve } from '../../shared/analysis/compare/survival'
import type { JobContext } from '../../shared/base/job-context'
import type { ComparisonPick, MomentPair, SideId, SideOf } from '../../shared/ipc/comparison-api'
import type { Cut } from './comparison-contents'
import type { EditedSet } from './comparison-set'
import type { Handlers } from './handlers'

type ChartMethod = 'comparisonTimelines' | 'comparisonCurves' | 'comparisonSurvival' | 'comparisonLanes' | 'comparisonLaneTiles'

/** What the charts of a set show: aggregates that were made when each member was measured, and maps of the two compared. */
export function chartHandlers(setOf: (id: string) => EditedSet, cutsOf: (pair: MomentPair, job: JobContext) => Promise<readonly [Cut, Cut]>): Handlers<ChartMethod> {
  return {
    comparisonTimelines: ({ axis, series, ...pick }) =>
      eachMember(setOf(pick.comparisonId), pick, ({ byProgress, byEvents }) => ({ values: (axis === 'progress' ? byProgress : byEvents)?.[series] ?? null })),
    comparisonCurves: ({ moment, ...pick }) => eachMember(setOf(pick.comparisonId), pick, (views) => ({ curve: views[moment].free })),
    comparisonSurvival: ({ weight, sizeClass, comparisonId, sides, label }) => {
      const set = setOf(comparisonId)
      const tallies = sides.map((sideId) => ({ sideId, tally: addSurvival(viewsOf(set, sideId, label).flatMap(({ views }) => views.survival ?? [])) }))
      return {
        unit: tallies.find(({ tally }) => tally !== null)?.tally?.unit ?? 'bytes',
        curves: tallies.map(({ sideId, tally }) => ({ sideId, curve: tally === null ? null : survivalCurve(tally, weight, sizeClass) })),
      }
    },
    comparisonLanes: async (pair, job) => alignLanes((await cutsOf(pair, job)).map(({ snapshot }) => snapshot)),
    comparisonLaneTiles: async ({ ranges, bytesPerCell, ...pair }, job) => {
      const snapshots = (await cutsOf(pair, job)).map(({ snapshot }) => snapshot)
      return alignedTiles(snapshots, alignLanes(snapshots), ranges, bytesPerCell)
    },
  }
}

interface ViewedMember {
  readonly id: string
  readonly name: string
  readonly views: MemberViews
}

const viewsOf = (set: EditedSet, sideId: SideId, label: string | null): ViewedMember[] =>
  set.measured(sideId, label).flatMap(({ id, title, views }) => (views === null ? [] : [{ id, name: title, views }]))

function eachMember<T>(set: EditedSet, { sides, label }: ComparisonPick, show: (views: MemberViews) => T): SideOf<T>[] {
  return sides.map((sideId) => ({ sideId, members: viewsOf(set, sideId, label).map(({ id, name, views }) => ({ id, name, ...show(views) })) }))
}
