const crashWindowMs = 60_000
const longestDelayMs = 30_000

/**
 * Milliseconds to wait before the engine is started again: none after a single failure, doubling from one second while
 * failures follow each other within a minute, so that an engine that cannot start does not keep the machine busy.
 * @param stoppedAtMs times of all stops including the latest
 */
export function restartDelayMs(stoppedAtMs: readonly number[], nowMs: number): number {
  const recent = stoppedAtMs.filter((time) => nowMs - time < crashWindowMs).length
  return recent <= 1 ? 0 : Math.min(longestDelayMs, 1000 * 2 ** (recent - 2))
}
