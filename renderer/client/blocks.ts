import type { BlockColumn, BlockListForm } from '../../shared/analysis/block-columns'
import type { BlockQuery } from '../../shared/analysis/block-query'
import type { EngineParams } from '../../shared/ipc/engine-api'
import type { OfMoment } from '../../shared/ipc/blocks-api'
import { engine, type RequestOptions } from './engine-client'
import { host } from './host-client'

type GroupWish = Pick<EngineParams<'blockGroups'>, 'filter' | 'by' | 'order'>

/** The questions a block table asks of one moment, put to the engine. `name` is the suggested name of files, without its end. */
export const engineBlocks = (of: OfMoment, name: string) => ({
  columnReasons: async (options: RequestOptions) => (await engine.request('blockColumns', of, options)).reasons,
  page: (query: BlockQuery, columns: readonly BlockColumn[], offset: number, count: number, options: RequestOptions) => engine.request('blockPage', { ...of, query, columns, offset, count }, options),
  rowOf: (query: BlockQuery, address: number, options: RequestOptions) => engine.request('blockRow', { ...of, query, address }, options),
  groups: (wish: GroupWish, offset: number, count: number, options: RequestOptions) => engine.request('blockGroups', { ...of, ...wish, offset, count }, options),
  save: async (query: BlockQuery, columns: readonly BlockColumn[], form: BlockListForm): Promise<string | null> => {
    const target = await host.saveDialog({ suggestedName: `${name}-blocks.${form}` })
    return target === null ? null : (await engine.request('blockExport', { ...of, query, columns, form, targetId: target.targetId })).name
  },
  saveGroups: async (wish: GroupWish, form: BlockListForm): Promise<string | null> => {
    const target = await host.saveDialog({ suggestedName: `${name}-by-${wish.by}.${form}` })
    return target === null ? null : (await engine.request('groupExport', { ...of, ...wish, form, targetId: target.targetId })).name
  },
  siteTexts: async (contains: string): Promise<readonly string[]> => (await engine.request('siteTexts', { documentId: of.documentId, contains })).texts,
})
