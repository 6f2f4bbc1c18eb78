import { HeapscapeError } from '../../shared/base/errors'
import type { Progress } from '../../shared/base/job-context'
import { JoinedAnswer } from '../../shared/ipc/answer-parts'
import type { EngineAnswer, EngineMethod, EngineParams } from '../../shared/ipc/engine-api'
import type { FromEngine, ToEngine } from '../../shared/ipc/envelope'
import { ENGINE_PORT_MESSAGE } from '../../shared/ipc/host-api'
import { checkMessageBytes } from '../../shared/ipc/message-size'
import { cancelledError, RemoteError } from './failure'
import { plainCopy } from './plain-copy'

/*
 * The window's end of the engine port, and with host-client.ts the only way out of the window.
 *
 *   request -> (queued until a port is there) -> {type:'request'} -> progress* -> part* -> answer
 *
 * A new port means a new engine process: what was pending on the old one fails with `engine-stopped`.
 */
export interface RequestOptions {
  onProgress?: (progress: Progress) => void
  /** Aborting asks the engine to stop; the promise then fails with code `cancelled` once the engine has stopped. */
  signal?: AbortSignal
}

export interface Engine {
  /** Rejects with RemoteError; read it with failureOf(). */
  request<M extends EngineMethod>(method: M, params: EngineParams<M>, options?: RequestOptions): Promise<EngineAnswer<M>>
  /** Calls back each time another engine process takes the place of the one before: its documents are gone. */
  onRestart(listener: () => void): () => void
}

/** The part of MessagePort that is used. */
export interface EnginePort {
  onmessage: ((event: MessageEvent<FromEngine>) => void) | null
  postMessage(message: ToEngine): void
  close(): void
}

interface Pending {
  readonly message: ToEngine & { type: 'request' }
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly onProgress: ((progress: Progress) => void) | undefined
  /** What came of an answer in parts. */
  joined?: JoinedAnswer
}

export class PortEngine implements Engine {
  readonly #pending = new Map<number, Pending>()
  readonly #restartListeners = new Set<() => void>()
  #port: EnginePort | null = null
  #lastId = 0

  connect(port: EnginePort): void {
    const isRestart = this.#port !== null
    if (isRestart) this.#dropPort()
    this.#port = port
    port.onmessage = (event) => this.#receive(event.data)
    for (const { message } of this.#pending.values()) port.postMessage(message)
    if (isRestart) for (const listener of [...this.#restartListeners]) listener()
  }

  request<M extends EngineMethod>(method: M, params: EngineParams<M>, options: RequestOptions = {}): Promise<EngineAnswer<M>> {
    const { signal, onProgress } = options
    if (signal?.aborted) return Promise.reject(cancelledError())
    const id = ++this.#lastId
    const answer = new Promise<unknown>((resolve, reject) => {
      const message = { type: 'request', id, method, params: plainCopy(params) } as const
      checkMessageBytes(`The question ${method}`, message.params)
      this.#pending.set(id, { message, resolve, reject, onProgress })
      this.#port?.postMessage(message)
    })
    const cancel = (): void => this.#cancel(id)
    signal?.addEventListener('abort', cancel, { once: true })
    // The contract (EngineMethods) and the engine's own checks stand for the type of the answer.
    return answer.finally(() => signal?.removeEventListener('abort', cancel)) as Promise<EngineAnswer<M>>
  }

  onRestart(listener: () => void): () => void {
    this.#restartListeners.add(listener)
    return () => this.#restartListeners.delete(listener)
  }

  #cancel(id: number): void {
    if (this.#port !== null) return this.#port.postMessage({ type: 'cancel', id })
    this.#pending.get(id)?.reject(cancelledError())
    this.#pending.delete(id)
  }

  #receive(message: FromEngine): void {
    const pending = this.#pending.get(message.id)
    if (pending === undefined) return
    if (message.type === 'progress') return pending.onProgress?.(message.progress)
    if (message.type === 'part') return (pending.joined ??= new JoinedAnswer()).take(message.part)
    this.#pending.delete(message.id)
    if (message.ok) pending.resolve(message.inParts === true ? pending.joined?.value : message.value)
    else pending.reject(new RemoteError(message.error))
  }

  #dropPort(): void {
    if (this.#port !== null) {
      this.#port.onmessage = null
      this.#port.close()
    }
    const stopped = new HeapscapeError('engine-stopped', { detail: 'it was started again' }).toFailure()
    for (const pending of this.#pending.values()) pending.reject(new RemoteError(stopped))
    this.#pending.clear()
  }
}

let current: Engine = new PortEngine()
let waiting = 0

/** True while any request waits for its answer. */
export const isEngineBusy = (): boolean => waiting > 0

/** The engine every component and store talks to. */
export const engine: Engine = {
  request: (method, params, options) => {
    waiting++
    return current.request(method, params, options).finally(() => waiting--)
  },
  onRestart: (listener) => current.onRestart(listener),
}

/** For tests. */
export function replaceEngine(replacement: Engine): void {
  current = replacement
}

/** Waits for the port which preload posts to the page; call once, before anything is requested. */
export function listenForEnginePort(target: Window = window): void {
  const portEngine = new PortEngine()
  current = portEngine
  target.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== target || event.data !== ENGINE_PORT_MESSAGE) return
    const port = event.ports[0]
    if (port !== undefined) portEngine.connect(port)
  })
}
