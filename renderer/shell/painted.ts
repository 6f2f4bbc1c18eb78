import { isEngineBusy } from '../client/engine-client'

/** Views ask for their data in steps: a moment without questions is the end of them. */
const QUIET_MS = 250
const CHECK_MS = 50

const nextFrame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))

/** Fulfils when no view waits for the engine any more and what it answered is painted. */
export async function whenPainted(): Promise<void> {
  let quietMs = 0
  while (quietMs < QUIET_MS) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS))
    quietMs = isEngineBusy() ? 0 : quietMs + CHECK_MS
  }
  await nextFrame()
  await nextFrame()
}
