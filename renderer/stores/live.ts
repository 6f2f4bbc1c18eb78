import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Failure } from '../../shared/base/errors'
import type { Bytes } from '../../shared/base/units'
import type { SnapshotDocument } from '../../shared/ipc/engine-api'
import type { LiveCaptureRequest } from '../../shared/ipc/live-api'
import type { CaptureWay, ProcessRecord } from '../../shared/model/live-capture'
import { engine, type RequestOptions } from '../client/engine-client'
import { failureOf, isCancelled } from '../client/failure'
import { useDocuments } from './documents'
import { useJobs } from './jobs'

/*
 * Series of captures: each belongs to one entry of the documents and ends with it.
 *
 *   waiting --due or asked for--> capturing --> waiting ... --> stopped (by the reader, a failure, the count or the budget)
 *
 * A stopped series can still be given single captures by hand.
 */
export interface SeriesPlan {
  readonly way: CaptureWay
  readonly keepBytes: boolean
  /** Of all captures of the series together: kept bytes and tables. */
  readonly budgetBytes: Bytes
  /** null: only by hand. */
  readonly everyMs: number | null
  readonly count: number
}

export interface Series {
  readonly entryId: string
  readonly process: Pick<ProcessRecord, 'pid' | 'name' | 'startedAt'>
  readonly plan: SeriesPlan
  readonly state: 'waiting' | 'capturing' | 'stopped'
  readonly jobId: number | null
  readonly failure: Failure | null
  /** Why it stopped by itself, in words; '' when it did not. */
  readonly reason: string
}

/** Less than this is left of the budget: no capture fits. */
const LEAST_BUDGET: Bytes = 1 << 20

export const usedBytes = (captures: readonly SnapshotDocument[]): Bytes => captures.reduce((sum, { live }) => sum + (live?.keptBytes ?? 0) + (live?.tableBytes ?? 0), 0)

export const useLive = defineStore('live', () => {
  const documents = useDocuments()
  const jobs = useJobs()
  const series = shallowReactive(new Map<string, Series>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  let lastSeries = 0

  const change = (id: string, patch: Partial<Series>): void => {
    const known = series.get(id)
    if (known !== undefined) series.set(id, { ...known, ...patch })
  }

  const requestOf = ({ pid, startedAt }: Series['process'], { way, keepBytes }: SeriesPlan, budgetBytes: Bytes, id: string): LiveCaptureRequest => ({ pid, startedAt, way, keepBytes, budgetBytes, series: id })

  /** Opens a document with the first capture; the entry is there at once. */
  function start(process: Series['process'], plan: SeriesPlan): { readonly entryId: string; readonly loaded: Promise<void> } {
    // Unique also after the engine was started again, whose own series begin anew.
    const seriesId = `${Date.now()}-${++lastSeries}`
    const make = (options: RequestOptions): Promise<SnapshotDocument> => engine.request('liveCapture', requestOf(process, plan, plan.budgetBytes, seriesId), options)
    const { entryId, loaded } = documents.open({ kind: 'made', title: `${process.name} (${process.pid})`, make })
    series.set(entryId, { entryId, process, plan: { ...plan }, state: 'capturing', jobId: null, failure: null, reason: '' })
    seriesIds.set(entryId, seriesId)
    const begun = performance.now()
    return { entryId, loaded: loaded.then(() => settle(entryId, begun)) }
  }
  const seriesIds = new Map<string, string>()

  function settle(entryId: string, begun: number): void {
    const known = series.get(entryId)
    const entry = documents.find(entryId)
    if (known === undefined || entry?.state !== 'open') return end(entryId)
    const { everyMs, count, budgetBytes } = known.plan
    const isOver = everyMs === null || entry.captures.length >= count
    const isFull = budgetBytes - usedBytes(entry.captures) < LEAST_BUDGET
    if (isFull || isOver) return change(entryId, { state: 'stopped', jobId: null, reason: isFull ? 'the budget is used up' : '' })
    change(entryId, { state: 'waiting', jobId: null })
    timers.set(entryId, setTimeout(() => void capture(entryId), Math.max(0, begun + everyMs - performance.now())))
  }

  /** One more, now; the series goes on from there. */
  async function capture(entryId: string): Promise<void> {
    const known = series.get(entryId)
    const entry = documents.find(entryId)
    if (known === undefined || known.state === 'capturing' || entry?.state !== 'open') return
    clearTimeout(timers.get(entryId))
    const left = known.plan.budgetBytes - usedBytes(entry.captures)
    if (left < LEAST_BUDGET) return change(entryId, { state: 'stopped', reason: 'the budget is used up' })
    const wasStopped = known.state === 'stopped'
    const begun = performance.now()
    const { jobId, result } = jobs.start(`Capturing ${known.process.name}`, (options) => engine.request('liveCapture', requestOf(known.process, known.plan, left, seriesIds.get(entryId)!), options))
    change(entryId, { state: 'capturing', jobId, failure: null, reason: '' })
    try {
      documents.addCapture(entryId, await result)
      if (wasStopped || stopWanted.delete(entryId)) change(entryId, { state: 'stopped', jobId: null })
      else settle(entryId, begun)
    } catch (error) {
      stopWanted.delete(entryId)
      change(entryId, { state: 'stopped', jobId: null, failure: isCancelled(error) ? null : failureOf(error) })
    }
  }
  const stopWanted = new Set<string>()

  /** The capture under way, if any, is finished. */
  function stop(entryId: string): void {
    clearTimeout(timers.get(entryId))
    const state = series.get(entryId)?.state
    if (state === 'capturing') stopWanted.add(entryId)
    else if (state === 'waiting') change(entryId, { state: 'stopped' })
  }

  function end(entryId: string): void {
    clearTimeout(timers.get(entryId))
    timers.delete(entryId)
    series.delete(entryId)
    seriesIds.delete(entryId)
  }

  return { of: (entryId: string): Series | undefined => series.get(entryId), start, capture, stop }
})
