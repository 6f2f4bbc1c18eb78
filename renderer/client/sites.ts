import type { EngineAnswer, EngineParams } from '../../shared/ipc/engine-api'
import { engine, type RequestOptions } from './engine-client'
import { host } from './host-client'

/** The questions a panel of call sites asks, put to the engine. */
export const engineSites = (documentId: string) => ({
  documentId,
  facts: (of: string, options: RequestOptions): Promise<EngineAnswer<'siteFacts'>> => engine.request('siteFacts', { documentId: of }, options),
  flame: (params: EngineParams<'siteFlame'>, options: RequestOptions): Promise<EngineAnswer<'siteFlame'>> => engine.request('siteFlame', params, options),
  rows: (params: EngineParams<'siteRows'>, options: RequestOptions): Promise<EngineAnswer<'siteRows'>> => engine.request('siteRows', params, options),
  save: async (params: Omit<EngineParams<'siteExport'>, 'targetId'>, suggestedName: string): Promise<string | null> => {
    const target = await host.saveDialog({ suggestedName })
    if (target === null) return null
    return (await engine.request('siteExport', { ...params, targetId: target.targetId })).name
  },
})
