import { HeapscapeError } from './errors'

export interface Progress {
  /** Work done and to do, in `unit`; total 0 when unknown. */
  readonly done: number
  readonly total: number
  /** What is counted, plural, for instance `events` or `bytes`. */
  readonly unit: string
}

/** What long work may ask of its owner: to tell how far it is, and to let messages (such as a cancel) through. */
export interface JobContext {
  progress(progress: Progress): void
  /** Call every few milliseconds of work. Gives the owner a turn when one is due; throws `cancelled` after a cancel. */
  checkpoint(): Promise<void>
}

/** For tests and for short work: never waits, never cancels. */
export const quietJob: JobContext = { progress: () => {}, checkpoint: () => Promise.resolve() }

/** A job that is cancelled at its n-th checkpoint; for tests. */
export function cancelledAfter(checkpoints: number): JobContext {
  let left = checkpoints
  return {
    progress: () => {},
    checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(new HeapscapeError('cancelled'))),
  }
}
