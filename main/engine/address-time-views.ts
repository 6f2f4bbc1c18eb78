import { addressTimeTile, windowSums, type AddressTimeTile, type TileWish, type WindowSums } from '../../shared/analysis/address-time/address-time-tile'
import { AllocatedBytes } from '../../shared/analysis/address-time/allocated-bytes'
import type { FoldedSpace } from '../../shared/analysis/address-time/folded-space'
import { placeCodes, type PlaceCodes } from '../../shared/analysis/address-time/lifetime-colors'
import { LifetimeIndex } from '../../shared/analysis/address-time/lifetime-index'
import { lifetimeAt, lifetimeFacts, lifetimesOver, steppedLifetime, type LifetimeFacts } from '../../shared/analysis/address-time/lifetime-search'
import { lifetimeTotals, type LifetimeTotals } from '../../shared/analysis/address-time/lifetime-totals'
import type { LifeColor, LifeStep } from '../../shared/analysis/address-time/names'
import { pageHistory, type PageHistory } from '../../shared/analysis/address-time/page-history'
import type { BlockFilter } from '../../shared/analysis/block-query'
import { tallySurvivalOf, type SurvivalTally } from '../../shared/analysis/compare/survival'
import type { KeptRows } from '../../shared/analysis/filter/evaluate-filter'
import { ASKS_OF_A_MOMENT } from '../../shared/analysis/lifetime-blocks'
import type { SiteMask } from '../../shared/analysis/sites/site-study'
import type { Column } from '../../shared/base/column'
import type { JobContext } from '../../shared/base/job-context'
import { NONE, type Address, type Bytes, type EventNumber, type RowIndex } from '../../shared/base/units'
import type { LifetimeRows } from '../../shared/ipc/address-time-api'
import type { NotKnown } from '../../shared/ipc/charts-api'
import type { Run } from '../../shared/model/run'
import { RecentWork } from './recent-work'

/** A code is 1 byte a lifetime; the sums of a window of 400,000 cells 13 to 26 MB. */
const COLORS_KEPT = 2
const FILTERS_KEPT = 2
const WINDOWS_KEPT = 2
/** Lifetimes at one address that are shown. */
const MOST_OVER = 20_000

/** What a filter keeps of them; null: it asks for what only a moment knows. */
export type KeptLifetimes = (filter: BlockFilter, sites: SiteMask | undefined, job: JobContext) => Promise<KeptRows | null>

/** All lifetimes of one run over addresses and events: index, colours and sums, each made when first asked for. */
export class AddressTimeViews {
  readonly [Symbol.toStringTag] = 'AddressTimeViews'
  readonly #run: Run
  readonly #why: () => Column | undefined
  readonly #keptBy: KeptLifetimes
  readonly #index = new RecentWork<LifetimeIndex>(1)
  readonly #codes = new RecentWork<PlaceCodes>(COLORS_KEPT)
  readonly #sums = new RecentWork<WindowSums>(WINDOWS_KEPT)
  readonly #survival = new RecentWork<SurvivalTally>(FILTERS_KEPT)
  #pages: { readonly space: FoldedSpace; readonly history: PageHistory } | undefined
  #allocated: AllocatedBytes | undefined

  /** `why`: the reason of each lifetime, once the run was explained. */
  constructor(run: Run, why: () => Column | undefined, keptBy: KeptLifetimes) {
    this.#run = run
    this.#why = why
    this.#keptBy = keptBy
  }

  get space(): FoldedSpace {
    return this.#pagesOf().space
  }

  async tile(wish: Omit<TileWish, 'mask'>, filter: BlockFilter | undefined, sites: SiteMask | undefined, job: JobContext): Promise<AddressTimeTile & { readonly sites: readonly string[]; readonly isFilterKnown: boolean }> {
    const index = await this.#indexed(job)
    const codes = await this.#coded(index, wish.color, job)
    const isFiltered = filter !== undefined && Object.keys(filter).length > 0
    const why = this.#why()
    const kept = isFiltered ? await this.#keptBy(filter, sites, job) : null
    const whole: TileWish = { ...wish, mask: kept?.mask }
    const { window, grid, color } = wish
    const sums = await this.#sums.get(JSON.stringify([window, grid, color, kept === null ? null : [filter, why !== undefined]]), job, (shared) => windowSums(index, this.#pagesOf().history, codes, whole, shared))
    return { ...(await addressTimeTile(this.#run, index, sums, codes, whole, job)), sites: codes.sites, isFilterKnown: !isFiltered || kept !== null }
  }

  async at(address: Address, event: EventNumber, job: JobContext): Promise<LifetimeFacts | null> {
    return this.#facts(lifetimeAt(await this.#indexed(job), address, event))
  }

  async stepped(address: Address, event: EventNumber, step: LifeStep, job: JobContext): Promise<LifetimeFacts | null> {
    const index = await this.#indexed(job)
    const here = this.#facts(lifetimeAt(index, address, event))
    if (here === null) return this.#facts(steppedLifetime(index, { address, sizeBytes: 1, event }, step))
    if (step === 'later' && here.death === null) return null
    const from = step === 'later' ? here.death! : step === 'earlier' ? here.birth : event
    return this.#facts(steppedLifetime(index, { address: here.address, sizeBytes: here.sizeBytes, event: from }, step))
  }

  async over(address: Address, bytes: Bytes, job: JobContext): Promise<LifetimeRows> {
    const rows = lifetimesOver(await this.#indexed(job), address, bytes, MOST_OVER)
    const { lifetimes } = this.#run
    return {
      address: Float64Array.from(rows, (row) => lifetimes.address.at(row)), size: Float64Array.from(rows, (row) => lifetimes.size.at(row)),
      birth: Uint32Array.from(rows, (row) => lifetimes.birth.at(row)), death: Uint32Array.from(rows, (row) => lifetimes.death.at(row)),
    }
  }

  async totals(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<LifetimeTotals | null> {
    const kept = await this.#keptBy(filter, sites, job)
    return kept === null ? null : lifetimeTotals(this.#run, kept, job)
  }

  async survival(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<SurvivalTally | NotKnown> {
    const isFiltered = Object.keys(filter).length > 0
    const kept = isFiltered ? await this.#keptBy(filter, sites, job) : undefined
    if (kept === null) return { reason: ASKS_OF_A_MOMENT }
    return this.#survival.get(JSON.stringify([filter, isFiltered && this.#why() !== undefined]), job, (shared) => tallySurvivalOf(this.#run, 'bytes', kept?.mask, shared))
  }

  #pagesOf(): { readonly space: FoldedSpace; readonly history: PageHistory } {
    this.#pages ??= pageHistory(this.#run)
    return this.#pages
  }

  #indexed(job: JobContext): Promise<LifetimeIndex> {
    return this.#index.get('', job, (shared) => LifetimeIndex.make(this.#run, this.space, shared))
  }

  #coded(index: LifetimeIndex, color: LifeColor, job: JobContext): Promise<PlaceCodes> {
    return this.#codes.get(color, job, (shared) => placeCodes(this.#run, index, color, shared))
  }

  #facts(row: RowIndex): LifetimeFacts | null {
    this.#allocated ??= new AllocatedBytes(this.#run)
    return row === NONE ? null : lifetimeFacts(this.#run, row, this.#allocated)
  }
}
