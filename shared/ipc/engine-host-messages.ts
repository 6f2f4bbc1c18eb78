import type { Failure } from '../base/errors'

/*
 * What main and the engine process tell each other over the engine's parentPort. Paths travel here and nowhere else:
 * a window knows only the ids.
 */

/**
 * Main to engine. `connect` comes with the port of one window in `ports[0]`; that port closes when the window goes,
 * reloads or gets a new port. After a restart of the engine everything registered so far is registered again before
 * the first `connect`.
 */
export type ToEngineProcess =
  | { readonly type: 'register-source'; readonly sourceId: string; readonly path: string; readonly name: string }
  | { readonly type: 'register-target'; readonly targetId: string; readonly path: string; readonly name: string }
  | { readonly type: 'connect' }
  /** The port of a fresh process that captures running programs, in `ports[0]`: the answer to `live-start`. */
  | { readonly type: 'live-connect' }
  /** A helper that was asked for; the port to it comes in `ports[0]`. */
  | { readonly type: 'helper'; readonly helperId: string }
  | { readonly type: 'helper-ended'; readonly helperId: string; readonly reason: string }

/** Processes beside the engine: they replay points of a sweep, or ask a dataset. Main starts them, the engine talks to them. */
export const HELPER_ROLES = ['sweep', 'query'] as const
export type HelperRole = (typeof HELPER_ROLES)[number]

/**
 * Engine to main. Each registration is answered by `registered`: only then does a window learn the id, so that its
 * `open` or `save`, which takes another way, cannot arrive first. `opened`, `refused` and `saved` are sent before the
 * answer to the window.
 */
export type FromEngineProcess =
  | { readonly type: 'registered'; readonly id: string }
  | { readonly type: 'opened'; readonly sourceId: string }
  | { readonly type: 'refused'; readonly sourceId: string; readonly error: Failure }
  | { readonly type: 'saved'; readonly targetId: string }
  /** A process that captures running programs is wanted; there is none, or the last one ended. */
  | { readonly type: 'live-start' }
  | { readonly type: 'start-helper'; readonly helperId: string; readonly role: HelperRole }
  | { readonly type: 'end-helper'; readonly helperId: string }
  /** The last words of an engine that is about to exit with a bug. */
  | { readonly type: 'fatal'; readonly error: Failure }
