/** A broken promise inside our own code; never the answer to bad input (that is a HeapscapeError). */
export class BugError extends Error {
  override name = 'BugError'
}

export function assert(condition: boolean, text: string): asserts condition {
  if (!condition) throw new BugError(text)
}

/** Closes a switch: a new union member that nobody handles does not compile. */
export function assertNever(value: never): never {
  throw new BugError(`unhandled case: ${String(value)}`)
}
