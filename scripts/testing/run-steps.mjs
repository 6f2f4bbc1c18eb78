// Runs test steps one after the other, all of them even when one fails, and sums up.
import { SetupError } from '../setup/project.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ ok: boolean, counts?: Counts }} Outcome */
/** @typedef {{ name: string, needs?: string, run: (filters: string[]) => Promise<Outcome> }} Step `needs` names a step without which this one makes no sense */

/** @param {number} startMs */
const secondsSince = (startMs) => ((performance.now() - startMs) / 1000).toFixed(1)

/** @param {Step} step @param {string[]} filters @returns {Promise<Outcome>} */
async function runStep(step, filters) {
  try {
    return await step.run(filters)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.log(error.message)
    return { ok: false }
  }
}

/** The last line of a test run. @param {readonly Counts[]} all */
export function formatTotals(all) {
  const sum = (/** @type {keyof Counts} */ key) => all.reduce((total, counts) => total + counts[key], 0)
  const skipped = sum('skipped')
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/**
 * @param {readonly Step[]} steps
 * @param {string[]} filters handed to every step
 * @returns {Promise<number>} exit code
 */
export async function runSteps(steps, filters) {
  const start = performance.now()
  /** @type {string[]} */
  const failed = []
  /** @type {Counts[]} */
  const counts = []
  /** @type {string[]} */
  const times = []
  for (const step of steps) {
    if (step.needs !== undefined && failed.includes(step.needs)) {
      console.log(`\n== ${step.name}: not run, because ${step.needs} failed`)
      failed.push(step.name)
      continue
    }
    console.log(`\n== ${step.name}`)
    const stepStart = performance.now()
    const outcome = await runStep(step, filters)
    if (outcome.counts) counts.push(outcome.counts)
    if (!outcome.ok) failed.push(step.name)
    times.push(`${step.name} ${secondsSince(stepStart)} s`)
    console.log(`== ${step.name}: ${outcome.ok ? 'ok' : 'FAILED'}, ${secondsSince(stepStart)} s`)
  }
  console.log(`\n${times.join(', ')}; together ${secondsSince(start)} s`)
  if (failed.length > 0) console.log(`Failed steps: ${failed.join(', ')}`)
  if (counts.length > 0) console.log(formatTotals(counts))
  return failed.length > 0 ? 1 : 0
}
