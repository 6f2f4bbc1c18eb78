import type { Column } from '../../base/column'
import { NONE } from '../../base/units'
import { CellTable, measureOf, MomentDetail, MomentTable, Profile, type Measure, type MeasureInfo, type ProfileSeries } from '../../model/profile'
import { SiteBuilder } from '../../model/profile-builder'
import { MEASURES } from '../../model/profile-measures'
import type { Origin } from '../../model/trace'
import { ValgrindFrames } from '../../model/valgrind-frame'

/** Figures of a program point: total, lifetime, at its own maximum, at the global peak, at the end, read, written. */
export const POINT_KEYS = ['tb', 'tbk', 'tl', 'mb', 'mbk', 'gb', 'gbk', 'eb', 'ebk', 'rb', 'wb'] as const
export type PointKey = (typeof POINT_KEYS)[number]

export interface DhatHeader {
  /** `heap`, `ad-hoc` or `copy`. */
  readonly mode: string
  readonly verb: string
  readonly cmd: string
  /** Unit of times, for instance `instrs`. */
  readonly tu: string
  /** What is counted when it is not bytes and blocks. */
  readonly bu: string
  readonly bsu: string
  readonly bksu: string
  readonly hasLifetimes: boolean
  readonly hasAccesses: boolean
  readonly peakTime: number
  readonly endTime: number
}

const TIME_UNITS: Readonly<Record<string, string>> = { instrs: 'instructions', ms: 'ms' }
const ROOT = '[root]'

const LIFETIME_KEYS: readonly PointKey[] = ['tl', 'mb', 'mbk', 'gb', 'gbk', 'eb', 'ebk']
const ACCESS_KEYS: readonly PointKey[] = ['rb', 'wb']

function infosOf({ mode, verb, bsu, bksu, tu }: DhatHeader): Record<PointKey, MeasureInfo> {
  const lifetime: MeasureInfo = { id: 'lifetime', unit: TIME_UNITS[tu] ?? (tu || 'unknown'), basis: 'exact', additive: true, definition: 'Lifetimes of all blocks, added up.' }
  const access = (id: string, done: string): MeasureInfo => ({ id, unit: 'bytes', basis: 'exact', additive: true, definition: `Bytes ${done} in the blocks, repeated ones counted each time.` })
  const isHeap = mode === 'heap'
  const other = (id: string, unit: string): MeasureInfo => ({ id, unit, basis: 'exact', additive: true, definition: `${verb}: ${unit} in total.` })
  return {
    tb: isHeap ? MEASURES.allocatedBytes : other('total-size', bsu || 'bytes'),
    tbk: isHeap ? MEASURES.allocatedBlocks : other('total-count', bksu || 'events'),
    tl: lifetime,
    mb: MEASURES.sitePeakBytes, mbk: MEASURES.sitePeakBlocks,
    gb: MEASURES.peakBytes, gbk: MEASURES.peakBlocks,
    eb: MEASURES.endBytes, ebk: MEASURES.endBlocks,
    rb: access('read-bytes', 'read'), wb: access('written-bytes', 'written'),
  }
}

/** The tables of the profile, once the frames are known. */
export class DhatTables {
  readonly #header: DhatHeader
  readonly #sites = new SiteBuilder()
  readonly #measures: readonly (readonly [PointKey, Measure])[]
  /** Rows of the frames in order of their numbers in the file. */
  readonly #rows: readonly number[]
  readonly #unknown = new Map<number, number>()

  constructor(header: DhatHeader, frames: readonly string[]) {
    this.#header = header
    const infos = infosOf(header)
    const keys = POINT_KEYS.filter((key) => (header.hasLifetimes || !LIFETIME_KEYS.includes(key)) && (header.hasAccesses || !ACCESS_KEYS.includes(key)))
    this.#measures = keys.map((key) => [key, this.#sites.measure(infos[key])] as const)
    const texts = new ValgrindFrames(this.#sites.tables.frames)
    this.#rows = frames.map((text) => (text === ROOT ? NONE : texts.rowOf(text)))
  }

  /** Adds row `point` of the figures; `frames` innermost first. */
  add(points: Record<PointKey, Column>, point: number, frames: readonly number[]): void {
    const path = frames.map((frame) => this.#rows[frame] ?? this.#unknownFrame(frame)).filter((row) => row !== NONE)
    const site = this.#sites.site(this.#sites.pathOf(path))
    for (const [key, measure] of this.#measures) {
      const value = points[key].at(point)
      if (measure.additive) this.#sites.add(measure, site, value)
      else measure.values.set(site, Math.max(measure.values.at(site), value))
    }
  }

  toProfile(origin: Origin): Profile {
    const sites = this.#sites.toSites()
    return new Profile({ origin, command: this.#header.cmd, sites, measures: this.#measures.map(([, measure]) => measure), series: this.#series() })
  }

  /** The peak and the end, as moments. */
  #series(): ProfileSeries | undefined {
    const { hasLifetimes, peakTime, endTime, tu } = this.#header
    if (!hasLifetimes || !Number.isFinite(peakTime) || !Number.isFinite(endTime) || endTime < peakTime) return undefined
    const moments = new MomentTable()
    const cells = new CellTable()
    const [bytes, blocks] = [measureOf(MEASURES.liveBytes), measureOf(MEASURES.liveBlocks)]
    const totals = [measureOf({ ...MEASURES.liveBytes, id: 'heap-bytes' }), measureOf({ ...MEASURES.liveBlocks, id: 'heap-blocks' })]
    const found = new Map(this.#measures)
    for (const [bytesKey, blocksKey, time, detail, name] of [['gb', 'gbk', peakTime, MomentDetail.Peak, 'peak'], ['eb', 'ebk', endTime, MomentDetail.Sites, 'end']] as const) {
      const moment = moments.add(time, detail, name)
      let sums = [0, 0]
      for (let site = 0; site < this.#sites.length; site++) {
        const pair = [found.get(bytesKey)!.values.at(site), found.get(blocksKey)!.values.at(site)] as const
        sums = [sums[0]! + pair[0], sums[1]! + pair[1]]
        if (pair[0] === 0 && pair[1] === 0) continue
        cells.moment.push(moment)
        cells.site.push(site)
        bytes.values.push(pair[0])
        blocks.values.push(pair[1])
      }
      totals.forEach((total, i) => total.values.push(sums[i]!))
    }
    return { timeUnit: TIME_UNITS[tu] ?? (tu || 'unknown'), moments, totals, cells, measures: [bytes, blocks] }
  }

  /** A frame that is not in the list is a frame without a name; equal numbers are one frame. */
  #unknownFrame(frame: number): number {
    const known = this.#unknown.get(frame)
    if (known !== undefined) return known
    const row = this.#sites.tables.frames.add({})
    this.#unknown.set(frame, row)
    return row
  }
}
