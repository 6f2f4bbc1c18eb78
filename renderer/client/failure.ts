import { HeapscapeError, toFailure, type Failure } from '../../shared/base/errors'

/** A failure that came from another process as data, thrown here; the text is the one made there. */
export class RemoteError extends Error {
  override name = 'RemoteError'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.text)
    this.failure = failure
  }
}

/** Any thrown value as data. */
export function failureOf(error: unknown): Failure {
  return error instanceof RemoteError ? error.failure : toFailure(error)
}

export const isCancelled = (error: unknown): boolean => failureOf(error).code === 'cancelled'

export const cancelledError = (): RemoteError => new RemoteError(new HeapscapeError('cancelled').toFailure())
