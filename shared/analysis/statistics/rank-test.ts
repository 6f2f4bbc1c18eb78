import { assert } from '../../base/assert'

/** Mann-Whitney comparison of two samples; "greater" means values of `a` tend to lie above values of `b`. */
export interface RankTest {
  /** Number of pairs (x of a, y of b) with x > y, ties counted half. */
  readonly u: number
  /** One-sided p of "a is greater". */
  readonly pGreater: number
  /** True when p is exact, false for the normal approximation with tie correction and continuity correction. */
  readonly exact: boolean
  /** Cliff's delta 2U/(nm) - 1, from -1 to 1. */
  readonly delta: number
}

/** Exact p only up to this many pairs (and without ties), as compare-runs settles. */
const EXACT_PAIRS = 400

/** Both samples need at least one value. */
export const mannWhitney = (a: readonly number[], b: readonly number[]): RankTest => mannWhitneySorted(Float64Array.from(a).sort(), Float64Array.from(b).sort())

/** The same for samples in ascending order; for simulations, which ask thousands of times. */
export function mannWhitneySorted(a: Float64Array, b: Float64Array): RankTest {
  assert(a.length > 0 && b.length > 0, 'a rank test needs values on both sides')
  const { u, tieTerm } = countPairs(a, b)
  const pairs = a.length * b.length
  const exact = tieTerm === 0 && pairs <= EXACT_PAIRS
  const pGreater = exact ? exactUpperTail(a.length, b.length, u) : normalUpperTail(a.length, b.length, u, tieTerm)
  return { u, pGreater, exact, delta: (2 * u) / pairs - 1 }
}

/** Smallest one-sided p that n against m values can reach: one over the number of ways to choose n of n + m. */
export function smallestAttainableP(n: number, m: number): number {
  let ways = 1
  for (let i = 1; i <= n; i++) ways = (ways * (m + i)) / i
  return 1 / ways
}

/** One pass over both: at each distinct value, its occurrences in `a` beat what came before in `b` and half of its equals. */
function countPairs(a: Float64Array, b: Float64Array): { u: number; tieTerm: number } {
  let u = 0
  let tieTerm = 0
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const value = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!
    const [firstA, firstB] = [i, j]
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    u += (i - firstA) * (firstB + (j - firstB) / 2)
    const t = i - firstA + j - firstB
    tieTerm += t * t * t - t
  }
  return { u, tieTerm }
}

/** Upper tails already counted, by n and m: simulations ask for the same one thousands of times. At most 400 pairs, so small. */
const upperTails = new Map<number, Float64Array>()

/** P(U >= u) when all orders are equally likely. */
function exactUpperTail(n: number, m: number, u: number): number {
  const key = n * (EXACT_PAIRS + 1) + m
  let tails = upperTails.get(key)
  if (tails === undefined) upperTails.set(key, (tails = countUpperTails(n, m)))
  return tails[u]!
}

/** P(U >= u) for every u from 0 to n*m: counts by the recurrence over the largest value's side. */
function countUpperTails(n: number, m: number): Float64Array {
  // counts[i][v]: orders of i values of a and j of b with U = v; the loop below raises j from 0 to m.
  const most = n * m
  let counts = Array.from({ length: n + 1 }, () => oneAtZero(most))
  for (let j = 1; j <= m; j++) {
    const next = [oneAtZero(most)]
    for (let i = 1; i <= n; i++) {
      const row = new Float64Array(most + 1)
      // The largest of all is of b (adds nothing to U) or of a (adds j pairs).
      for (let v = 0; v <= most; v++) row[v] = counts[i]![v]! + (v >= j ? next[i - 1]![v - j]! : 0)
      next.push(row)
    }
    counts = next
  }
  const tails = counts[n]!
  for (let v = most - 1; v >= 0; v--) tails[v]! += tails[v + 1]!
  const total = tails[0]!
  return tails.map((tail) => tail / total)
}

function oneAtZero(most: number): Float64Array {
  const row = new Float64Array(most + 1)
  row[0] = 1
  return row
}

function normalUpperTail(n: number, m: number, u: number, tieTerm: number): number {
  const all = n + m
  const variance = ((n * m) / 12) * (all + 1 - tieTerm / (all * (all - 1)))
  if (variance === 0) return 1
  return normalTail((u - (n * m) / 2 - 0.5) / Math.sqrt(variance))
}

/** P(Z > z) of the standard normal, by the rational approximation 7.1.26 of Abramowitz and Stegun (error below 1.5e-7). */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  const tail = (poly * Math.exp(-x * x)) / 2
  return z >= 0 ? tail : 1 - tail
}
