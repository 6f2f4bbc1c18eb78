import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext, Progress } from '../../shared/base/job-context'
import { EngineJob } from './engine-job'
import { engineTurns, Urgency, type Urgent } from './turns'

interface Waiter {
  readonly job: JobContext
  readonly giveUp: (reason: unknown) => void
}

/**
 * Work that several jobs wait for, carried out once: as urgent as the most urgent of them, its progress told to all of them,
 * given up when the last of them has given up. It is the job of what it is made of, which may be shared with others again:
 *
 *   rows of the table ──┐
 *   cells of the map ───┴─> what the filter keeps        goes on while either waits, at the pace of the more urgent
 */
export class SharedWork<T> implements JobContext, Urgent {
  readonly #waiters = new Set<Waiter>()
  readonly #result: Promise<T>
  #settle!: (result: Promise<T>) => void
  #isGivenUp = false

  constructor() {
    this.#result = new Promise((resolve) => (this.#settle = resolve))
  }

  /** Nobody waits any more: whoever comes now has to begin anew. */
  get isGivenUp(): boolean {
    return this.#isGivenUp
  }

  get urgency(): Urgency {
    for (const { job } of this.#waiters) if (urgencyOf(job) === Urgency.Now) return Urgency.Now
    return Urgency.Later
  }

  /** Once somebody waits. */
  begin(make: (job: JobContext) => Promise<T>): void {
    this.#settle(make(this))
  }

  /** What the work gives. @throws what it throws, and what the job's own checkpoint throws as soon as it does */
  join(job: JobContext): Promise<T> {
    return new Promise((resolve, giveUp) => {
      this.#waiters.add({ job, giveUp })
      this.#result.then(resolve, giveUp)
    })
  }

  progress(progress: Progress): void {
    for (const { job } of this.#waiters) job.progress(progress)
  }

  async checkpoint(): Promise<void> {
    await engineTurns.pass(this)
    await this.#letGo()
    if (this.#isGivenUp) throw new HeapscapeError('cancelled')
  }

  /** Sends those away who have given up. */
  async #letGo(): Promise<void> {
    for (const waiter of this.#waiters) {
      const reason = await SharedWork.#reasonToGiveUp(waiter.job)
      if (reason === undefined) continue
      this.#waiters.delete(waiter)
      waiter.giveUp(reason)
    }
    this.#isGivenUp = this.#waiters.size === 0
  }

  /** Without a turn of its own where it can be had: the work has had its turn. */
  static async #reasonToGiveUp(job: JobContext): Promise<unknown> {
    if (job instanceof EngineJob) return job.isCancelled ? new HeapscapeError('cancelled') : undefined
    if (job instanceof SharedWork) {
      await job.#letGo()
      return job.isGivenUp ? new HeapscapeError('cancelled') : undefined
    }
    try {
      await job.checkpoint()
      return undefined
    } catch (error) {
      return error
    }
  }
}

/** A job that says nothing of it is waited for. */
const urgencyOf = (job: JobContext): Urgency => (job instanceof EngineJob || job instanceof SharedWork ? job.urgency : Urgency.Now)
