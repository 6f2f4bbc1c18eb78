import type { BlockFilter } from '../../shared/analysis/block-query'
import { columnReasons } from '../../shared/analysis/column-reasons'
import { structureIn } from '../../shared/analysis/block-structure'
import { sumRange } from '../../shared/analysis/range-sums'
import type { SiteMask } from '../../shared/analysis/sites/site-study'
import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import { type BlockMethods, MOST_TEXTS, type OfMoment } from '../../shared/ipc/blocks-api'
import { listBlocks, listGroups, type WriteText } from '../../shared/jobs/list-blocks'
import { writeFileAtomically } from '../files/atomic-write'
import { type MomentViews, ProfileViews, RunViews, TraceViews } from './document-views'
import type { Documents } from './documents'
import type { Handlers } from './handlers'
import type { PathTable } from './path-table'
import type { SiteStudies } from './site-methods'

/** Questions about the blocks of a moment. */
export function blockHandlers({ documents, targets }: { readonly documents: Documents; readonly targets: PathTable }, studies: SiteStudies): Handlers<keyof BlockMethods> {
  const sitesOf = ({ documentId }: OfMoment, filter: BlockFilter | undefined, job: JobContext): Promise<SiteMask | undefined> => studies.chosen(documentId, filter?.sites, job)
  return {
    mapTile: async ({ bytesPerCell, ranges, colors, filter, ...of }, job) => (await momentViews(documents, of, job)).mapTile({ ranges, bytesPerCell, colors }, filter, await sitesOf(of, filter, job), job),
    mapColorings: async (of, job) => ({ reasons: (await momentViews(documents, of, job)).colors.reasons() }),
    mapLegend: async ({ colors, ...of }, job) => (await momentViews(documents, of, job)).colors.legend(colors, job),
    mapRange: async ({ from, to, ...of }, job) => sumRange((await momentViews(documents, of, job)).snapshot, from, to, job),
    mapStructure: async ({ from, to, ...of }, job) => structureIn((await momentViews(documents, of, job)).snapshot, from, to),
    blockColumns: async (of, job) => ({ reasons: columnReasons((await momentViews(documents, of, job)).values) }),
    blockPage: async ({ query, columns, offset, count, ...of }, job) => {
      const moment = await momentViews(documents, of, job)
      const view = await moment.blockView(query, await sitesOf(of, query.filter, job), job)
      return view.page(offset, count, columns)
    },
    blockRow: async ({ query, address, ...of }, job) => ({ row: await (await momentViews(documents, of, job)).placeOf(query, address, await sitesOf(of, query.filter, job), job) }),
    blockGroups: async ({ filter, by, order, offset, count, ...of }, job) => {
      const moment = await momentViews(documents, of, job)
      const view = await moment.groups({ filter, by, order }, await sitesOf(of, filter, job), job)
      return view.page(offset, count)
    },
    blockExport: async ({ query, columns, form, targetId, ...of }, job) => {
      const sites = await sitesOf(of, query.filter, job)
      const { values } = await momentViews(documents, of, job)
      return writeText(targets.get(targetId), (write) => listBlocks(values, { query, columns }, form, sites, write, job))
    },
    groupExport: async ({ filter, by, order, form, targetId, ...of }, job) => {
      const sites = await sitesOf(of, filter, job)
      const { values } = await momentViews(documents, of, job)
      return writeText(targets.get(targetId), (write) => listGroups(values, { filter, by, order }, form, sites, write, job))
    },
    siteTexts: ({ documentId, contains }) => {
      const { content } = documents.get(documentId)
      const names = content.kind === 'run' || content.kind === 'snapshot' ? content.siteNames : []
      const wanted = contains.toLowerCase()
      const texts: string[] = []
      for (const name of names) {
        if (texts.length === MOST_TEXTS) break
        if (name !== '' && name.toLowerCase().includes(wanted) && !texts.includes(name)) texts.push(name)
      }
      return { texts }
    },
  }
}

async function writeText({ path, name }: { readonly path: string; readonly name: string }, produce: (write: WriteText) => Promise<void>): Promise<{ readonly name: string }> {
  const encoder = new TextEncoder()
  await writeFileAtomically(path, (sink) => produce((text) => sink.write(encoder.encode(text))))
  return { name }
}

/** @throws HeapscapeError `document-unknown`, `document-wrong-kind`, `event-out-of-range`, `cancelled` */
export async function momentViews(documents: Documents, { documentId, event, heap }: OfMoment, job: JobContext): Promise<MomentViews> {
  const { views } = documents.get(documentId)
  if (views instanceof RunViews) return views.moment(event ?? views.run.events, job)
  if (views instanceof TraceViews) throw new HeapscapeError('document-wrong-kind', { expected: 'run or snapshot', got: 'trace' })
  if (views instanceof ProfileViews) throw new HeapscapeError('document-wrong-kind', { expected: 'run or snapshot', got: 'profile' })
  return views.moment(heap)
}
