import { HeapscapeError } from '../../base/errors'
import type { RunRequest } from '../../model/run'
import { confidenceOf, WORTHWHILE, type AdviceConfidence } from './advice-confidence'
import type { SweepResult } from './sweep-measure'

export interface RankedPoint {
  readonly key: string
  readonly request: RunRequest
  readonly settings: Readonly<Record<string, string>>
  /** Sums over all inputs; null when a figure is not available for one of them. */
  readonly peakFootprintBytes: number | null
  readonly meanWastedBytes: number | null
  readonly pinnedAtEndBytes: number | null
  readonly failedRequests: number | null
  /** Free blocks that searches looked at; null unless the heap counts them (figure `run.searchSteps`). */
  readonly searchSteps: number | null
  /** peakFootprintBytes / the reference's - 1. */
  readonly change: number | null
  /** No other point that serves as much is at least as good in footprint and waste and better in one of them. */
  readonly onFrontier: boolean
}

export interface SweepRanking {
  /** Fewest failed requests first, then smallest footprint. */
  readonly points: readonly RankedPoint[]
  /** What the others are measured against. */
  readonly reference: string
  readonly advice: string
  /** How far the advice may be trusted beyond these traces; null when there is none. */
  readonly confidence: AdviceConfidence | null
}

/**
 * Adds up each variant's figures over the inputs and ranks the variants.
 * @param results in order of the plan
 * @param baseline key of the reference, or the heap or `heap/profile` it begins with; the first variant when absent
 * @throws HeapscapeError `heap-unknown` when no finished variant fits the baseline
 */
export function rankSweep(results: readonly SweepResult[], baseline?: string): SweepRanking {
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
  const reference = baseline === undefined ? sums[0] : findVariant(sums, baseline)
  const points = sums
    .map((point) => ({ ...point, change: changeFrom(reference!, point), onFrontier: !sums.some((other) => dominates(other, point)) }))
    .sort((a, b) => compareNumbers(a.failedRequests, b.failedRequests) || compareNumbers(a.peakFootprintBytes, b.peakFootprintBytes) || compareNumbers(a.meanWastedBytes, b.meanWastedBytes))
  const best = points[0] === undefined ? undefined : variants.get(points[0].key)
  const others = complete.map(([, of]) => of)
  const confidence = best === undefined || reference === undefined ? null : confidenceOf(best, variants.get(reference.key)!, others)
  return { points, reference: reference?.key ?? '', advice: adviceOf(points, reference), confidence }
}

/** Heap, profile and settings of a result: its key without the input's name. */
export const variantOf = ({ key, input }: Pick<SweepResult, 'key' | 'input'>): string => key.slice(input.length + 1)

function findVariant(sums: readonly Sums[], wanted: string): Sums {
  const found = sums.find(({ key }) => key === wanted) ?? sums.find(({ key }) => key.startsWith(`${wanted}/`) || key.startsWith(`${wanted}|`))
  if (found === undefined) throw new HeapscapeError('heap-unknown', { got: wanted, expected: sums.map(({ key }) => key).join(', ') })
  return found
}

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
    searchSteps: sum('run.searchSteps'),
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
