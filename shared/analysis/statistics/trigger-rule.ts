import { median } from './intervals'
import { holmAdjusted } from './holm'
import { mannWhitney, smallestAttainableP } from './rank-test'

/*
 * Rule "R3": one batch of repeated runs triggers for a metric when all four hold
 *
 *   (a) median ratio - 1   >= relative    large enough to matter in proportion,
 *   (b) median difference  >= floor       and in bytes,
 *   (c) one-sided p        <  alpha       not by chance (Holm over the metrics judged together),
 *   (d) Cliff's delta      >= delta       and for most pairs of runs;
 *
 * (e) it is confirmed when a fresh, independent batch triggers on the same metric.
 */
export interface TriggerRule {
  /** Smallest relative change of the medians, for instance 0.03. */
  readonly relative: number
  /** Smallest difference of the medians, in the metric's unit. */
  readonly floor: number
  readonly alpha: number
  readonly delta: number
}

export const MEBIBYTE = 1024 * 1024

/** The published thresholds for repeated runs: 3 %, 256 KiB, p < 0.01, "large" effect. */
export const SAMPLED_RULE: TriggerRule = { relative: 0.03, floor: MEBIBYTE / 4, alpha: 0.01, delta: 0.474 }

export type Direction = 'up' | 'down'

export interface BatchJudgement {
  readonly baselineMedian: number
  readonly candidateMedian: number
  /** candidateMedian / baselineMedian - 1; null when the baseline's is 0. */
  readonly change: number | null
  /** One-sided p of the direction the medians moved in. */
  readonly p: number
  /** The same, adjusted by Holm over the metrics judged together. */
  readonly adjustedP: number
  /** Positive when the candidate's values tend to be larger. */
  readonly delta: number
  readonly direction: Direction | 'none'
  readonly triggered: boolean
}

export interface Batch {
  readonly baseline: readonly number[]
  readonly candidate: readonly number[]
}

/** Judges the metrics of one batch together. Both directions use the same rule; `up` is growth. */
export function judgeBatch(metrics: readonly Batch[], rules: readonly TriggerRule[]): BatchJudgement[] {
  const tests = metrics.map(measure)
  const adjusted = holmAdjusted(tests.map(({ p }) => p))
  return tests.map((test, i) => ({ ...test, adjustedP: adjusted[i]!, triggered: triggers(test, adjusted[i]!, rules[i]!) }))
}

type Measured = Omit<BatchJudgement, 'adjustedP' | 'triggered'>

function measure({ baseline, candidate }: Batch): Measured {
  const baselineMedian = median(baseline)
  const candidateMedian = median(candidate)
  const difference = candidateMedian - baselineMedian
  const down = difference < 0
  const { pGreater, delta } = down ? mannWhitney(baseline, candidate) : mannWhitney(candidate, baseline)
  return {
    baselineMedian,
    candidateMedian,
    change: baselineMedian === 0 ? null : candidateMedian / baselineMedian - 1,
    p: pGreater,
    delta: down ? -delta : delta,
    direction: difference === 0 ? 'none' : down ? 'down' : 'up',
  }
}

function triggers({ baselineMedian, candidateMedian, delta, direction }: Measured, adjustedP: number, rule: TriggerRule): boolean {
  if (direction === 'none') return false
  // The mirror rule takes the better side as the base, so that going there and back is judged alike.
  const [base, other] = direction === 'up' ? [baselineMedian, candidateMedian] : [candidateMedian, baselineMedian]
  return other - base >= base * rule.relative && other - base >= rule.floor && adjustedP < rule.alpha && Math.abs(delta) >= rule.delta
}

/** Smallest number of runs per side whose smallest attainable p lies below alpha / metrics. */
export function leastRuns(alpha: number, metrics: number): number {
  let runs = 2
  while (smallestAttainableP(runs, runs) >= alpha / metrics) runs++
  return runs
}

/** True when n against m runs can reach significance at all. */
export const canReach = (n: number, m: number, alpha: number, metrics: number): boolean => n > 0 && m > 0 && smallestAttainableP(n, m) < alpha / metrics
