import type { StartHelper } from '../helper-processes'
import { serveRole } from '../helper-roles'

/** Helpers that work in this very process: messages cross as copies, as between processes, and one that was ended says nothing more. */
export function helpersHere(): { readonly start: StartHelper; readonly started: string[]; readonly alive: () => number } {
  const started: string[] = []
  let alive = 0
  return {
    started,
    alive: () => alive,
    start: (role, { message }) => {
      started.push(role)
      alive++
      let isAlive = true
      const take = serveRole(role, (answer) => setImmediate(() => isAlive && message(structuredClone(answer))))
      return {
        send: (order) => take(structuredClone(order)),
        end: () => {
          if (isAlive) alive--
          isAlive = false
        },
      }
    },
  }
}
