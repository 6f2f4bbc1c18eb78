import { flamePage, rowPage, siteRows } from '../../shared/analysis/sites/site-pages'
import { findMeasure, type SiteSource } from '../../shared/analysis/sites/site-measures'
import { SiteStudy, type SiteMask, type StudiedTree } from '../../shared/analysis/sites/site-study'
import type { TreeRows } from '../../shared/analysis/sites/tree-rows'
import type { JobContext } from '../../shared/base/job-context'
import type { SiteMethods, SitePath, SiteQuery } from '../../shared/ipc/sites-api'
import { siteSourceOf } from '../../shared/jobs/site-source'
import { flameCsv, flameSvg, siteRowsCsv } from '../../shared/report/sites-report'
import { writeFileAtomically } from '../files/atomic-write'
import { RunViews } from './document-views'
import type { Documents } from './documents'
import type { Handlers } from './handlers'
import type { PathTable } from './path-table'

/** More rows than anybody opens by hand; an export beyond it would not fit one text. */
const MOST_EXPORTED_ROWS = 1_000_000
/** An exported picture is looked at with a magnifying glass at hand. */
const EXPORTED_PARTS = 2400
const EXPORTED_DEPTH = 4096

type Content = ReturnType<Documents['get']>['content']

/** Call sites of open documents: sources and studies live as long as their documents, and no longer. */
export class SiteStudies {
  readonly #documents: Documents
  readonly #sources = new WeakMap<Content, SiteSource>()
  readonly #studies = new WeakMap<Content, { own?: SiteStudy; readonly against: WeakMap<Content, SiteStudy> }>()
  /** The listing of the table paged through last. */
  #rows: { readonly tree: unknown; readonly key: string; readonly rows: TreeRows } | undefined

  constructor(documents: Documents) {
    this.#documents = documents
  }

  source(documentId: string): SiteSource {
    const { content, views } = this.#documents.get(documentId)
    let source = this.#sources.get(content)
    if (source === undefined) {
      source = siteSourceOf(content, views instanceof RunViews ? { cut: (event) => views.snapshotAt(event), prepare: (event, job) => views.moment(event, job) } : undefined)
      this.#sources.set(content, source)
    }
    return source
  }

  study(documentId: string, against: string | null): SiteStudy {
    const { content } = this.#documents.get(documentId)
    const kept = this.#studies.get(content) ?? { against: new WeakMap<Content, SiteStudy>() }
    this.#studies.set(content, kept)
    if (against === null) return (kept.own ??= new SiteStudy(this.source(documentId)))
    const base = this.#documents.get(against).content
    const known = kept.against.get(base)
    if (known !== undefined) return known
    const study = new SiteStudy(this.source(documentId), this.source(against))
    kept.against.set(base, study)
    return study
  }

  tree({ documentId, against, ...query }: SiteQuery, job: JobContext): Promise<StudiedTree> {
    return this.study(documentId, against).tree(query, job)
  }

  rows(studied: StudiedTree, wish: { readonly root: SitePath; readonly open: readonly SitePath[]; readonly search: string }): TreeRows {
    const key = JSON.stringify([wish.root, wish.open])
    if (this.#rows?.tree !== studied.tree || this.#rows.key !== key) this.#rows = { tree: studied.tree, key, rows: siteRows(studied, wish) }
    return this.#rows.rows
  }

  /** Which sites of the document a filter keeps, for tables and pictures of its blocks; undefined without a filter. */
  async chosen(documentId: string, filter: string | undefined, job: JobContext): Promise<SiteMask | undefined> {
    return filter === undefined || filter.trim() === '' ? undefined : this.study(documentId, null).mask(filter, job)
  }
}

export function siteHandlers(studies: SiteStudies, targets: PathTable): Handlers<keyof SiteMethods> {
  return {
    siteFacts: ({ documentId }) => {
      const { sites, measures, lastEvent } = studies.source(documentId)
      return { sites: sites.names.length, hasPaths: sites.calls !== undefined, measures, lastEvent }
    },
    siteFlame: async ({ query, ...wish }, job) => flamePage(await studies.tree(query, job), wish),
    siteRows: async ({ query, offset, count, ...wish }, job) => {
      const studied = await studies.tree(query, job)
      return rowPage(studied, studies.rows(studied, wish), wish, { offset, count })
    },
    siteExport: async ({ query, form, isFlame, isIcicle, title, targetId, ...wish }, job) => {
      const studied = await studies.tree(query, job)
      const measure = findMeasure(studies.source(query.documentId).measures, query.measure)
      const flame = () => flamePage(studied, { ...wish, parts: EXPORTED_PARTS, mostDepth: EXPORTED_DEPTH })
      const text =
        form === 'svg' ? flameSvg(flame(), { title, measure, unit: query.unit, isIcicle })
        : isFlame ? flameCsv(flame(), measure)
        : siteRowsCsv(rowPage(studied, studies.rows(studied, wish), wish, { offset: 0, count: MOST_EXPORTED_ROWS }), measure)
      const { path, name } = targets.get(targetId)
      await writeFileAtomically(path, (sink) => sink.write(new TextEncoder().encode(text)))
      return { name }
    },
  }
}
