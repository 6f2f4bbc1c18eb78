import type { EngineParams } from '../../shared/ipc/engine-api'
import { engine, type RequestOptions } from './engine-client'

type Of<M extends 'addressTimeTile' | 'lifetimeStep' | 'lifetimeTotals'> = Omit<EngineParams<M>, 'documentId'>

/** The questions about all lifetimes of a run, put to the engine. */
export const engineLives = (documentId: string) => ({
  space: (options: RequestOptions) => engine.request('addressTimeSpace', { documentId }, options),
  tile: (wish: Of<'addressTimeTile'>, options: RequestOptions) => engine.request('addressTimeTile', { documentId, ...wish }, options),
  at: (address: number, event: number, options: RequestOptions) => engine.request('lifetimeAt', { documentId, address, event }, options),
  step: (address: number, event: number, step: Of<'lifetimeStep'>['step']) => engine.request('lifetimeStep', { documentId, address, event, step }),
  over: (address: number, bytes: number, options: RequestOptions) => engine.request('lifetimesOver', { documentId, address, bytes }, options),
  totals: (filter: Of<'lifetimeTotals'>['filter'], options: RequestOptions) => engine.request('lifetimeTotals', { documentId, filter }, options),
})
