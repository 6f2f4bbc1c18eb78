import { type Failure, toFailure } from './errors'

/** Outcome of a job. Inside a module expected failures are thrown as HeapscapeError; at the job's border they become this. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure }

export async function resultOf<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, error: toFailure(error) }
  }
}
