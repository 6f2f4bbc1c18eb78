import type { JobContext, Progress } from '../../shared/base/job-context'

/** Steps of a part are told as a share of the whole: at most this many, so that they stay whole numbers. */
const STEPS = 1000

/**
 * One of several equal parts of a job: its progress is told as that of the whole, `done` parts being over. A part of several
 * stages (reading, replaying) cannot say how many are to come: each stage takes half of what the ones before left.
 */
export class JobPart implements JobContext {
  readonly #whole: JobContext
  readonly #done: number
  readonly #parts: number
  readonly #unit: string
  #stageStart = 0
  #stageShare = 0

  constructor(whole: JobContext, done: number, parts: number, unit: string) {
    this.#whole = whole
    this.#done = done
    this.#parts = parts
    this.#unit = unit
  }

  progress({ done, total }: Progress): void {
    const share = total > 0 ? Math.min(1, done / total) : 0
    if (share < this.#stageShare) this.#stageStart += (1 - this.#stageStart) / 2
    this.#stageShare = share
    const told = this.#stageStart + ((1 - this.#stageStart) / 2) * share
    this.#whole.progress({ done: Math.floor((this.#done + told) * STEPS) / STEPS, total: this.#parts, unit: this.#unit })
  }

  checkpoint(): Promise<void> {
    return this.#whole.checkpoint()
  }
}
