import { Column } from '../../base/column'
import { NONE } from '../../base/units'
import { CellTable, measureOf, MomentDetail, MomentTable, Profile, type Measure } from '../../model/profile'
import { SiteBuilder } from '../../model/profile-builder'
import { MEASURES, redefined, withStatedTotal } from '../../model/profile-measures'
import type { Origin } from '../../model/trace'
import { ValgrindFrames } from '../../model/valgrind-frame'
import type { Leaf } from './leaf'

const total = (id: string, definition: string): Measure => measureOf({ id, unit: 'bytes', basis: 'exact', additive: true, definition })

/** What callers Massif did not list are shown as: it sums up places below its threshold. */
const BELOW_THRESHOLD = '(places below the threshold)'

export interface MomentFigures {
  readonly time: number
  readonly heapBytes: number
  readonly extraBytes: number
  readonly stackBytes: number
}

/** The tables of the profile while the file is read. */
export class MassifTables {
  readonly sites = new SiteBuilder()
  readonly frames = new ValgrindFrames(this.sites.tables.frames)
  /** The root's text: which functions count as allocation. */
  allocationFunctions = ''
  readonly #peak = this.sites.measure(redefined(MEASURES.peakBytes, 'Bytes live at the snapshot Massif calls the peak, or without one at the snapshot with sites that had most.'))
  readonly #last = this.sites.measure(redefined(MEASURES.liveBytes, 'Bytes live at the last snapshot that lists sites.'))
  readonly #moments = new MomentTable()
  readonly #totals = {
    heap: total('heap-bytes', 'Bytes requested and not yet freed.'),
    extra: total('heap-extra-bytes', 'Bytes the heap adds: headers and rounding, as Massif reckons them.'),
    stacks: total('stack-bytes', 'Bytes of the stacks; 0 unless Massif was run with --stacks=yes.'),
    all: total('total-bytes', 'Heap, its extra bytes and stacks together.'),
  }
  readonly #cells = new CellTable()
  readonly #bytes = measureOf(redefined(MEASURES.liveBytes, 'Bytes requested at the site and not yet freed.'))
  /** Cell of each site in the moment at hand, by the moment it was made in. */
  readonly #cellOfSite = new Column('u32')
  #belowThreshold: number = NONE

  get moments(): number {
    return this.#moments.length
  }

  get lastTime(): number {
    return this.#moments.length === 0 ? 0 : this.#moments.time.at(this.#moments.length - 1)
  }

  /** Row of the frame that stands for places below the threshold. */
  get belowThreshold(): number {
    if (this.#belowThreshold === NONE) this.#belowThreshold = this.sites.tables.frames.add({ function: BELOW_THRESHOLD })
    return this.#belowThreshold
  }

  /** `leaves` undefined: the tree is lost. */
  addMoment(figures: MomentFigures, treeKind: string, leaves: readonly Leaf[] | undefined): void {
    const detail = leaves === undefined || treeKind === 'empty' ? MomentDetail.Totals : treeKind === 'peak' ? MomentDetail.Peak : MomentDetail.Sites
    const moment = this.#moments.add(figures.time, detail, treeKind === 'peak' ? 'peak' : '')
    this.#totals.heap.values.push(figures.heapBytes)
    this.#totals.extra.values.push(figures.extraBytes)
    this.#totals.stacks.values.push(figures.stackBytes)
    this.#totals.all.values.push(figures.heapBytes + figures.extraBytes + figures.stackBytes)
    for (const leaf of leaves ?? []) this.#addCell(moment, leaf)
  }

  toProfile({ origin, command, timeUnit }: { readonly origin: Origin; readonly command: string; readonly timeUnit: string }): Profile {
    const peak = this.#peakMoment()
    const last = this.#lastDetailed()
    this.#fill(this.#peak, peak)
    this.#fill(this.#last, last)
    const stated = (measure: Measure, moment: number): Measure => (moment === NONE ? measure : { ...withStatedTotal(measure, this.#totals.heap.values.at(moment)), values: measure.values })
    const sites = this.sites.toSites()
    return new Profile({
      origin,
      command,
      sites,
      measures: last === NONE ? [] : [stated(this.#peak, peak), stated(this.#last, last)],
      series: { timeUnit, moments: this.#moments, totals: Object.values(this.#totals), cells: this.#cells, measures: [this.#bytes] },
    })
  }

  #addCell(moment: number, { stack, bytes }: Leaf): void {
    const site = this.sites.site(stack)
    while (this.#cellOfSite.length <= site) this.#cellOfSite.push(0)
    const cell = this.#cellOfSite.at(site) - 1
    if (cell >= 0 && this.#cells.moment.at(cell) === moment) {
      this.#bytes.values.set(cell, this.#bytes.values.at(cell) + bytes)
      return
    }
    this.#cells.moment.push(moment)
    this.#cells.site.push(site)
    this.#bytes.values.push(bytes)
    this.#cellOfSite.set(site, this.#cells.length)
  }

  #peakMoment(): number {
    let best: number = NONE
    for (let row = 0; row < this.#moments.length; row++) {
      const detail = this.#moments.detail.at(row)
      if (detail === MomentDetail.Peak) best = row
      if (detail === MomentDetail.Totals || (best !== NONE && this.#moments.detail.at(best) === MomentDetail.Peak)) continue
      if (best === NONE || this.#totals.all.values.at(row) > this.#totals.all.values.at(best)) best = row
    }
    return best
  }

  #lastDetailed(): number {
    for (let row = this.#moments.length - 1; row >= 0; row--) if (this.#moments.detail.at(row) !== MomentDetail.Totals) return row
    return NONE
  }

  #fill(measure: Measure, moment: number): void {
    for (let cell = 0; cell < this.#cells.length; cell++) {
      if (this.#cells.moment.at(cell) === moment) this.sites.add(measure, this.#cells.site.at(cell), this.#bytes.values.at(cell))
    }
  }
}
