import { assert } from '../../base/assert'
import { mulberry32 } from '../../base/random'

/** Middle of the sorted values (mean of the two middle ones when their number is even). */
export function median(values: readonly number[]): number {
  assert(values.length > 0, 'a median needs a value')
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >>> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

export interface MedianInterval {
  readonly low: number
  readonly high: number
  /** Probability that the interval covers the median, whatever the distribution. */
  readonly coverage: number
}

/**
 * Narrowest symmetric interval of order statistics that covers the median with at least `confidence`; null when even
 * min..max does not reach it (five values reach 93.75 %).
 */
export function medianInterval(values: readonly number[], confidence = 0.95): MedianInterval | null {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  let best: MedianInterval | null = null
  // P(Binomial(n, 1/2) < rank), grown term by term.
  let below = 0
  let term = 0.5 ** n
  for (let rank = 1; rank <= n >>> 1; rank++) {
    below += term
    term = (term * (n - rank + 1)) / rank
    const coverage = 1 - 2 * below
    if (coverage < confidence) break
    best = { low: sorted[rank - 1]!, high: sorted[n - rank]!, coverage }
  }
  return best
}

export interface BootstrapInterval {
  readonly low: number
  readonly high: number
  readonly seed: number
  readonly resamples: number
}

/** Percentile bootstrap of median(b) / median(a) - 1. Same seed, same interval. */
export function bootstrapChange(a: readonly number[], b: readonly number[], { seed = 42, resamples = 10_000, confidence = 0.95 } = {}): BootstrapInterval {
  const random = mulberry32(seed)
  const [drawA, drawB] = [new Resampler(a), new Resampler(b)]
  const changes = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) {
    // a is drawn first: the order is part of what the seed fixes.
    const base = drawA.median(random)
    changes[i] = drawB.median(random) / base - 1
  }
  changes.sort()
  const at = (share: number): number => changes[Math.min(resamples - 1, Math.max(0, Math.round(share * (resamples - 1))))]!
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2), seed, resamples }
}

/** Medians of resamples without sorting each: it counts how often every rank is drawn and walks to the middle. */
class Resampler {
  readonly #sorted: Float64Array
  /** Rank of each value, in the order given. */
  readonly #ranks: Uint32Array
  readonly #drawn: Uint32Array

  constructor(values: readonly number[]) {
    const order = Array.from(values.keys()).sort((one, other) => values[one]! - values[other]!)
    this.#sorted = Float64Array.from(order, (index) => values[index]!)
    this.#ranks = new Uint32Array(values.length)
    order.forEach((index, rank) => (this.#ranks[index] = rank))
    this.#drawn = new Uint32Array(values.length)
  }

  median(random: () => number): number {
    const drawn = this.#drawn.fill(0)
    const count = drawn.length
    for (let i = 0; i < count; i++) drawn[this.#ranks[Math.floor(random() * count)]!]!++
    const half = count >>> 1
    return count % 2 === 1 ? this.#nth(half) : (this.#nth(half - 1) + this.#nth(half)) / 2
  }

  #nth(place: number): number {
    let rank = 0
    for (let passed = this.#drawn[0]!; passed <= place; passed += this.#drawn[rank]!) rank++
    return this.#sorted[rank]!
  }
}
