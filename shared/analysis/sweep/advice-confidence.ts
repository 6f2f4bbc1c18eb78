import type { SweepResult } from './sweep-measure'

/*
 * A replay is exact: the same trace gives the same bytes, so no test applies and nothing in the numbers is chance. What
 * is open is how far the traces stand for the program. The level follows from what can be seen of that:
 *
 *   low     a trace was read in part, or the traces disagree about the best choice
 *   medium  they agree, but there are only one or two
 *   high    three or more, and all agree
 */
export type ConfidenceLevel = 'low' | 'medium' | 'high'

export interface AdviceConfidence {
  readonly level: ConfidenceLevel
  /** Why, each a part of a sentence. */
  readonly reasons: readonly string[]
}

/** Below this share of the reference's peaks a difference is not worth advice. */
export const WORTHWHILE = 0.01
const ENOUGH_TRACES = 3

/**
 * Each list holds one variant's results, one per input.
 * @param others every variant, best and reference too
 */
export function confidenceOf(best: readonly SweepResult[], reference: readonly SweepResult[], others: readonly (readonly SweepResult[])[]): AdviceConfidence {
  const traces = reference.length
  const partial = reference.filter(({ figures }) => figures.partial).length
  const agreeing = reference.filter((of) => agrees(of, best, reference, others)).length
  const reasons = [
    traces === 1 ? 'one trace only' : `${agreeing} of ${traces} traces agree`,
    ...(partial > 0 ? [`${partial} of ${traces === 1 ? 'one' : traces} read in part only`] : []),
    'replays are exact, nothing in them is chance',
  ]
  const level = partial > 0 || agreeing < traces ? 'low' : traces < ENOUGH_TRACES ? 'medium' : 'high'
  return { level, reasons }
}

/** Whether the trace alone would give the same advice: a saving by the best, or none by anybody. */
function agrees({ input }: SweepResult, best: readonly SweepResult[], reference: readonly SweepResult[], others: readonly (readonly SweepResult[])[]): boolean {
  const wholeSaving = savingOf(sumOf(best), sumOf(reference))
  const of = (variant: readonly SweepResult[]): number => peakOf(variant.find((result) => result.input === input))
  if (wholeSaving >= WORTHWHILE) return savingOf(of(best), of(reference)) > 0
  return others.every((variant) => savingOf(of(variant), of(reference)) < WORTHWHILE || servesLess(variant, reference))
}

const peakOf = (result: SweepResult | undefined): number => result?.figures.values['run.peakFootprintBytes'] ?? NaN
const sumOf = (variant: readonly SweepResult[]): number => variant.reduce((sum, result) => sum + peakOf(result), 0)
const failuresOf = (variant: readonly SweepResult[]): number => variant.reduce((sum, { figures }) => sum + (figures.values['run.failedRequests'] ?? 0), 0)
const servesLess = (variant: readonly SweepResult[], reference: readonly SweepResult[]): boolean => failuresOf(variant) > failuresOf(reference)
const savingOf = (peak: number, reference: number): number => (reference > 0 ? 1 - peak / reference : 0)
