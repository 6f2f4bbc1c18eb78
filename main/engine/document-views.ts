import type { BlockGrouping } from '../../shared/analysis/block-columns'
import { deathOfBlock, deathsOfCut } from '../../shared/analysis/block-deaths'
import { groupBlocks } from '../../shared/analysis/block-groups'
import { BlockView, birthOf, keepFiltered, type BlockFilter, type BlockQuery } from '../../shared/analysis/block-query'
import { rowAtAddress, segmentAtAddress } from '../../shared/analysis/block-search'
import { BlockValues } from '../../shared/analysis/block-values'
import { type RowOrder, type RowTable, RowView } from '../../shared/analysis/dump/row-table'
import type { KeptRows } from '../../shared/analysis/filter/evaluate-filter'
import type { MapRange } from '../../shared/analysis/cell-writer'
import type { ColoringWish } from '../../shared/analysis/map-colors/colorings'
import { buildMapTile, type MapTile } from '../../shared/analysis/map-tiles'
import { freeSizesOf, unusableCurveOf } from '../../shared/analysis/metrics/holes'
import { keptLifetimes, keptLiveOfRun } from '../../shared/analysis/kept-live'
import { PageSums } from '../../shared/analysis/page-sums'
import { sizeClassSteps } from '../../shared/analysis/metrics/size-classes'
import { metricsOf, momentSumsSteps } from '../../shared/analysis/metrics/snapshot-metrics'
import { splitOf } from '../../shared/analysis/metrics/tiling-split'
import type { SiteMask } from '../../shared/analysis/sites/site-study'
import { siteLiveOfRun, siteLiveOfTrace } from '../../shared/analysis/sites/site-live'
import { bucketEnds, downsample, pageSeriesSteps, runSeriesSteps, type PageSeries, type DenseSeries, type RunSeries, type Series, traceSeriesSteps, type TraceSeries } from '../../shared/analysis/timeline'
import { computeTilingSeries, type TilingSeries } from '../../shared/analysis/tiling-series'
import { CHUNK_LENGTH, type Column } from '../../shared/base/column'
import { inTurns, type Steps } from '../../shared/base/steps'
import type { JobContext } from '../../shared/base/job-context'
import { NONE, UNKNOWN_SIZE, type Address, type EventNumber } from '../../shared/base/units'
import { MOST_SEGMENTS_TOLD, type BlockDetail, type Moment, type MomentMeasures } from '../../shared/ipc/engine-api'
import type { SeriesPage } from '../../shared/ipc/series-page'
import { BlockState, type Snapshot } from '../../shared/model/snapshot'
import { SnapshotCutter } from '../../shared/model/snapshot-at'
import type { Run } from '../../shared/model/run'
import type { Profile } from '../../shared/model/profile'
import type { Trace } from '../../shared/model/trace'
import { AddressTimeViews } from './address-time-views'
import { DumpViews } from './dump-views'
import { KeptMemory } from './kept-memory'
import { MomentColors } from './moment-colors'
import { RecentWork } from './recent-work'

/*
 * What views ask of an open document, with what is worth keeping between two questions: full-resolution series per
 * document, the last few cuts of a run, the last sorted orders of a cut's blocks.
 */
export type DocumentViews = TraceViews | RunViews | SnapshotViews | ProfileViews

export class TraceViews {
  readonly trace: Trace
  readonly #series = new RecentWork<TraceSeries>(1)
  readonly #chosen = new ChosenSeries()

  constructor(trace: Trace) {
    this.trace = trace
  }

  async series({ fromEvent, toEvent, points }: SeriesCut, sites: SiteMask | undefined, job: JobContext): Promise<SeriesPage> {
    const series = await this.#series.get('', job, (shared) => inTurns(traceSeriesSteps(this.trace), shared))
    const chosen = await this.#chosen.of(sites, (mask) => inTurns(siteLiveOfTrace(this.trace, mask), job))
    return seriesPage({ ...series, chosen }, fromEvent, toEvent, points)
  }
}

export interface SeriesCut {
  readonly fromEvent: EventNumber
  readonly toEvent: EventNumber
  readonly points: number
}

export class RunViews {
  readonly run: Run
  readonly #pageSeries = new RecentWork<PageSeries>(1)
  readonly #fullSeries = new RecentWork<RunSeries>(1)
  readonly #tiling = new RecentWork<TilingSeries>(1)
  readonly #chosen = new ChosenSeries()
  readonly #keptLive = new RecentWork<DenseSeries | null>(FILTERS_KEPT)
  /** One answer for the timeline and for address and time; a byte a lifetime. */
  readonly #kept = new RecentWork<KeptRows | null>(FILTERS_KEPT)
  #addressTime: AddressTimeViews | undefined
  #cutter: SnapshotCutter | undefined
  /** Two documents side by side and a step back need no more. */
  #moments = new RecentWork<MomentViews>(MOMENTS_KEPT)
  #why: Column | undefined

  constructor(run: Run) {
    this.run = run
  }

  get addressTime(): AddressTimeViews {
    this.#addressTime ??= new AddressTimeViews(this.run, () => this.#why, (filter, sites, job) => this.#keptBy(filter, sites, job))
    return this.#addressTime
  }

  /** The part of the series that takes no reading of lifetimes. */
  pageSeries(job: JobContext): Promise<PageSeries> {
    return this.#pageSeries.get('', job, (shared) => inTurns(pageSeriesSteps(this.run), shared))
  }

  fullSeries(job: JobContext): Promise<RunSeries> {
    return this.#fullSeries.get('', job, async (shared) => inTurns(runSeriesSteps(this.run, await this.pageSeries(shared)), shared))
  }

  /** Made when first asked for. */
  tiling(job: JobContext): Promise<TilingSeries> {
    return this.#tiling.get('', job, (shared) => computeTilingSeries(this.run, shared))
  }

  /** With a filter also the live bytes of what it keeps, where that can be told of whole lives. */
  async series(cut: SeriesCut, filter: BlockFilter | undefined, sites: SiteMask | undefined, job: JobContext): Promise<SeriesPage> {
    const onlySites = filter === undefined || Object.keys(filter).every((member) => member === 'sites')
    const chosen = onlySites
      ? await this.#chosen.of(sites, (mask) => inTurns(siteLiveOfRun(this.run, mask), job))
      : ((await this.#keptLiveBy(filter, sites, job)) ?? undefined)
    return seriesPage({ ...(await this.fullSeries(job)), chosen }, cut.fromEvent, cut.toEvent, cut.points)
  }

  #keptLiveBy(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<DenseSeries | null> {
    return this.#keptLive.get(this.#keyOf(filter), job, async (shared) => {
      const kept = await this.#keptBy(filter, sites, shared)
      return kept === null ? null : keptLiveOfRun(this.run, kept, shared)
    })
  }

  #keptBy(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<KeptRows | null> {
    const why = this.#why
    return this.#kept.get(this.#keyOf(filter), job, (shared) => keptLifetimes({ run: this.run, why }, filter, sites, shared))
  }

  /** A filter by reasons keeps other rows once they are told. */
  #keyOf(filter: BlockFilter): string {
    return JSON.stringify([filter, this.#why !== undefined])
  }

  /** Why the block of each lifetime lies where it does, from now on a column of every moment. */
  tellReasons(why: Column): void {
    this.#why = why
    this.#cutter = undefined
    this.#moments = new RecentWork(MOMENTS_KEPT)
  }

  /** The moment where it is kept, else a cut of its own. */
  snapshotAt(event: EventNumber): Snapshot {
    return this.#moments.peek(String(event))?.snapshot ?? (this.#cutter ??= new SnapshotCutter(this.run, this.#why)).cut(event)
  }

  /** @throws HeapscapeError `event-out-of-range`, `cancelled` */
  moment(event: EventNumber, job: JobContext): Promise<MomentViews> {
    return this.#moments.get(String(event), job, async (shared) => {
      this.#cutter ??= new SnapshotCutter(this.run, this.#why)
      return new MomentViews(await inTurns(this.#cutter.cutSteps(event), shared), event, this.run, async (other, ownJob) => (await this.moment(other, ownJob)).snapshot)
    })
  }
}

export class SnapshotViews {
  readonly dump: DumpViews
  readonly #whole: MomentViews
  #ofHeap: { readonly heap: number; readonly views: MomentViews } | undefined

  constructor(snapshot: Snapshot) {
    this.dump = new DumpViews(snapshot)
    this.#whole = new MomentViews(snapshot, null, undefined)
  }

  /** Of all heaps, or of one; the one asked for last is kept. */
  moment(heap: number | undefined): MomentViews {
    if (heap === undefined) return this.#whole
    if (this.#ofHeap?.heap !== heap) this.#ofHeap = { heap, views: new MomentViews(this.dump.scope(heap), null, undefined) }
    return this.#ofHeap.views
  }
}

/** A profile's tables are small and asked for as they are. */
export class ProfileViews {
  readonly profile: Profile

  constructor(profile: Profile) {
    this.profile = profile
  }
}

const MOMENTS_KEPT = 4
/** An order takes 4 bytes a row, a filter's mask 1: together at most so much for each moment, two orders and two masks of 50 million rows. */
const MOST_KEPT_BYTES = 512e6
const ORDERS_KEPT = 3
const FILTERS_KEPT = 3
/** Below it a tile is made of the blocks themselves in a few milliseconds, and measures come with the moment. */
const LEAST_BLOCKS_SUMMED = 100_000
const GROUPS_KEPT = 3

interface MapWish {
  readonly ranges: readonly MapRange[]
  readonly bytesPerCell: number
  readonly colors?: ColoringWish | undefined
}

/** One moment: a cut of a run, or a snapshot. */
export class MomentViews {
  readonly event: EventNumber | null
  readonly snapshot: Snapshot
  readonly #values: BlockValues
  readonly colors: MomentColors
  readonly #memory = new KeptMemory(MOST_KEPT_BYTES)
  readonly #orders = new RecentWork<BlockView>(ORDERS_KEPT, { memory: this.#memory, kind: 'order', bytesOf: (view) => view.bytes })
  readonly #kept = new RecentWork<KeptRows>(FILTERS_KEPT, { memory: this.#memory, kind: 'filter', bytesOf: ({ mask }) => mask?.byteLength ?? 0 })
  /** null: segments share pages. */
  readonly #pageSums = new RecentWork<PageSums | null>(1)
  readonly #chosenSums = new RecentWork<Float64Array>(FILTERS_KEPT)
  readonly #groups = new RecentWork<RowTable>(GROUPS_KEPT)
  #groupOrder: { readonly table: RowTable; readonly key: string; readonly view: RowView } | undefined
  #deaths: Column | undefined
  readonly #moment = new RecentWork<Moment>(1)
  readonly #measures = new RecentWork<MomentMeasures>(1)

  /** `momentAt` gives other moments of the same run. */
  constructor(snapshot: Snapshot, event: EventNumber | null, run: Run | undefined, momentAt?: (event: EventNumber, job: JobContext) => Promise<Snapshot>) {
    this.snapshot = snapshot
    this.event = event
    this.#values = new BlockValues(snapshot, undefined, run === undefined ? undefined : () => (this.#deaths ??= deathsOfCut(run, snapshot)), run === undefined ? undefined : (row) => (this.#deaths === undefined ? deathOfBlock(run, snapshot, row) : undefined))
    this.colors = new MomentColors({ values: this.#values, pageSums: (job) => this.#sumsByPage(job), momentAt, isSummed: snapshot.blocks.length >= LEAST_BLOCKS_SUMMED })
  }

  moment(job: JobContext): Promise<Moment> {
    return this.#moment.get('', job, async (shared) => {
      const { snapshot, event } = this
      return {
        event,
        blocks: snapshot.blocks.length,
        segments: snapshot.segments.slice(0, MOST_SEGMENTS_TOLD),
        segmentCount: snapshot.segments.length,
        committedBytes: snapshot.coverage === 'all' ? await inTurns(committedSteps(snapshot), shared) : null,
        // Whoever waits for a map of millions of blocks need not wait for their measures.
        measures: snapshot.blocks.length < LEAST_BLOCKS_SUMMED ? await this.measures(shared) : null,
      }
    })
  }

  measures(job: JobContext): Promise<MomentMeasures> {
    return this.#measures.get('', job, (shared) => inTurns(this.#measureSteps(), shared))
  }

  *#measureSteps(): Steps<MomentMeasures> {
    const { snapshot } = this
    const sums = yield* momentSumsSteps(snapshot)
    const sizeClasses = yield* sizeClassSteps(snapshot)
    const isWhole = snapshot.coverage === 'all'
    return {
      metrics: metricsOf(snapshot, sums),
      split: isWhole ? splitOf(sums.totals, sums.pages) : null,
      sizeClasses,
      freeSizes: freeSizesOf(sums.holes),
      unusableFree: unusableCurveOf(sums.holes),
      largestFreeBytes: isWhole ? yield* largestFreeSteps(snapshot) : null,
    }
  }

  get values(): BlockValues {
    return this.#values
  }

  /** With a filter, how much of each cell it keeps is told too; with `colors`, their cells. */
  async mapTile({ ranges, bytesPerCell, colors }: MapWish, filter: BlockFilter | undefined, sites: SiteMask | undefined, job: JobContext): Promise<MapTile> {
    const isFiltered = filter !== undefined && Object.keys(filter).length > 0
    const mask = isFiltered ? (await this.keptRows(filter, sites, job)).mask : undefined
    const tile = await this.#stateTile(ranges, bytesPerCell, { mask, key: JSON.stringify(filter) }, job)
    const cells = colors === undefined ? undefined : await this.colors.cells(colors, ranges, bytesPerCell, job)
    if (cells === undefined) return tile
    const { kind, share } = cells
    for (let cell = 0; cell < kind.length; cell++) if (kind[cell] !== 0) tile.share[cell] = share[cell]!
    return { ...tile, color: kind }
  }

  async #stateTile(ranges: readonly MapRange[], bytesPerCell: number, { mask, key }: { readonly mask: Uint8Array | undefined; readonly key: string }, job: JobContext): Promise<MapTile> {
    // Finer cells, and few blocks, are made of the blocks themselves in a few milliseconds.
    if (this.snapshot.blocks.length < LEAST_BLOCKS_SUMMED || bytesPerCell < this.snapshot.pageBytes) return buildMapTile(this.snapshot, ranges, bytesPerCell, mask)
    const sums = await this.#sumsByPage(job)
    if (sums?.fits(ranges, bytesPerCell) !== true) return buildMapTile(this.snapshot, ranges, bytesPerCell, mask)
    const chosen = mask === undefined ? undefined : await this.#chosenSums.get(key, job, (shared) => sums.chosen(this.snapshot, mask, shared))
    return sums.tile(ranges, bytesPerCell, chosen)
  }

  #sumsByPage(job: JobContext): Promise<PageSums | null> {
    return this.#pageSums.get('', job, async (shared) => (await PageSums.make(this.snapshot, shared)) ?? null)
  }

  keptRows(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<KeptRows> {
    return this.#kept.get(JSON.stringify(filter), job, (shared) => keepFiltered(this.#values, filter, sites, shared))
  }

  blockView(query: BlockQuery, sites: SiteMask | undefined, job: JobContext): Promise<BlockView> {
    return this.#orders.get(JSON.stringify(query), job, async (shared) => BlockView.make(this.#values, query, await this.keptRows(query.filter, sites, shared), shared))
  }

  async placeOf(query: BlockQuery, address: Address, sites: SiteMask | undefined, job: JobContext): Promise<number> {
    const row = rowAtAddress(this.snapshot.blocks, address)
    return row === NONE ? NONE : (await this.blockView(query, sites, job)).placeOf(row)
  }

  async groups({ filter, by, order }: { readonly filter: BlockFilter; readonly by: BlockGrouping; readonly order: RowOrder | null }, sites: SiteMask | undefined, job: JobContext): Promise<RowView> {
    const table = await this.#groups.get(JSON.stringify([filter, by]), job, async (shared) => groupBlocks(this.#values, await this.keptRows(filter, sites, shared), by, shared))
    const key = JSON.stringify(order)
    if (this.#groupOrder?.table !== table || this.#groupOrder.key !== key) this.#groupOrder = { table, key, view: new RowView(table, order ?? undefined) }
    return this.#groupOrder.view
  }

  blockAt(address: Address): BlockDetail | null {
    const { blocks, segments, siteNames } = this.snapshot
    const row = rowAtAddress(blocks, address)
    if (row === NONE) return null
    const requested = blocks.requested.at(row)
    const isBusy = blocks.state.at(row) === BlockState.Busy
    const birth = birthOf(this.snapshot, row)
    const death = this.#values.at('death', row)
    return {
      address: blocks.address.at(row),
      sizeBytes: blocks.size.at(row),
      requestedBytes: isBusy && requested !== UNKNOWN_SIZE ? requested : null,
      state: blocks.state.at(row),
      segment: segmentAtAddress(segments, address),
      birth: birth === NONE ? null : birth,
      death: isBusy && Number.isFinite(death) ? death : null,
      pinnedBytes: isBusy ? this.#values.at('pins', row) : 0,
      site: siteNames[blocks.site?.at(row) ?? NONE] ?? null,
    }
  }
}

/** Live bytes of the sites chosen last; a study gives the same mask for the same filter. */
class ChosenSeries {
  #last: { readonly mask: SiteMask; readonly series: DenseSeries } | undefined

  async of(mask: SiteMask | undefined, make: (mask: SiteMask) => Promise<DenseSeries>): Promise<DenseSeries | undefined> {
    if (mask === undefined) return undefined
    if (this.#last?.mask === mask) return this.#last.series
    const series = await make(mask)
    this.#last = { mask, series }
    return series
  }
}

/** The series that exist, cut into the same buckets. */
function seriesPage(all: Readonly<Record<string, Series | undefined>>, from: EventNumber, to: EventNumber, points: number): SeriesPage {
  const series: Record<string, ReturnType<typeof downsample>> = {}
  for (const [name, one] of Object.entries(all)) if (one !== undefined) series[name] = downsample(one, from, to, points)
  return { events: bucketEnds(from, to, points), series }
}

/** Bytes of all blocks that lie in committed memory. */
function* committedSteps({ blocks }: Snapshot): Steps<number> {
  let sum = 0
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const states = blocks.state.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) if (states[i] !== BlockState.Uncommitted) sum += sizes[i]!
    yield
  }
  return sum
}

function* largestFreeSteps({ blocks }: Snapshot): Steps<number | null> {
  let largest = 0
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const states = blocks.state.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) if (states[i] === BlockState.Free && sizes[i]! > largest) largest = sizes[i]!
    yield
  }
  return largest === 0 ? null : largest
}
