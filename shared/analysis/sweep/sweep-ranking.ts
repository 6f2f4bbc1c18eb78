import type { RunFigures } from '../compare/run-figures'
import type { RunRequest } from '../../model/run'

/** One finished point. */
export interface SweepResult {
  readonly key: string
  readonly input: string
  readonly settings: Readonly<Record<string, string>>
  readonly figures: RunFigures
}

export interface RankedPoint {
  readonly key: string
  readonly request: RunRequest
  readonly settings: Readonly<Record<string, string>>
  /** Sums over all inputs; null when a figure is not available for one of them. */
  readonly peakFootprintBytes: number | null
  readonly meanWastedBytes: number | null
  readonly pinnedAtEndBytes: number | null
  readonly failedRequests: number | null
  /** peakFootprintBytes / the first point's - 1. */
  readonly change: number | null
  /** No other point that serves as much is at least as good in footprint and waste and better in one of them. */
  readonly onFrontier: boolean
}

export interface SweepRanking {
  /** Fewest failed requests first, then smallest footprint. */
  readonly points: readonly RankedPoint[]
  /** The first heap and combination named: what the others are measured against. */
  readonly reference: string
  readonly advice: string
}

/** Adds up each variant's figures over the inputs and ranks the variants. @param results at least one, in order of the plan. */
export function rankSweep(results: readonly SweepResult[]): SweepRanking {
  const variants = new Map<string, SweepResult[]>()
  for (const result of results) {
    const variant = variantOf(result)
    const known = variants.get(variant)
    if (known === undefined) variants.set(variant, [result])
    else known.push(result)
  }
  const inputs = new Set(results.map(({ input }) => input)).size
  // A variant that is not finished for every input would look smaller than it is.
  const complete = [...variants].filter(([, of]) => of.length === inputs)
  const sums = complete.map(([key, of]) => sumOf(key, of))
  const [reference] = sums
  const points = sums
    .map((point) => ({ ...point, change: changeFrom(reference!, point), onFrontier: !sums.some((other) => dominates(other, point)) }))
    .sort((a, b) => compareNumbers(a.failedRequests, b.failedRequests) || compareNumbers(a.peakFootprintBytes, b.peakFootprintBytes) || compareNumbers(a.meanWastedBytes, b.meanWastedBytes))
  return { points, reference: reference?.key ?? '', advice: adviceOf(points, reference) }
}

const variantOf = ({ key, input }: SweepResult): string => key.slice(input.length + 1)

type Sums = Omit<RankedPoint, 'change' | 'onFrontier'>

function sumOf(key: string, results: readonly SweepResult[]): Sums {
  const sum = (id: string): number | null => results.reduce<number | null>((total, { figures }) => (total === null ? null : addKnown(total, figures.values[id])), 0)
  return {
    key,
    request: results[0]!.figures.conditions.request,
    settings: results[0]!.settings,
    peakFootprintBytes: sum('run.peakFootprintBytes'),
    meanWastedBytes: sum('run.meanWastedBytes'),
    pinnedAtEndBytes: sum('end.M11_pinnedFreeBytes'),
    failedRequests: sum('run.failedRequests'),
  }
}

const addKnown = (total: number, value: number | null | undefined): number | null => (value === null || value === undefined ? null : total + value)

const changeFrom = (reference: Sums, { peakFootprintBytes }: Sums): number | null =>
  reference.peakFootprintBytes === null || peakFootprintBytes === null || reference.peakFootprintBytes === 0 ? null : peakFootprintBytes / reference.peakFootprintBytes - 1

const compareNumbers = (a: number | null, b: number | null): number => (a ?? Infinity) - (b ?? Infinity) || 0

function dominates(other: Sums, point: Sums): boolean {
  const pairs = (['failedRequests', 'peakFootprintBytes', 'meanWastedBytes'] as const).map((name) => [other[name] ?? Infinity, point[name] ?? Infinity] as const)
  return pairs.every(([a, b]) => a <= b) && pairs.some(([a, b]) => a < b)
}

/** Below this share a difference is not worth advice. */
const WORTHWHILE = 0.01

function adviceOf(points: readonly RankedPoint[], reference: Sums | undefined): string {
  const [best] = points
  if (best === undefined || reference === undefined || best.peakFootprintBytes === null || reference.peakFootprintBytes === null) return 'No heap was replayed for every input; there is nothing to advise.'
  const saved = reference.peakFootprintBytes - best.peakFootprintBytes
  const failed = best.failedRequests === null || best.failedRequests === 0 ? 'no request fails' : `${best.failedRequests} requests fail`
  const fewer = (reference.failedRequests ?? 0) - (best.failedRequests ?? 0)
  if (fewer > 0) return `${best.key} serves ${fewer} requests more than ${reference.key}; its peaks sum to ${bytesText(best.peakFootprintBytes)}, and ${failed}.`
  if (best.key === reference.key || saved < WORTHWHILE * reference.peakFootprintBytes) {
    return `Stay with ${reference.key}: no other choice saves ${WORTHWHILE * 100} % of its peaks, which sum to ${bytesText(reference.peakFootprintBytes)}.`
  }
  const share = ((100 * saved) / reference.peakFootprintBytes).toFixed(1)
  const waste = best.meanWastedBytes === null || reference.meanWastedBytes === null ? '' : `; waste over time ${bytesText(reference.meanWastedBytes)} → ${bytesText(best.meanWastedBytes)}`
  return `${best.key} saves ${bytesText(saved)} (${share} %) of the peaks of ${reference.key}, ${bytesText(reference.peakFootprintBytes)} → ${bytesText(best.peakFootprintBytes)}; ${failed}${waste}.`
}

const bytesText = (bytes: number): string => `${String(Math.round(bytes)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} bytes`
