import { HeapscapeError } from '../../shared/base/errors'
import { SweepWorker, type SweepAnswer, type SweepOrder, type SweepShare } from './sweep-work'

const QUIET_MS = 100

/** A process that carries out one order at a time, as its owner sees it. */
export interface WorkerProcess {
  send(order: SweepOrder): void
  /** No order is left: the process may end by itself. */
  release(): void
  /** Ends it at once, whatever it is doing. */
  kill(): void
}

export interface WorkerEvents {
  message(message: SweepAnswer | SweepShare): void
  /** The process is gone; `reason` is null after `release`. */
  ended(reason: string | null): void
}

/** Starts a worker; the command line forks itself, the engine asks main for a process. */
export type StartWorker = (events: WorkerEvents) => WorkerProcess

/**
 * Answers of all orders as they come, between them shares of the points under way, and null after a while without any.
 * Ends early, with nothing left running, when the consumer stops. Without `start`, or with one job or order, the work is done here.
 */
export async function* carryOutAll(orders: readonly SweepOrder[], jobs: number, start: StartWorker | undefined): AsyncGenerator<SweepAnswer | SweepShare | null> {
  if (start === undefined || orders.length === 0) {
    const worker = new SweepWorker()
    for (const order of orders) yield await worker.carryOut(order)
    return
  }
  const pool = new WorkerPool(orders, Math.min(jobs, orders.length), start)
  try {
    for (let left = orders.length; left > 0; ) {
      const message = await pool.next()
      if (message !== null && !('share' in message)) left--
      yield message
    }
  } finally {
    pool.end()
  }
}

/** Processes that each hold one order at a time. Neighbouring orders share an input, so each worker takes a run of them. */
class WorkerPool {
  readonly #workers = new Set<WorkerProcess>()
  readonly #start: StartWorker
  readonly #queues: SweepOrder[][]
  readonly #messages: (SweepAnswer | SweepShare)[] = []
  #failure: HeapscapeError | undefined
  #wake: (() => void) | undefined
  #isEnding = false

  constructor(orders: readonly SweepOrder[], jobs: number, start: StartWorker) {
    this.#start = start
    const share = Math.ceil(orders.length / jobs)
    this.#queues = Array.from({ length: jobs }, (_, i) => orders.slice(i * share, (i + 1) * share))
    for (let i = 0; i < jobs; i++) this.#employ(i)
  }

  async next(): Promise<SweepAnswer | SweepShare | null> {
    if (this.#messages.length === 0 && this.#failure === undefined) await this.#news()
    const message = this.#messages.shift()
    if (message === undefined && this.#failure !== undefined) throw this.#failure
    return message ?? null
  }

  end(): void {
    this.#isEnding = true
    for (const worker of this.#workers) worker.kill()
  }

  #employ(own: number): void {
    const worker = this.#start({
      message: (message) => {
        this.#messages.push(message)
        this.#tell()
        if (!('share' in message)) give()
      },
      ended: (reason) => {
        this.#workers.delete(worker)
        if (reason === null || this.#isEnding) return
        this.#failure = new HeapscapeError('internal', { detail: `a worker process ended with ${reason}; finished points are kept, start the same sweep again` })
        this.#tell()
      },
    })
    const give = (): void => {
      const order = this.#take(own)
      if (order === undefined) worker.release()
      else worker.send(order)
    }
    this.#workers.add(worker)
    give()
  }

  /** From the own queue; when that is empty, the last order of the longest other one. */
  #take(own: number): SweepOrder | undefined {
    const order = this.#queues[own]!.shift()
    if (order !== undefined) return order
    return this.#queues.reduce((longest, queue) => (queue.length > longest.length ? queue : longest)).pop()
  }

  /** Fulfils when there is news, at the latest after QUIET_MS. */
  #news(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, QUIET_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #tell(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

/** The worker's side: carries out orders one after another, in the order they come. */
export function workOff(send: (message: SweepAnswer | SweepShare) => void): { take(order: SweepOrder): void; done(): Promise<void> } {
  const worker = new SweepWorker()
  let last = Promise.resolve()
  return {
    take: (order) => {
      last = last.then(async () => send(await worker.carryOut(order, send)))
    },
    done: () => last,
  }
}
