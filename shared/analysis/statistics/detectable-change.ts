import { mulberry32 } from '../../base/random'
import { median } from './intervals'
import { mannWhitneySorted } from './rank-test'
import type { TriggerRule } from './trigger-rule'

export interface PowerOptions {
  readonly baselineRuns: number
  readonly candidateRuns: number
  /** Metrics judged together: p must be below alpha / metrics, the strictest step of Holm. */
  readonly metrics: number
  readonly trials?: number
  readonly seed?: number
}

const TRIALS = 400
const SEED = 42
/** Confirmed means that two independent batches trigger, so one must do so with the root of the power wanted. */
const WANTED_POWER = 0.8
const LARGEST_CHANGE = 4
const HALVINGS = 12

/**
 * Smallest relative growth that the rule, confirmed by a second batch, reports with 80 % power: simulated by drawing
 * both sides from the relative residuals of the baseline and scaling one of them. null when even growth by 400 % is not
 * seen, or when the baseline's median is 0.
 */
export function minimalDetectableChange(baseline: readonly number[], rule: TriggerRule, options: PowerOptions): number | null {
  const centre = median(baseline)
  if (!(centre > 0)) return null
  const draws = drawBatches(baseline.map((value) => value / centre), options)
  const alpha = rule.alpha / options.metrics
  const power = (change: number): number => {
    let seen = 0
    for (const { base, grown } of draws) if (triggersAt(base, grown, centre, change, rule, alpha)) seen++
    return seen / draws.length
  }
  const wanted = Math.sqrt(WANTED_POWER)
  if (power(LARGEST_CHANGE) < wanted) return null
  // With the same draws throughout, a larger change is never seen less often.
  let low = 0
  let high = LARGEST_CHANGE
  for (let step = 0; step < HALVINGS; step++) {
    const between = (low + high) / 2
    if (power(between) >= wanted) high = between
    else low = between
  }
  return high
}

/** Both sides in ascending order: growth by a factor does not change it. */
interface Draw {
  readonly base: Float64Array
  readonly grown: Float64Array
}

function drawBatches(residuals: readonly number[], { baselineRuns, candidateRuns, trials = TRIALS, seed = SEED }: PowerOptions): Draw[] {
  const random = mulberry32(seed)
  const draw = (count: number): Float64Array => Float64Array.from({ length: count }, () => residuals[Math.floor(random() * residuals.length)]!).sort()
  return Array.from({ length: trials }, () => ({ base: draw(baselineRuns), grown: draw(candidateRuns) }))
}

const middle = (sorted: Float64Array): number => (sorted[(sorted.length - 1) >>> 1]! + sorted[sorted.length >>> 1]!) / 2

function triggersAt(base: Float64Array, grown: Float64Array, centre: number, change: number, rule: TriggerRule, alpha: number): boolean {
  const from = middle(base)
  const to = middle(grown) * (1 + change)
  if (to - from < from * rule.relative || (to - from) * centre < rule.floor) return false
  const { pGreater, delta } = mannWhitneySorted(grown.map((value) => value * (1 + change)), base)
  return pGreater < alpha && delta >= rule.delta
}
