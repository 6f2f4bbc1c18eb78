import type { Buckets } from '../analysis/timeline'

/* Questions about a profile beside those about its call sites: its own statistics and its moments. */
interface OfProfile {
  readonly documentId: string
}

/** Figures an allocator gives of itself, rows [offset, offset + value.length). */
export interface StatisticPage {
  readonly total: number
  readonly offset: number
  readonly kind: readonly string[]
  readonly subject: readonly string[]
  readonly name: readonly string[]
  readonly value: Float64Array
  readonly unit: readonly string[]
}

/** One moment of a profile's series. */
export interface ProfileMoment {
  readonly moment: number
  /** In the series' own unit. */
  readonly time: number
  readonly timeUnit: string
  readonly name: string
  /** What the moment tells besides its totals: MomentDetail. */
  readonly detail: number
  readonly totals: readonly { readonly id: string; readonly unit: string; readonly basis: string; readonly value: number }[]
}

/** Bucket i ends at moment `events[i]`; series by the ids of their measures. */
export interface MomentSeriesPage {
  readonly events: Float64Array
  readonly series: Readonly<Record<string, Buckets>>
}

/** Method -> [parameters, answer]. */
export interface ProfileMethods {
  /** Rows in which any text contains the search, case aside. */
  profileStatistics: [OfProfile & { readonly search: string; readonly offset: number; readonly count: number }, StatisticPage]
  /** Totals over the moments. */
  profileSeries: [OfProfile & { readonly fromMoment: number; readonly toMoment: number; readonly points: number }, MomentSeriesPage]
  profileMoment: [OfProfile & { readonly moment: number }, ProfileMoment]
}
