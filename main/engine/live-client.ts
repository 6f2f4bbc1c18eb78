import { HeapscapeError, type Failure } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import type { FromLiveProcess, HeldTarget, LiveCall, LiveCalls, ToLiveProcess } from '../live/transfer/live-messages'
import { joinParts } from '../ports/large-messages'

/** The engine's end of the channel to the process that captures. */
export interface LiveChannel {
  postMessage(message: ToLiveProcess): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
}

interface Waiting {
  readonly job: JobContext
  /** Tells the process when the job was cancelled. */
  readonly passCancel: () => void
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

const CANCEL_POLL_MS = 50

/**
 * Asks the process that captures, which is started when it is first needed and again after it ended. A crash of it fails
 * what was asked, with `live-stopped`; a program it held up is let go on by the next one.
 */
export class LiveClient {
  readonly #start: () => void
  readonly #waiting = new Map<number, Waiting>()
  #channel: LiveChannel | null = null
  #connecting: { readonly promise: Promise<LiveChannel>; readonly resolve: (channel: LiveChannel) => void } | null = null
  #held: HeldTarget | null = null
  #lastId = 0

  /** @param start asks for a process; `connect` is the answer */
  constructor(start: () => void) {
    this.#start = start
  }

  connect(channel: LiveChannel): void {
    this.#channel = channel
    const take = joinParts((data) => this.#receive(channel, data as FromLiveProcess))
    channel.on('message', ({ data }) => take(data))
    channel.on('close', () => this.#closed(channel))
    channel.start()
    this.#connecting?.resolve(channel)
    this.#connecting = null
  }

  async request<M extends LiveCall>(method: M, params: LiveCalls[M][0], job: JobContext): Promise<LiveCalls[M][1]> {
    const channel = this.#channel ?? (await this.#connected())
    // It may have ended while this one waited for it.
    if (this.#channel !== channel) throw stopped()
    const id = ++this.#lastId
    let isCancelled = false
    const passCancel = (): void =>
      void job.checkpoint().catch(() => {
        if (!isCancelled) channel.postMessage({ type: 'cancel', id })
        isCancelled = true
      })
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { job, passCancel, resolve, reject }))
    channel.postMessage({ type: 'request', id, method, params })
    // Also at each progress: a poll alone lags behind short work.
    const poll = setInterval(passCancel, CANCEL_POLL_MS)
    try {
      return (await answer) as LiveCalls[M][1]
    } finally {
      clearInterval(poll)
      this.#waiting.delete(id)
    }
  }

  #connected(): Promise<LiveChannel> {
    if (this.#connecting !== null) return this.#connecting.promise
    let resolve: (channel: LiveChannel) => void = () => undefined
    const promise = new Promise<LiveChannel>((done) => (resolve = done))
    this.#connecting = { promise, resolve }
    this.#start()
    return promise
  }

  #receive(channel: LiveChannel, message: FromLiveProcess): void {
    switch (message.type) {
      case 'holding':
        this.#held = message.target
        return channel.postMessage({ type: 'hold-known' })
      case 'released':
        this.#held = null
        return
      case 'progress':
        this.#waiting.get(message.id)?.job.progress(message.progress)
        return this.#waiting.get(message.id)?.passCancel()
      case 'answer':
        return message.ok ? this.#waiting.get(message.id)?.resolve(message.value) : this.#waiting.get(message.id)?.reject(errorOf(message.error))
    }
  }

  #closed(channel: LiveChannel): void {
    if (this.#channel !== channel) return
    this.#channel = null
    for (const { reject } of this.#waiting.values()) reject(stopped())
    this.#waiting.clear()
    const held = this.#held
    this.#held = null
    if (held === null) return
    const quiet: JobContext = { progress: () => undefined, checkpoint: () => Promise.resolve() }
    // What cannot be let go on is gone, or refuses this user now; there is nobody left to tell.
    this.request('resume', held, quiet).catch(() => undefined)
  }
}

const stopped = (): HeapscapeError => new HeapscapeError('live-stopped', { detail: 'it ended unasked; the program that was looked at goes on' })

const errorOf = ({ code, facts, where }: Failure): HeapscapeError => new HeapscapeError(code, facts, where)
