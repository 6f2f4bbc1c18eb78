import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext, Progress } from '../../shared/base/job-context'
import { engineTurns, Urgency, type Turns, type Urgent } from './turns'

const PROGRESS_MS = 80

/** A job of the engine process: shares the thread with the questions of the views by short turns. */
export class EngineJob implements JobContext, Urgent {
  #cancelled = false
  #lastProgress = 0
  readonly #report: (progress: Progress) => void
  readonly #urgency: Urgency
  readonly #turns: Turns

  constructor(report: (progress: Progress) => void, urgency: Urgency = Urgency.Now, turns = engineTurns) {
    this.#report = report
    this.#urgency = urgency
    this.#turns = turns
  }

  /** One that was given up has nothing left to do but to end. */
  get urgency(): Urgency {
    return this.#cancelled ? Urgency.Now : this.#urgency
  }

  get isCancelled(): boolean {
    return this.#cancelled
  }

  cancel(): void {
    this.#cancelled = true
  }

  progress(progress: Progress): void {
    const now = performance.now()
    if (now - this.#lastProgress < PROGRESS_MS && progress.done !== progress.total) return
    this.#lastProgress = now
    this.#report(progress)
  }

  async checkpoint(): Promise<void> {
    await this.#turns.pass(this)
    if (this.#cancelled) throw new HeapscapeError('cancelled')
  }
}
