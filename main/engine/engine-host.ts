import type { UtilityProcess, WebContents } from 'electron'
import { MessageChannelMain, utilityProcess } from 'electron'
import type { Failure } from '../../shared/base/errors'
import type { FromEngineProcess, ToEngineProcess } from '../../shared/ipc/engine-host-messages'
import { HostChannel } from '../../shared/ipc/host-channels'
import { HelperHost } from './helper-host'
import type { LiveHost } from './live-host'
import { restartDelayMs } from './restart-delay'

/*
 * Keeps one engine process running and gives every page a port of its own to it:
 *
 *   main --parentPort--> engine        ids and paths (engine-host-messages.ts)
 *   page --MessagePort-> engine        requests (engine-api.ts); main never sees them
 *
 * When the process ends unasked it is started again, learns all ids again, and every page gets a new port.
 */
export interface EngineEvents {
  opened(sourceId: string): void
  refused(sourceId: string, error: Failure): void
  saved(targetId: string): void
  /** The process ended unasked. */
  stopped(reason: string): void
}

type Registration = Extract<ToEngineProcess, { type: 'register-source' | 'register-target' }>

// V8's own ceiling: with pointer compression all of the heap lies in one 4 GiB cage. Typed arrays lie outside.
const engineHeapMegabytes = 4096

/** Files of the engine, and the folder for what it may keep between two starts. */
export interface EngineFiles {
  readonly engine: string
  readonly helper: string
  readonly cache: string
}

export class EngineHost {
  readonly #files: EngineFiles
  readonly #events: EngineEvents
  readonly #live: LiveHost
  readonly #registrations = new Map<string, Registration>()
  readonly #registrationWaiters = new Map<string, () => void>()
  readonly #pages = new Set<WebContents>()
  readonly #stopTimesMs: number[] = []
  readonly #helpers: HelperHost
  #process: UtilityProcess | null = null
  #restartTimer: NodeJS.Timeout | null = null
  #lastWords: string | null = null

  constructor(files: EngineFiles, live: LiveHost, events: EngineEvents) {
    this.#files = files
    this.#live = live
    this.#events = events
    this.#helpers = new HelperHost(files.helper, (message, ports) => this.#process?.postMessage(message, ports))
  }

  /** After the application's `ready`. */
  start(): void {
    const child = utilityProcess.fork(this.#files.engine, [this.#files.cache], {
      serviceName: 'Heapscape engine',
      execArgv: [`--max-old-space-size=${engineHeapMegabytes}`],
      stdio: 'inherit',
    })
    this.#process = child
    child.on('message', (message: FromEngineProcess) => this.#receive(message))
    child.on('exit', (code: number) => this.#exited(child, code))
    for (const registration of this.#registrations.values()) this.#post(registration)
    for (const page of this.#pages) this.#connect(page)
  }

  /** For good. */
  stop(): void {
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer)
    const child = this.#process
    this.#process = null
    this.#live.stop()
    this.#helpers.endAll()
    child?.kill()
  }

  /** Resolves when the engine knows the id, also when it had to be started again meanwhile. */
  registerSource(source: { readonly sourceId: string; readonly path: string; readonly name: string }): Promise<void> {
    return this.#register(source.sourceId, { type: 'register-source', sourceId: source.sourceId, path: source.path, name: source.name })
  }

  registerTarget(target: { readonly targetId: string; readonly path: string; readonly name: string }): Promise<void> {
    return this.#register(target.targetId, { type: 'register-target', targetId: target.targetId, path: target.path, name: target.name })
  }

  /** The page in these contents listens: gives it a port, now and after every restart. */
  connectPage(page: WebContents): void {
    if (!this.#pages.has(page)) page.once('destroyed', () => this.#pages.delete(page))
    this.#pages.add(page)
    if (this.#process !== null) this.#connect(page)
  }

  #register(id: string, registration: Registration): Promise<void> {
    this.#registrations.set(id, registration)
    return new Promise((resolve) => {
      this.#registrationWaiters.set(id, resolve)
      this.#post(registration)
    })
  }

  #post(message: ToEngineProcess): void {
    this.#process?.postMessage(message)
  }

  #connect(page: WebContents): void {
    const { port1, port2 } = new MessageChannelMain()
    const connect: ToEngineProcess = { type: 'connect' }
    this.#process?.postMessage(connect, [port1])
    page.postMessage(HostChannel.EnginePort, null, [port2])
  }

  #connectLive(): void {
    const connect: ToEngineProcess = { type: 'live-connect' }
    this.#process?.postMessage(connect, [this.#live.start()])
  }

  #receive(message: FromEngineProcess): void {
    switch (message.type) {
      case 'registered':
        this.#registrationWaiters.get(message.id)?.()
        this.#registrationWaiters.delete(message.id)
        return
      case 'opened':
        return this.#events.opened(message.sourceId)
      case 'refused':
        return this.#events.refused(message.sourceId, message.error)
      case 'saved':
        return this.#events.saved(message.targetId)
      case 'live-start':
        return this.#connectLive()
      case 'start-helper':
        return this.#helpers.start(message.helperId, message.role)
      case 'end-helper':
        return this.#helpers.end(message.helperId)
      case 'fatal':
        this.#lastWords = message.error.text
        return
    }
  }

  #exited(child: UtilityProcess, code: number): void {
    if (child !== this.#process) return
    this.#process = null
    this.#helpers.endAll()
    this.#events.stopped(this.#lastWords ?? `exit code ${code}`)
    this.#lastWords = null
    const now = Date.now()
    this.#stopTimesMs.push(now)
    this.#restartTimer = setTimeout(() => this.start(), restartDelayMs(this.#stopTimesMs, now))
  }
}
