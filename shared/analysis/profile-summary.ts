import { measureTotal, MomentDetail, type Measure, type MeasureInfo, type Profile, type Sampling } from '../model/profile'

/** A measure without its column: what it is, and its sum. */
export interface MeasureSummary extends Omit<MeasureInfo, 'statedTotal'> {
  /** Sum over the sites; null when sums of this measure mean nothing. */
  readonly total: number | null
  /** The sum as the source states it; null when it states none. */
  readonly statedTotal: number | null
}

export interface SeriesSummary {
  readonly timeUnit: string
  readonly moments: number
  /** Moments that tell sites. */
  readonly detailedMoments: number
  readonly fromTime: number
  readonly toTime: number
  readonly measures: readonly string[]
  /** Largest value of each total over the moments, and the moment it stands at. */
  readonly peaks: readonly { readonly id: string; readonly unit: string; readonly value: number; readonly moment: number; readonly time: number }[]
}

export interface ProfileSummary {
  readonly command: string
  readonly sampling: Sampling | null
  readonly sites: number
  /** Rows of the frame and stack tables; 0 when sites are mere texts. */
  readonly frames: number
  readonly stacks: number
  readonly measures: readonly MeasureSummary[]
  readonly series: SeriesSummary | null
  readonly statistics: number
}

/** Counts and sums of a profile, for the window's first picture and for reports. */
export function summariseProfile({ command, sampling, sites, measures, series, statistics }: Profile): ProfileSummary {
  return {
    command,
    sampling: sampling ?? null,
    sites: sites.names.length,
    frames: sites.calls?.tables.frames.length ?? 0,
    stacks: sites.calls?.tables.stacks.length ?? 0,
    measures: measures.map(summariseMeasure),
    series: series === undefined ? null : summariseSeries(series),
    statistics: statistics.length,
  }
}

function summariseMeasure(measure: Measure): MeasureSummary {
  const { id, unit, basis, definition, additive, statedTotal = null } = measure
  return { id, unit, basis, definition, additive, statedTotal, total: additive ? measureTotal(measure) : null }
}

function summariseSeries({ timeUnit, moments, totals, measures }: NonNullable<Profile['series']>): SeriesSummary {
  let detailedMoments = 0
  for (let row = 0; row < moments.length; row++) if (moments.detail.at(row) !== MomentDetail.Totals) detailedMoments++
  return {
    timeUnit,
    moments: moments.length,
    detailedMoments,
    fromTime: moments.length === 0 ? 0 : moments.time.at(0),
    toTime: moments.length === 0 ? 0 : moments.time.at(moments.length - 1),
    measures: measures.map(({ id }) => id),
    peaks: moments.length === 0 ? [] : totals.map((total) => peakOf(total, moments)),
  }
}

function peakOf({ id, unit, values }: Measure, { time }: NonNullable<Profile['series']>['moments']): SeriesSummary['peaks'][number] {
  let moment = 0
  for (let row = 1; row < values.length; row++) if (values.at(row) > values.at(moment)) moment = row
  return { id, unit, value: values.at(moment), moment, time: time.at(moment) }
}
