import type { MessagePortMain } from 'electron'
import { HeapscapeError, toFailure } from '../../shared/base/errors'
import { engineChecks } from '../../shared/ipc/engine-checks'
import type { EngineMethod } from '../../shared/ipc/engine-api'
import type { FromEngine } from '../../shared/ipc/envelope'
import { toEngineCheck } from '../../shared/ipc/envelope-checks'
import { partsOf } from '../../shared/ipc/answer-parts'
import { checkMessageBytes, messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { countAnswer } from './answer-sizes'
import { EngineJob } from './engine-job'
import type { EngineHandlers } from './handlers'
import { urgencyOf } from './method-urgency'

/** The part of Electron's port that is used. */
export type WindowPort = Pick<MessagePortMain, 'on' | 'start' | 'postMessage'>

/**
 * Serves one window's port: every request is checked, carried out and answered once; a cancel stops the job with the
 * same id. A closed port cancels all its jobs; `left` is told then. A request larger than a message may be is refused, a larger answer goes in parts.
 */
export function serveWindow(port: WindowPort, handlers: EngineHandlers, left: () => void = () => undefined): void {
  const jobs = new Map<number, EngineJob>()
  const send = (message: FromEngine): void => port.postMessage(message)

  const sendWhole = (id: number, method: string, value: unknown): void => {
    countAnswer(method, value)
    send({ type: 'answer', id, ok: true, value })
  }
  /** Between parts other questions get their turn. */
  const sendInParts = async (id: number, method: string, value: unknown, job: EngineJob): Promise<void> => {
    for (const part of partsOf(value)) {
      countAnswer(method, part)
      send({ type: 'part', id, part })
      await job.checkpoint()
    }
    send({ type: 'answer', id, ok: true, inParts: true })
  }

  const carryOut = async (id: number, method: string, params: unknown): Promise<void> => {
    const job = new EngineJob((progress) => send({ type: 'progress', id, progress }), urgencyOf(method))
    jobs.set(id, job)
    try {
      const value = await callMethod(handlers, method, params, job)
      if (messageBytes(value) <= MOST_MESSAGE_BYTES) sendWhole(id, method, value)
      else await sendInParts(id, method, value, job)
    } catch (error) {
      send({ type: 'answer', id, ok: false, error: toFailure(error) })
    } finally {
      jobs.delete(id)
    }
  }

  port.on('message', ({ data }) => {
    const message = toEngineCheck.safeParse(data)
    if (!message.success) return
    if (message.data.type === 'cancel') jobs.get(message.data.id)?.cancel()
    else void carryOut(message.data.id, message.data.method, message.data.params)
  })
  port.on('close', () => {
    for (const job of jobs.values()) job.cancel()
    left()
  })
  port.start()
}

function callMethod(handlers: EngineHandlers, method: string, params: unknown, job: EngineJob): unknown {
  if (!Object.hasOwn(engineChecks, method)) throw new HeapscapeError('message-invalid', { detail: `unknown method ${method}` })
  const known = method as EngineMethod
  checkMessageBytes(`The question ${known}`, params)
  const checked = engineChecks[known].safeParse(params)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    throw new HeapscapeError('message-invalid', { detail: `${method}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() })
  }
  const handler = handlers[known] as (params: unknown, job: EngineJob) => unknown
  return handler(checked.data, job)
}
