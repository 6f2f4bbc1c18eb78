import { setImmediate as nextTurn } from 'node:timers/promises'
import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext, Progress } from '../../shared/base/job-context'

/** Work goes on for this long before messages (a cancel, a question of a view) get their turn. */
const TURN_MS = 12
const PROGRESS_MS = 80

/** A job of the engine process: shares the thread with the questions of the views by short turns. */
export class EngineJob implements JobContext {
  #cancelled = false
  #turnStart = performance.now()
  #lastProgress = 0
  readonly #report: (progress: Progress) => void

  constructor(report: (progress: Progress) => void) {
    this.#report = report
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
    if (performance.now() - this.#turnStart >= TURN_MS) {
      await nextTurn()
      this.#turnStart = performance.now()
    }
    if (this.#cancelled) throw new HeapscapeError('cancelled')
  }
}
