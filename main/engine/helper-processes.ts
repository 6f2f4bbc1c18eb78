import { randomUUID } from 'node:crypto'
import type { MessagePortMain } from 'electron'
import type { FromEngineProcess, HelperRole } from '../../shared/ipc/engine-host-messages'
import { joinParts, postInParts } from '../ports/large-messages'

/** A helper as the engine sees it. Messages sent before it runs wait for it. */
export interface Helper {
  send(message: unknown): void
  /** Ends it at once, whatever it is doing; no event follows. */
  end(): void
}

export interface HelperEvents {
  message(message: unknown): void
  /** It ended unasked. */
  ended(reason: string): void
}

export type StartHelper = (role: HelperRole, events: HelperEvents) => Helper

interface Running {
  readonly events: HelperEvents
  readonly waiting: unknown[]
  port: MessagePortMain | undefined
}

/** The helpers of this engine process, by the ids it asked main for them with. */
export class HelperProcesses {
  readonly #tell: (message: FromEngineProcess) => void
  readonly #running = new Map<string, Running>()

  constructor(tell: (message: FromEngineProcess) => void) {
    this.#tell = tell
  }

  readonly start: StartHelper = (role, events) => {
    const helperId = randomUUID()
    const helper: Running = { events, waiting: [], port: undefined }
    this.#running.set(helperId, helper)
    this.#tell({ type: 'start-helper', helperId, role })
    return {
      send: (message) => {
        if (helper.port === undefined) helper.waiting.push(message)
        else postTo(helper.port, message)
      },
      end: () => {
        if (!this.#running.delete(helperId)) return
        helper.port?.close()
        this.#tell({ type: 'end-helper', helperId })
      },
    }
  }

  /** Main has started it. */
  arrived(helperId: string, port: MessagePortMain): void {
    const helper = this.#running.get(helperId)
    if (helper === undefined) return port.close()
    helper.port = port
    const take = joinParts((message) => helper.events.message(message))
    port.on('message', ({ data }) => take(data))
    port.start()
    for (const message of helper.waiting.splice(0)) postTo(port, message)
  }

  ended(helperId: string, reason: string): void {
    const helper = this.#running.get(helperId)
    if (!this.#running.delete(helperId)) return
    helper?.events.ended(reason)
  }
}

const postTo = (port: MessagePortMain, message: unknown): void => postInParts((part) => port.postMessage(part), message)
