import { HeapscapeError } from '../../base/errors'
import { minimalDetectableChange } from '../statistics/detectable-change'
import { effectLabel, type EffectLabel } from '../statistics/effect-size'
import { bootstrapChange, median, medianInterval, type BootstrapInterval, type MedianInterval } from '../statistics/intervals'
import { canReach, judgeBatch, leastRuns, SAMPLED_RULE, type BatchJudgement, type TriggerRule } from '../statistics/trigger-rule'
import { checkComparability, workloadDrift, type ComparabilityIssue } from './comparability'
import { figureDefinitions, isSnapshot, primaryFiguresOf, type FigureDefinition, type RunFigures } from './run-figures'

/*
 * Two sides of any number of runs, figure by figure:
 *
 *   side A  ● ●● ●      median [interval]   \
 *   side B     ●●● ●    median [interval]   /  change [interval], p, effect, verdict
 *
 * How a verdict is reached depends on the runs:
 *   exact       all carry out one trace: figures are facts; thresholds 1 % and 64 KiB
 *   tested      enough repeats: one batch of the trigger rule (trigger-rule.ts)
 *   thresholds  too few repeats for any test: only the rule's thresholds, and said so
 */
export type ComparisonBasis = 'exact' | 'tested' | 'thresholds'

/** `same`: no change that the rule can see; `changed`: of a figure that is neither good nor bad. */
export type FigureVerdict = 'worse' | 'better' | 'changed' | 'same' | 'not-available'

export interface SideFigure {
  /** One per run, in the order of the side's runs; null = not available. */
  readonly values: readonly (number | null)[]
  /** null when any run lacks the figure. */
  readonly median: number | null
  /** 95 % interval of the median from order statistics; null with five runs or fewer. */
  readonly interval: MedianInterval | null
}

export interface FigureDifference {
  readonly figure: FigureDefinition
  readonly a: SideFigure
  readonly b: SideFigure
  /** median B - median A. */
  readonly difference: number | null
  /** median B / median A - 1; null when A's is 0. */
  readonly change: number | null
  /** Percentile bootstrap of `change`; only where repeats were tested. */
  readonly changeInterval: BootstrapInterval | null
  /** One-sided p; null where nothing was tested. */
  readonly p: number | null
  /** Holm over the primary figures; null for others. */
  readonly adjustedP: number | null
  readonly delta: number | null
  readonly effect: EffectLabel | null
  readonly verdict: FigureVerdict
  /** Smallest relative growth the rule would have shown with 80 % power; null where it does not apply. */
  readonly detectable: number | null
}

export interface SidesComparison {
  readonly basis: ComparisonBasis
  readonly a: { readonly name: string; readonly runs: readonly RunFigures[] }
  readonly b: { readonly name: string; readonly runs: readonly RunFigures[] }
  readonly rule: TriggerRule
  readonly seed: number
  readonly issues: readonly ComparabilityIssue[]
  /** The primary figures, judged together. */
  readonly primary: readonly FigureDifference[]
  /** Everything else, each judged alone: for reading, not for gating. */
  readonly others: readonly FigureDifference[]
  /** Runs each side needs for a test; null when there are enough. */
  readonly runsNeeded: number | null
}

export interface SidesOptions {
  /** Compares what both sides answer alike instead of refusing. */
  readonly commonOnly?: boolean
  readonly exactRule?: Pick<TriggerRule, 'relative' | 'floor'>
  readonly sampledRule?: TriggerRule
  readonly primary?: readonly string[]
  /** Leaves out all figures but the primary ones. */
  readonly primaryOnly?: boolean
  /** By figure id: what differs from the rule for this figure. */
  readonly figureRules?: Readonly<Record<string, Partial<TriggerRule>>>
  readonly seed?: number
}

/** For runs of one trace, which are free of noise: 1 % and 64 KiB (compare-runs, section 4.1). */
export const EXACT_RULE: Pick<TriggerRule, 'relative' | 'floor'> = { relative: 0.01, floor: 64 * 1024 }

export interface Side {
  readonly name: string
  readonly runs: readonly RunFigures[]
}

/** @throws HeapscapeError `not-comparable` (unless `commonOnly`), with everything that differs. */
export function compareSides(a: Side, b: Side, options: SidesOptions = {}): SidesComparison {
  if (a.runs.length === 0 || b.runs.length === 0) throw new HeapscapeError('not-comparable', { detail: `side ${a.runs.length === 0 ? a.name : b.name} has no runs.` })
  const { sameTrace, issues, commonFigures } = checkComparability(a.runs, b.runs)
  const refusals = issues.filter(({ severity }) => severity === 'refuse')
  if (refusals.length > 0 && (options.commonOnly !== true || commonFigures.length === 0)) throw new HeapscapeError('not-comparable', { detail: refusals.map(({ text }) => text).join(' '), commonFigures: commonFigures.length })
  const usable = figureDefinitions.filter(({ id }) => commonFigures.includes(id))
  const named: readonly string[] = options.primary ?? primaryFiguresOf(a.runs)
  const primary = named.flatMap((id) => usable.find((figure) => figure.id === id) ?? [])
  const basis = basisOf(a.runs.length, b.runs.length, sameTrace, primary.length, options)
  const judge = new Judge(a.runs, b.runs, basis, options)
  const demand = isSnapshot(a.runs[0]!) ? 'snapshot.M1_liveBytes' : 'run.peakLiveBytes'
  const drift = workloadDrift(medianOf(valuesOf(a.runs, demand)), medianOf(valuesOf(b.runs, demand)))
  return {
    basis,
    a,
    b,
    rule: judge.rule,
    seed: judge.seed,
    issues: drift === undefined ? issues : [drift, ...issues],
    primary: judge.together(primary),
    others: (options.primaryOnly === true ? [] : usable.filter((figure) => !primary.includes(figure))).map((figure) => ({ ...judge.together([figure])[0]!, adjustedP: null })),
    runsNeeded: basis === 'thresholds' ? leastRuns(judge.rule.alpha, primary.length) : null,
  }
}

function basisOf(runsA: number, runsB: number, sameTrace: boolean, metrics: number, { sampledRule = SAMPLED_RULE }: SidesOptions): ComparisonBasis {
  if (sameTrace) return 'exact'
  return canReach(runsA, runsB, sampledRule.alpha, Math.max(1, metrics)) ? 'tested' : 'thresholds'
}

const valuesOf = (runs: readonly RunFigures[], id: string): (number | null)[] => runs.map(({ values }) => values[id] ?? null)

const isComplete = (values: readonly (number | null)[]): values is readonly number[] => values.every((value) => value !== null)

const medianOf = (values: readonly (number | null)[]): number | null => (isComplete(values) ? median(values) : null)

const MEDIAN_INTERVAL = 0.95
const DEFAULT_SEED = 42

class Judge {
  readonly rule: TriggerRule
  readonly seed: number
  readonly #a: readonly RunFigures[]
  readonly #b: readonly RunFigures[]
  readonly #basis: ComparisonBasis
  readonly #figureRules: NonNullable<SidesOptions['figureRules']>

  constructor(a: readonly RunFigures[], b: readonly RunFigures[], basis: ComparisonBasis, options: SidesOptions) {
    this.#a = a
    this.#b = b
    this.#basis = basis
    this.seed = options.seed ?? DEFAULT_SEED
    this.#figureRules = options.figureRules ?? {}
    const sampled = options.sampledRule ?? SAMPLED_RULE
    this.rule = basis === 'exact' ? { ...sampled, ...(options.exactRule ?? EXACT_RULE) } : sampled
  }

  /** Figures whose p values are adjusted for one another. */
  together(figures: readonly FigureDefinition[]): FigureDifference[] {
    const known = figures.flatMap((figure) => {
      const baseline = valuesOf(this.#a, figure.id)
      const candidate = valuesOf(this.#b, figure.id)
      return isComplete(baseline) && isComplete(candidate) ? [{ id: figure.id, baseline, candidate, rule: this.#ruleFor(figure) }] : []
    })
    const judged = this.#basis === 'tested' ? judgeBatch(known, known.map(({ rule }) => rule)) : []
    const judgements = new Map(known.map(({ id }, i) => [id, judged[i]]))
    return figures.map((figure) => this.#difference(figure, judgements.get(figure.id), known.length))
  }

  /** The floor is in bytes; figures of other units are judged by proportion alone. */
  #ruleFor({ id, unit }: FigureDefinition): TriggerRule {
    return { ...this.rule, ...(unit === 'bytes' ? {} : { floor: 0 }), ...this.#figureRules[id] }
  }

  #difference(figure: FigureDefinition, judgement: BatchJudgement | undefined, judgedTogether: number): FigureDifference {
    const a = sideFigure(valuesOf(this.#a, figure.id))
    const b = sideFigure(valuesOf(this.#b, figure.id))
    const untested = { changeInterval: null, p: null, adjustedP: null, delta: null, effect: null, detectable: null }
    if (a.median === null || b.median === null) return { figure, a, b, difference: null, change: null, ...untested, verdict: 'not-available' }
    const difference = b.median - a.median
    const common = { figure, a, b, difference, change: a.median === 0 ? null : b.median / a.median - 1 }
    const rule = this.#ruleFor(figure)
    if (judgement === undefined) return { ...common, ...untested, verdict: verdictOf(figure, difference, exceeds(a.median, b.median, rule)) }
    const valuesA = a.values as readonly number[]
    const valuesB = b.values as readonly number[]
    const same = !judgement.triggered
    return {
      ...common,
      changeInterval: a.median > 0 && valuesA.every((value) => value > 0) ? bootstrapChange(valuesA, valuesB, { seed: this.seed }) : null,
      p: judgement.p,
      adjustedP: judgement.adjustedP,
      delta: judgement.delta,
      effect: effectLabel(judgement.delta),
      verdict: verdictOf(figure, difference, judgement.triggered),
      detectable: same
        ? minimalDetectableChange(valuesA, rule, { baselineRuns: valuesA.length, candidateRuns: valuesB.length, metrics: judgedTogether, seed: this.seed })
        : null,
    }
  }
}

function sideFigure(values: readonly (number | null)[]): SideFigure {
  if (!isComplete(values)) return { values, median: null, interval: null }
  return { values, median: median(values), interval: medianInterval(values, MEDIAN_INTERVAL) }
}

/** Parts (a) and (b) of the trigger rule; shrinking takes the smaller side as the base, as the mirror rule does. */
function exceeds(a: number, b: number, { relative, floor }: Pick<TriggerRule, 'relative' | 'floor'>): boolean {
  const base = Math.min(a, b)
  const difference = Math.abs(b - a)
  return difference > 0 && difference >= base * relative && difference >= floor
}

function verdictOf({ direction }: FigureDefinition, difference: number, triggered: boolean): FigureVerdict {
  if (!triggered || difference === 0) return 'same'
  if (direction === 'neutral') return 'changed'
  return difference > 0 === (direction === 'lower') ? 'worse' : 'better'
}
