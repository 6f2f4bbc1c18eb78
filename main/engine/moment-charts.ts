import type { BlockFilter } from '../../shared/analysis/block-query'
import { freeCurve, type FreeCurve } from '../../shared/analysis/compare/free-curves'
import type { RowTable } from '../../shared/analysis/dump/row-table'
import { walkedFrontEnd, type FrontEndBucket } from '../../shared/analysis/heap-charts/front-end-buckets'
import { freeLists } from '../../shared/analysis/heap-charts/free-lists'
import type { HeapProbe } from '../../shared/analysis/heap-charts/heap-probe'
import { PageTable } from '../../shared/analysis/heap-charts/page-strip'
import { sizeHistograms, type SizeHistograms } from '../../shared/analysis/heap-charts/size-histogram'
import { wasteTree, type WasteTree } from '../../shared/analysis/heap-charts/waste-tree'
import type { SiteMask } from '../../shared/analysis/sites/site-study'
import type { JobContext } from '../../shared/base/job-context'
import type { NotKnown } from '../../shared/ipc/charts-api'
import { frontEndOfRun } from '../../shared/jobs/front-end-of-run'
import { probeRun } from '../../shared/jobs/probe-heap'
import type { Run } from '../../shared/model/run'
import type { Snapshot } from '../../shared/model/snapshot'
import type { MomentViews } from './document-views'
import { RecentWork } from './recent-work'

/** Sums kept of a moment, one per filter: a step back and forth costs nothing. */
const FILTERS_KEPT = 3

/** Sums of one moment for its pictures, each made when it is first asked for. */
export class MomentCharts {
  readonly #views: MomentViews
  readonly #sizes = new RecentWork<SizeHistograms>(FILTERS_KEPT)
  readonly #pages = new RecentWork<PageTable>(FILTERS_KEPT)
  readonly #waste = new RecentWork<WasteTree>(FILTERS_KEPT)
  readonly #freeLists = new RecentWork<RowTable>(FILTERS_KEPT)
  readonly #frontEnd = new RecentWork<readonly FrontEndBucket[] | NotKnown>(1)
  readonly #probe = new RecentWork<HeapProbe | NotKnown>(1)
  #freeSpace: FreeCurve | undefined

  constructor(views: MomentViews) {
    this.#views = views
  }

  sizes(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<SizeHistograms> {
    return this.#sizes.get(JSON.stringify(filter), job, async (shared) => sizeHistograms(this.#snapshot, await this.#mask(filter, sites, shared), shared))
  }

  freeSpace(): FreeCurve | NotKnown {
    return this.#unlessPartial('free memory') ?? (this.#freeSpace ??= freeCurve(this.#snapshot))
  }

  pages(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<PageTable | NotKnown> {
    return this.#known('how full pages are', () => this.#pages.get(JSON.stringify(filter), job, async (shared) => PageTable.make(this.#snapshot, await this.#mask(filter, sites, shared), shared)))
  }

  waste(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<WasteTree | NotKnown> {
    return this.#known('what bytes are lost to', () => this.#waste.get(JSON.stringify(filter), job, async (shared) => wasteTree(this.#snapshot, await this.#mask(filter, sites, shared), shared)))
  }

  freeLists(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<RowTable | NotKnown> {
    return this.#known('free memory', () => this.#freeLists.get(JSON.stringify(filter), job, async (shared) => freeLists(this.#snapshot, await this.#mask(filter, sites, shared), shared)))
  }

  frontEnd(run: Run | undefined, job: JobContext): Promise<readonly FrontEndBucket[] | NotKnown> {
    return this.#frontEnd.get('', job, async (shared) => (run === undefined ? walkedFrontEnd(this.#snapshot) : frontEndOfRun(run, this.#views.event ?? run.events, shared)))
  }

  async probe(run: Run | undefined, job: JobContext): Promise<HeapProbe | NotKnown> {
    if (run === undefined) return { reason: 'only a simulated manager can be asked; by holes, requests fit up to the largest one' }
    return this.#probe.get('', job, async (shared) => {
      const space = this.freeSpace()
      return 'reason' in space ? space : probeRun(run, this.#views.event ?? run.events, shared)
    })
  }

  get #snapshot(): Snapshot {
    return this.#views.snapshot
  }

  /** undefined: all rows. */
  async #mask(filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<Uint8Array | undefined> {
    return Object.keys(filter).length === 0 ? undefined : (await this.#views.keptRows(filter, sites, job)).mask
  }

  #unlessPartial(what: string): NotKnown | undefined {
    return this.#snapshot.coverage === 'all' ? undefined : { reason: `the source lists only some blocks of its heaps, so ${what} is not known` }
  }

  async #known<T>(what: string, make: () => Promise<T>): Promise<T | NotKnown> {
    return this.#unlessPartial(what) ?? make()
  }
}
