import { fork, type ChildProcess } from 'node:child_process'
import { HeapscapeError } from '../../../shared/base/errors'
import { SweepWorker, type SweepAnswer, type SweepOrder } from './sweep-work'

/** Argument that makes this program a worker: it takes orders from its parent and ends with it. */
export const WORKER_ARGUMENT = '--sweep-worker'

/** Answers of all orders as they come. Ends early, with nothing left running, when the consumer stops. */
export async function* carryOutAll(orders: readonly SweepOrder[], jobs: number): AsyncGenerator<SweepAnswer> {
  if (jobs <= 1 || orders.length <= 1) {
    const worker = new SweepWorker()
    for (const order of orders) yield await worker.carryOut(order)
    return
  }
  const pool = new WorkerPool(orders, Math.min(jobs, orders.length))
  try {
    for (let answered = 0; answered < orders.length; answered++) yield await pool.next()
  } finally {
    pool.end()
  }
}

/** Child processes that each hold one order at a time. Neighbouring orders share an input, so each worker takes a run of them. */
class WorkerPool {
  readonly #children = new Set<ChildProcess>()
  readonly #queues: SweepOrder[][]
  readonly #answers: SweepAnswer[] = []
  #failure: HeapscapeError | undefined
  #wake: (() => void) | undefined
  #isEnding = false

  constructor(orders: readonly SweepOrder[], jobs: number) {
    const share = Math.ceil(orders.length / jobs)
    this.#queues = Array.from({ length: jobs }, (_, i) => orders.slice(i * share, (i + 1) * share))
    for (let i = 0; i < jobs; i++) this.#start(i)
  }

  async next(): Promise<SweepAnswer> {
    for (;;) {
      const answer = this.#answers.shift()
      if (answer !== undefined) return answer
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  end(): void {
    this.#isEnding = true
    for (const child of this.#children) child.kill()
  }

  #start(own: number): void {
    const child = fork(process.argv[1]!, [WORKER_ARGUMENT], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#children.add(child)
    const give = (): void => {
      const order = this.#take(own)
      if (order === undefined) child.disconnect()
      else child.send(order)
    }
    child.on('message', (answer: SweepAnswer) => {
      this.#answers.push(answer)
      this.#tell()
      give()
    })
    child.on('exit', (code, signal) => {
      this.#children.delete(child)
      if (code === 0 || this.#isEnding) return
      this.#failure = new HeapscapeError('internal', { detail: `a worker process ended with ${signal ?? `code ${String(code)}`}; finished points are kept, run the same command again` })
      this.#tell()
    })
    give()
  }

  /** From the own queue; when that is empty, the last order of the longest other one. */
  #take(own: number): SweepOrder | undefined {
    const order = this.#queues[own]!.shift()
    if (order !== undefined) return order
    return this.#queues.reduce((longest, queue) => (queue.length > longest.length ? queue : longest)).pop()
  }

  #tell(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

/** The worker's side: carries out what the parent sends until it goes away. */
export function runAsWorker(): Promise<void> {
  const worker = new SweepWorker()
  return new Promise((resolve) => {
    let last = Promise.resolve()
    process.on('message', (order: SweepOrder) => {
      last = last.then(async () => {
        const answer = await worker.carryOut(order)
        if (process.connected) process.send?.(answer)
      })
    })
    process.on('disconnect', () => void last.then(resolve))
  })
}
