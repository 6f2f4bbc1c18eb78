// Runs in a page: what the eye and the hand get, frame by frame. For the window benches and the window tests.

/** @typedef {import('./frame-recorder.d.mts').Frames} Frames */

/**
 * Does `act` in each frame for so long and tells what came of it.
 * @param {(frame: number) => void} act
 * @param {number} forMs
 * @returns {Promise<Frames>}
 */
async function recordFrames(act, forMs) {
  const nextFrame = /** @type {(then: (nowMs: number) => void) => number} */ (Reflect.get(globalThis, 'requestAnimationFrame'))
  let longestTaskMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  })
  // The browser's own kind, which Node's types do not know.
  observer.observe(/** @type {never} */ ({ entryTypes: ['longtask'] }))
  /** @type {number[]} */
  const gaps = []
  await new Promise((resolve) => {
    let startMs = 0
    let lastMs = 0
    const frame = (/** @type {number} */ nowMs) => {
      if (startMs === 0) startMs = nowMs
      else gaps.push(nowMs - lastMs)
      lastMs = nowMs
      act(gaps.length)
      if (nowMs - startMs < forMs) nextFrame(frame)
      else resolve(undefined)
    }
    nextFrame(frame)
  })
  // Long tasks are told a moment after they ended.
  await new Promise((resolve) => setTimeout(resolve, 100))
  observer.disconnect()
  const sorted = gaps.sort((a, b) => a - b)
  const at = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { frames: sorted.length, medianMs: at(0.5), p95Ms: at(0.95), worstMs: at(1), longestTaskMs }
}

/** The same as an expression for a page whose content policy knows no evaluation; `act` is the text of a function. @param {string} act @param {number} forMs */
export const framesExpression = (act, forMs) => `(${recordFrames.toString()})(${act}, ${forMs})`
