import type { BlockValues } from '../../shared/analysis/block-values'
import type { MapRange, WrittenCells } from '../../shared/analysis/cell-writer'
import { colorBlocks } from '../../shared/analysis/map-colors/block-colors'
import { changedBetween } from '../../shared/analysis/map-colors/changed-since'
import type { ColorSet } from '../../shared/analysis/map-colors/color-spans'
import { colorCells, ColorSums } from '../../shared/analysis/map-colors/color-sums'
import { MAP_COLORINGS, whyNotColored, type ColoringWish, type MapColoring, type MapLegend } from '../../shared/analysis/map-colors/colorings'
import { occupancyCells, occupancyEntries } from '../../shared/analysis/map-colors/page-occupancy'
import { PageIndex } from '../../shared/analysis/page-index'
import type { PageSums } from '../../shared/analysis/page-sums'
import type { JobContext } from '../../shared/base/job-context'
import type { EventNumber } from '../../shared/base/units'
import type { Snapshot } from '../../shared/model/snapshot'
import { RecentWork } from './recent-work'

/** Each is a byte a block; two, so that going back and forth between two colourings costs nothing. */
const COLORINGS_KEPT = 2

export interface MomentColorParts {
  readonly values: BlockValues
  /** null where segments share pages. */
  readonly pageSums: (job: JobContext) => Promise<PageSums | null>
  /** Another moment of the same run; undefined for a snapshot. */
  readonly momentAt: ((event: EventNumber, job: JobContext) => Promise<Snapshot>) | undefined
  /** Blocks are many enough to be added up by page for maps of coarse cells. */
  readonly isSummed: boolean
}

/** The colourings of one moment: made when first asked for, by jobs that can be cancelled. */
export class MomentColors {
  readonly #parts: MomentColorParts
  readonly #sets = new RecentWork<ColorSet>(COLORINGS_KEPT)
  readonly #sums = new RecentWork<ColorSums | null>(COLORINGS_KEPT)
  readonly #pages = new RecentWork<MapLegend>(1)

  constructor(parts: MomentColorParts) {
    this.#parts = parts
  }

  /** Why each colouring is not available; null = it is. */
  reasons(): Record<MapColoring, string | null> {
    return Object.fromEntries(MAP_COLORINGS.map((by) => [by, this.#reason(by)])) as Record<MapColoring, string | null>
  }

  async legend(wish: ColoringWish, job: JobContext): Promise<MapLegend> {
    const reason = this.#reason(wish.by)
    if (reason !== null) return { available: false, reason }
    if (wish.by !== 'occupancy') return { available: true, entries: (await this.#set(wish, job)).entries }
    return this.#pages.get('', job, async (shared) => {
      const sums = await this.#parts.pageSums(shared)
      return sums === null ? { available: false, reason: 'Segments share pages.' } : { available: true, entries: await occupancyEntries(sums, shared) }
    })
  }

  /** Colour of each cell, one after another; undefined where the colouring is not available. */
  async cells(wish: ColoringWish, ranges: readonly MapRange[], bytesPerCell: number, job: JobContext): Promise<WrittenCells | undefined> {
    if (this.#reason(wish.by) !== null) return undefined
    const count = ranges.reduce((sum, { cells }) => sum + cells, 0)
    const out = { kind: new Uint8Array(count), share: new Uint8Array(count) }
    const fill = await this.#filler(wish, ranges, bytesPerCell, job)
    let first = 0
    for (const range of ranges) {
      fill(range, out, first)
      first += range.cells
    }
    return out
  }

  async #filler(wish: ColoringWish, ranges: readonly MapRange[], bytesPerCell: number, job: JobContext): Promise<(range: MapRange, out: WrittenCells, first: number) => void> {
    if (wish.by === 'occupancy') {
      const sums = await this.#parts.pageSums(job)
      return (range, out, first) => (sums === null ? undefined : occupancyCells(sums, range, bytesPerCell, out, first))
    }
    const { spans, entries } = await this.#set(wish, job)
    const kinds = entries.length + 1
    const index = this.#parts.isSummed ? PageIndex.of(this.#parts.values.snapshot) : undefined
    if (index?.fits(ranges, bytesPerCell) !== true) return (range, out, first) => colorCells(spans, kinds, range, bytesPerCell, out, first)
    const sums = await this.#sums.get(keyOf(wish), job, (shared) => ColorSums.make(index, spans, kinds, shared))
    return (range, out, first) => sums!.fill(range, bytesPerCell, out, first)
  }

  #set(wish: ColoringWish, job: JobContext): Promise<ColorSet> {
    const { by, since } = wish
    const { values, momentAt } = this.#parts
    return this.#sets.get(keyOf(wish), job, async (shared) => {
      if (by === 'changed') return changedBetween(values.snapshot, await momentAt!(since ?? 0, shared), shared)
      if (by === 'occupancy') throw new RangeError('page occupancy is no colouring of blocks')
      return colorBlocks(values, by, shared)
    })
  }

  #reason(by: MapColoring): string | null {
    return whyNotColored(this.#parts.values.snapshot, by, this.#parts.momentAt !== undefined)
  }
}

const keyOf = ({ by, since }: ColoringWish): string => `${by} ${by === 'changed' ? (since ?? 0) : ''}`
