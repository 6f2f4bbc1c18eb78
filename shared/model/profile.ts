import { Column } from '../base/column'
import { NONE } from '../base/units'
import type { Origin, TraceSites } from './trace'

/*
 * Profile: what the places of a program that ask for memory did in sum; no blocks, no addresses of blocks.
 *
 *   sites       name                     calls.stackOf      one row per place (a path of calls), tables as in Trace
 *               getdelim < readLine      4711
 *   measures    live-bytes  live-blocks  peak-bytes ...     one column over the sites each
 *   series      moments  time  detail  name                 the same over time, where the source tells it
 *               totals   one column over the moments each
 *               cells    moment  site, and one column over the cells each
 *   statistics  kind  subject  name  value  unit            what an allocator says of itself
 *               bin   arena 0, 48 bytes  curregs  105  count
 *
 * Each part may be empty: statistics have no sites, a profile of one moment has no series.
 */
export type MeasureUnit = 'bytes' | 'blocks' | 'instructions' | 'ns' | 'count'

/** How a figure came about: counted, counted over a sample as it stands in the file, or estimated from a sample. */
export const MEASURE_BASES = ['exact', 'sampled', 'scaled'] as const
export type MeasureBasis = (typeof MEASURE_BASES)[number]

export interface MeasureInfo {
  /** Kebab-case, unique in its list; the common ones are in profile-measures.ts. */
  readonly id: string
  /** `bytes`, `blocks`, or the source's own unit. */
  readonly unit: MeasureUnit | (string & {})
  readonly basis: MeasureBasis
  /** One sentence: what is counted, and when. */
  readonly definition: string
  /** True when the sum over some sites is that group's figure; peaks of single sites do not add up. */
  readonly additive: boolean
  /** The sum as the source itself states it; absent when it states none. */
  readonly statedTotal?: number
}

export interface Measure extends MeasureInfo {
  /** Float64, one row per site, moment or cell; negative only in differences. */
  readonly values: Column
}

/** How much a moment of a series tells: its totals, besides the sites, or the sites at the source's own peak. */
export const MomentDetail = { Totals: 0, Sites: 1, Peak: 2 } as const
export type MomentDetail = (typeof MomentDetail)[keyof typeof MomentDetail]
export const MOMENT_DETAIL_NAMES = ['totals', 'sites', 'peak'] as const

export class MomentTable {
  readonly [Symbol.toStringTag] = 'MomentTable'
  /** In the series' unit, never falling. */
  readonly time = new Column('f64')
  /** MomentDetail. */
  readonly detail = new Column('u8')
  /** The source's name of the moment, "" when it has none. */
  name: string[] = []

  get length(): number {
    return this.time.length
  }

  /** Returns the new moment's row. */
  add(time: number, detail: MomentDetail, name = ''): number {
    this.time.push(time)
    this.detail.push(detail)
    this.name.push(name)
    return this.time.length - 1
  }
}

/** What a site had at a moment; in order of moments, each pair once. */
export class CellTable {
  readonly [Symbol.toStringTag] = 'CellTable'
  readonly moment = new Column('u32')
  readonly site = new Column('u32')

  get length(): number {
    return this.moment.length
  }
}

export interface ProfileSeries {
  /** Of `moments.time`, as the source names it: `instructions`, `ms`, `bytes`. */
  readonly timeUnit: string
  readonly moments: MomentTable
  /** Over the moments. */
  readonly totals: readonly Measure[]
  readonly cells: CellTable
  /** Over the cells. */
  readonly measures: readonly Measure[]
}

/** Figures an allocator gives of itself; text columns and a number. */
export class StatisticTable {
  readonly [Symbol.toStringTag] = 'StatisticTable'
  /** What the row is about, kebab-case: `process`, `arena`, `bin`, `size-class`, `thread`, `mutex`, `option`... */
  kind: string[] = []
  /** Which one of its kind, "" when there is one only: `arena 0`. */
  subject: string[] = []
  /** The source's own name of the figure. */
  name: string[] = []
  readonly value = new Column('f64')
  /** `bytes`, `blocks`, `pages`, `count`, `ns`, `ratio`... */
  unit: string[] = []

  get length(): number {
    return this.value.length
  }

  add(kind: string, subject: string, name: string, value: number, unit: string): void {
    this.kind.push(kind)
    this.subject.push(subject)
    this.name.push(name)
    this.value.push(value)
    this.unit.push(unit)
  }

  /** The first value of that name, or undefined. */
  find(kind: string, subject: string, name: string): number | undefined {
    for (let row = 0; row < this.length; row++) {
      if (this.name[row] === name && this.kind[row] === kind && this.subject[row] === subject) return this.value.at(row)
    }
    return undefined
  }
}

export interface Sampling {
  /** How samples were drawn, one sentence. */
  readonly method: string
  /** Mean bytes between two samples; null when the source does not tell. */
  readonly periodBytes: number | null
}

interface ProfileFields {
  readonly origin: Origin
  readonly command?: string
  readonly sampling?: Sampling | undefined
  readonly sites?: TraceSites
  readonly measures?: readonly Measure[]
  readonly series?: ProfileSeries | undefined
  readonly statistics?: StatisticTable
}

export class Profile {
  readonly [Symbol.toStringTag] = 'Profile'
  readonly kind = 'profile'
  origin: Origin
  /** The command that was profiled, "" unknown. */
  readonly command: string
  /** Absent when every figure was counted. */
  readonly sampling: Sampling | undefined
  readonly sites: TraceSites
  readonly measures: readonly Measure[]
  readonly series: ProfileSeries | undefined
  readonly statistics: StatisticTable

  constructor(fields: ProfileFields) {
    this.origin = fields.origin
    this.command = fields.command ?? ''
    this.sampling = fields.sampling
    this.sites = fields.sites ?? { names: [] }
    this.measures = fields.measures ?? []
    this.series = fields.series
    this.statistics = fields.statistics ?? new StatisticTable()
  }
}

/** An empty column for `info`, to be filled in step with the rows it is about. */
export const measureOf = (info: MeasureInfo): Measure => ({ ...info, values: new Column('f64') })

export function findMeasure(measures: readonly Measure[], id: string): Measure | undefined {
  return measures.find((measure) => measure.id === id)
}

/** Sum over all rows. */
export function measureTotal({ values }: Measure): number {
  let sum = 0
  for (let row = 0; row < values.length; row++) sum += values.at(row)
  return sum
}

/** Values of a measure at one moment of a series, by site; sites without a cell have 0. */
export function valuesAtMoment({ cells }: ProfileSeries, measure: Measure, moment: number, sites: number): Float64Array {
  const values = new Float64Array(sites)
  for (let row = firstCellOf(cells, moment); row < cells.length && cells.moment.at(row) === moment; row++) {
    values[cells.site.at(row)] = measure.values.at(row)
  }
  return values
}

/** First cell of a moment or of a later one: cells are in order of moments. */
function firstCellOf({ moment }: CellTable, wanted: number): number {
  let low = 0
  let high = moment.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (moment.at(middle) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** The moment whose sites the source itself calls the peak; NONE when there is none. */
export function peakMoment(series: ProfileSeries): number {
  for (let row = series.moments.length - 1; row >= 0; row--) if (series.moments.detail.at(row) === MomentDetail.Peak) return row
  return NONE
}
