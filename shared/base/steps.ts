import type { JobContext } from './job-context'

/*
 * Work on tens of millions of rows, written once as a generator that yields every few milliseconds:
 *
 *   finish(steps)         in one go, where nobody waits for anything else (command line, tests, workers)
 *   inTurns(steps, job)   with a checkpoint at each step: questions are answered meanwhile, and a cancel is heard
 *
 * A step is at most CHUNK_LENGTH rows of a simple loop: some ten milliseconds.
 */
export type Steps<T> = Generator<void, T, void>

export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** @throws HeapscapeError `cancelled`, and what the work throws */
export async function inTurns<T>(steps: Steps<T>, job: JobContext): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    await job.checkpoint()
  }
}
