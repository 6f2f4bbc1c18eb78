import { openSync, closeSync, writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HeapscapeError, toFailure } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import { captureProcess } from './capture/capture-process'
import type { Capture } from './capture/capture-request'
import { joinParts, postInParts } from '../ports/large-messages'
import type { LiveSystem } from './live-system'
import { ownSurroundings } from './own-surroundings'
import { saveDump } from './save-dump'
import type { FromLiveProcess, HeldTarget, LiveCall, LiveCalls, ToLiveProcess } from './transfer/live-messages'
import { packCapture, type PackedCapture } from './transfer/pack-capture'

/** One end of a message channel, whoever made it. */
export interface LivePort {
  /** A FromLiveProcess, or a part of one. */
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  start(): void
}

const TURN_MS = 12
const PROGRESS_MS = 80
const WRITE_BYTES = 8 << 20

/** Answers the engine's requests one at a time; the system behind it is loaded by the first one. */
export function serveLive(port: LivePort, load: () => Promise<LiveSystem>): void {
  let system: LiveSystem | null = null
  let tail = Promise.resolve()
  const cancelled = new Set<number>()
  let holdKnown: (() => void) | null = null
  const send = (message: FromLiveProcess): void => postInParts((part) => port.postMessage(part), message)

  const hold = {
    beforeSuspend: (target: HeldTarget): Promise<void> =>
      new Promise((resolve) => {
        holdKnown = resolve
        send({ type: 'holding', target })
      }),
    resumed: () => send({ type: 'released' }),
  }

  async function carryOut(method: LiveCall, params: LiveCalls[LiveCall][0], job: JobContext): Promise<unknown> {
    system ??= await load()
    if (method === 'list') return { system: system.title, canClone: system.canClone, privileges: system.privileges(), processes: system.list() } satisfies LiveCalls['list'][1]
    if (method === 'capture') return capture(system, params as LiveCalls['capture'][0], job)
    if (method === 'dump') {
      const { pid, startedAt, path } = params as LiveCalls['dump'][0]
      saveDump(system, { pid, startedAt }, path)
      return null
    }
    return resume(system, params as HeldTarget)
  }

  async function capture(on: LiveSystem, { request, bytesPath }: LiveCalls['capture'][0], job: JobContext): Promise<PackedCapture> {
    const captured = await captureProcess(on, request, ownSurroundings(hold), job)
    if (bytesPath !== null && captured.kept !== null) await writeKept(captured.kept.source, bytesPath, job)
    return packCapture(captured)
  }

  const take = joinParts((data) => {
    const message = data as ToLiveProcess
    if (message.type === 'cancel') return void cancelled.add(message.id)
    if (message.type === 'hold-known') return holdKnown?.()
    const { id, method, params } = message
    tail = tail.then(async () => {
      try {
        const job = turnJob(() => cancelled.has(id), (progress) => send({ type: 'progress', id, progress }))
        send({ type: 'answer', id, ok: true, value: await carryOut(method, params, job) })
      } catch (error) {
        send({ type: 'answer', id, ok: false, error: toFailure(error) })
      } finally {
        cancelled.delete(id)
      }
    })
  })
  port.on('message', ({ data }) => take(data))
  port.start()
}

/** Progress now and then, and turns for messages such as a cancel. */
function turnJob(isCancelled: () => boolean, report: JobContext['progress']): JobContext {
  let turn = performance.now()
  let reported = 0
  return {
    progress: (progress) => {
      if (performance.now() - reported < PROGRESS_MS) return
      reported = performance.now()
      report(progress)
    },
    checkpoint: async () => {
      if (performance.now() - turn >= TURN_MS) {
        await nextTurn()
        turn = performance.now()
      }
      if (isCancelled()) throw new HeapscapeError('cancelled')
    },
  }
}

async function writeKept(source: NonNullable<Capture['kept']>['source'], path: string, job: JobContext): Promise<void> {
  // Readable for this user only.
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let at = 0; at < source.size; ) {
      const piece = source.read(at, WRITE_BYTES)
      for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done, piece.length - done)
      at += piece.length
      job.progress({ done: at, total: source.size, unit: 'bytes' })
      await job.checkpoint()
    }
  } finally {
    closeSync(file)
  }
}

/** A program that ended meanwhile needs no help. */
function resume(system: LiveSystem, { pid, startedAt }: HeldTarget): null {
  try {
    const handle = system.open(pid, 'suspend', startedAt)
    try {
      system.resume(handle)
    } finally {
      system.close(handle)
    }
  } catch (error) {
    if (!(error instanceof HeapscapeError) || error.code !== 'live-process-ended') throw error
  }
  return null
}
