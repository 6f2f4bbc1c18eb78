import type { BlockFilter } from '../../shared/analysis/block-query'
import { RowView } from '../../shared/analysis/dump/row-table'
import type { SiteMask } from '../../shared/analysis/sites/site-study'
import type { JobContext } from '../../shared/base/job-context'
import type { OfMoment } from '../../shared/ipc/blocks-api'
import type { ChartMethods } from '../../shared/ipc/charts-api'
import type { Run } from '../../shared/model/run'
import { addressTimeOf } from './address-time-methods'
import { momentViews } from './block-methods'
import type { MomentViews } from './document-views'
import type { Documents } from './documents'
import type { Handlers } from './handlers'
import { MomentCharts } from './moment-charts'
import type { SiteStudies } from './site-methods'

/** Sums for the pictures of a moment, kept as long as the moment is. */
export function chartHandlers(documents: Documents, studies: SiteStudies): Handlers<keyof ChartMethods> {
  const known = new WeakMap<MomentViews, MomentCharts>()
  const chartsOf = async (of: OfMoment, job: JobContext): Promise<MomentCharts> => {
    const views = await momentViews(documents, of, job)
    let charts = known.get(views)
    if (charts === undefined) known.set(views, (charts = new MomentCharts(views)))
    return charts
  }
  const runOf = ({ documentId }: OfMoment): Run | undefined => {
    const { content } = documents.get(documentId)
    return content.kind === 'run' ? content : undefined
  }
  const sitesOf = ({ documentId }: OfMoment, filter: BlockFilter, job: JobContext): Promise<SiteMask | undefined> => studies.chosen(documentId, filter.sites, job)
  return {
    sizeHistograms: async ({ filter, ...of }, job) => (await chartsOf(of, job)).sizes(filter, await sitesOf(of, filter, job), job),
    freeSpace: async (of, job) => (await chartsOf(of, job)).freeSpace(),
    heapProbe: async (of, job) => (await chartsOf(of, job)).probe(runOf(of), job),
    pageStrip: async ({ filter, first, count, cells, ...of }, job) => {
      const table = await (await chartsOf(of, job)).pages(filter, await sitesOf(of, filter, job), job)
      return 'reason' in table ? table : table.strip({ first, count, cells })
    },
    wasteTree: async ({ filter, ...of }, job) => (await chartsOf(of, job)).waste(filter, await sitesOf(of, filter, job), job),
    survival: async ({ documentId, filter }, job) => addressTimeOf(documents, documentId).survival(filter, await studies.chosen(documentId, filter.sites, job), job),
    frontEnd: async (of, job) => {
      const found = await (await chartsOf(of, job)).frontEnd(runOf(of), job)
      return 'reason' in found ? found : { buckets: found }
    },
    freeLists: async ({ filter, order, offset, count, ...of }, job) => {
      const table = await (await chartsOf(of, job)).freeLists(filter, await sitesOf(of, filter, job), job)
      return 'reason' in table ? table : new RowView(table, order ?? undefined).page(offset, count)
    },
  }
}
