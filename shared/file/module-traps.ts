/*
 * A WebAssembly module that answers by promise does its work in microtasks. When it traps there (a Rust panic), nobody is
 * told: its promise stays open, and the host ends the process over an uncaught error. While a call is under way its microtasks
 * are therefore queued through here:
 *
 *   module --queueMicrotask(task)--> task, watched --trap--> the call under way fails with ModuleTrap
 *
 * Calls go one after another, so that a trap belongs to the one under way.
 */

/** The module gave up in the middle of a call. What the call used must not be used or freed any more. */
export class ModuleTrap extends Error {
  override readonly name = 'ModuleTrap'
}

interface MicrotaskHost {
  queueMicrotask: (task: () => void) => void
}
const host = globalThis as unknown as MicrotaskHost

let lastCall: Promise<unknown> = Promise.resolve()

/** Waits for its turn, then runs `work`. Rejects with what it rejects with, or with ModuleTrap. */
export function callWatched<T>(work: () => Promise<T>): Promise<T> {
  const call = lastCall.then(() => watched(work))
  lastCall = call.catch(() => undefined)
  return call
}

async function watched<T>(work: () => Promise<T>): Promise<T> {
  const queue = host.queueMicrotask
  try {
    return await new Promise<T>((resolve, reject) => {
      host.queueMicrotask = (task) => {
        queue.call(globalThis, () => {
          try {
            task()
          } catch (error) {
            if (!isTrap(error)) throw error
            reject(new ModuleTrap(error.message))
          }
        })
      }
      work().then(resolve, (error: unknown) => reject(isTrap(error) ? new ModuleTrap(error.message) : error))
    })
  } finally {
    host.queueMicrotask = queue
  }
}

/** Ends the process as an error nobody caught does: its host starts another and tells. */
export function endOverTrap(error: ModuleTrap): void {
  host.queueMicrotask(() => {
    throw error
  })
}

/** WebAssembly.RuntimeError by name: the types of this code know no host. */
const isTrap = (error: unknown): error is Error => error instanceof Error && error.name === 'RuntimeError'
