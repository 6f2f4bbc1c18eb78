import { HeapscapeError } from '../../base/errors'
import { checkComparability, type ComparabilityIssue } from '../compare/comparability'
import { compareSides, EXACT_RULE, type FigureDifference, type SidesComparison, type SidesOptions } from '../compare/compare-sides'
import { PRIMARY_FIGURES, primaryFiguresOf, type RunFigures } from '../compare/run-figures'
import { canReach, leastRuns, SAMPLED_RULE, type TriggerRule } from '../statistics/trigger-rule'

/*
 * The gate of a build pipeline: may this candidate replace the baseline?
 *
 *   replay    one trace: fails when a figure grows by more than 1 % and 64 KiB; no noise, no statistics
 *   sampled   repeats:   a first batch triggers, and FAILS only when a fresh batch triggers on the same figure too;
 *                        with no fresh batch, or a quiet one, the figure is SUSPECT and the gate passes
 *
 * Improvements follow the mirror rule; they suggest a new baseline and never set one.
 */
export interface GateRules {
  readonly mode: 'auto' | 'replay' | 'sampled'
  /** Judged together; every one of them can fail the gate. */
  readonly figures: readonly string[]
  readonly replay: Pick<TriggerRule, 'relative' | 'floor'>
  readonly sampled: TriggerRule
  /** By figure id: what differs for it. */
  readonly overrides: Readonly<Record<string, Partial<TriggerRule>>>
  readonly seed: number
}

export const DEFAULT_GATE_RULES: GateRules = { mode: 'auto', figures: PRIMARY_FIGURES, replay: EXACT_RULE, sampled: SAMPLED_RULE, overrides: {}, seed: 42 }

export interface GateBatch {
  readonly baseline: readonly RunFigures[]
  readonly candidate: readonly RunFigures[]
}

export type FigureStatus = 'pass' | 'regression' | 'suspect' | 'improvement' | 'not-available'

export interface GateFigure {
  readonly status: FigureStatus
  readonly first: FigureDifference
  /** The same figure in the fresh batch, where there is one. */
  readonly confirmation: FigureDifference | null
}

export interface GateResult {
  readonly verdict: 'pass' | 'fail' | 'suspect' | 'improved'
  readonly mode: 'replay' | 'sampled'
  readonly figures: readonly GateFigure[]
  readonly issues: readonly ComparabilityIssue[]
  readonly comparison: SidesComparison
  readonly confirmed: boolean
}

/**
 * @throws HeapscapeError `not-comparable` when the conditions differ, or for `replay` over unlike traces; `usage` when
 * there are too few runs for any p to lie below alpha / figures.
 */
export function judgeGate(first: GateBatch, confirmation: GateBatch | null, rules: GateRules = DEFAULT_GATE_RULES): GateResult {
  const mode = modeOf(first, rules)
  // The figures nobody chose are those of runs; snapshots have their own.
  const primary = rules.figures === DEFAULT_GATE_RULES.figures ? primaryFiguresOf(first.baseline) : rules.figures
  const options: SidesOptions = { primary, primaryOnly: true, exactRule: rules.replay, sampledRule: rules.sampled, figureRules: rules.overrides, seed: rules.seed }
  const comparison = compareBatch(first, options)
  if (comparison.primary.every(({ verdict }) => verdict === 'not-available')) {
    throw new HeapscapeError('not-comparable', { detail: `none of the figures to judge is known of both sides: ${primary.join(', ')}` })
  }
  if (mode === 'sampled') refuseTooFew(first, comparison.primary.length, rules)
  const fresh = confirmation === null || mode === 'replay' ? null : compareBatch(confirmation, options)
  if (fresh !== null && confirmation !== null) refuseTooFew(confirmation, fresh.primary.length, rules)
  const figures = comparison.primary.map((difference, i): GateFigure => {
    const again = fresh?.primary[i] ?? null
    return { status: statusOf(difference, again, mode), first: difference, confirmation: again }
  })
  return { verdict: verdictOf(figures), mode, figures, issues: comparison.issues, comparison, confirmed: fresh !== null }
}

const compareBatch = ({ baseline, candidate }: GateBatch, options: SidesOptions): SidesComparison =>
  compareSides({ name: 'baseline', runs: baseline }, { name: 'candidate', runs: candidate }, options)

function modeOf({ baseline, candidate }: GateBatch, { mode }: GateRules): 'replay' | 'sampled' {
  if (baseline.length === 0 || candidate.length === 0) throw new HeapscapeError('not-comparable', { detail: 'baseline and candidate need at least one run each.' })
  const { sameTrace } = checkComparability(baseline, candidate)
  if (mode === 'replay' && !sameTrace) throw new HeapscapeError('not-comparable', { detail: 'replay mode needs runs of one trace on both sides; these carry out different ones.' })
  if (mode === 'sampled' && sameTrace) throw new HeapscapeError('not-comparable', { detail: 'all runs carry out one trace, so there is nothing random to test; use replay mode.' })
  return sameTrace ? 'replay' : 'sampled'
}

function refuseTooFew({ baseline, candidate }: GateBatch, figures: number, { sampled }: GateRules): void {
  if (figures === 0 || canReach(baseline.length, candidate.length, sampled.alpha, figures)) return
  const detail = `expected at least ${leastRuns(sampled.alpha, figures)} runs per side for p < ${sampled.alpha} over ${figures} figures, got ${baseline.length} and ${candidate.length}`
  throw new HeapscapeError('usage', { detail })
}

function statusOf(first: FigureDifference, fresh: FigureDifference | null, mode: 'replay' | 'sampled'): FigureStatus {
  switch (first.verdict) {
    case 'not-available':
      return 'not-available'
    case 'better':
      return 'improvement'
    case 'worse':
    case 'changed':
      return mode === 'replay' || fresh?.verdict === first.verdict ? 'regression' : 'suspect'
    case 'same':
      return 'pass'
  }
}

function verdictOf(figures: readonly GateFigure[]): GateResult['verdict'] {
  const has = (status: FigureStatus): boolean => figures.some((figure) => figure.status === status)
  if (has('regression')) return 'fail'
  if (has('suspect')) return 'suspect'
  return has('improvement') ? 'improved' : 'pass'
}
