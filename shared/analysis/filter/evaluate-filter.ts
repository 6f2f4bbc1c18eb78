import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { inTurns, type Steps } from '../../base/steps'
import { BlockState } from '../../model/snapshot'
import { columnFacts } from '../block-columns'
import { BATCH_ROWS, type BlockValues } from '../block-values'
import { whyNotTold } from '../column-reasons'
import { SafePattern } from '../sites/safe-pattern'
import type { SiteMask } from '../sites/site-study'
import type { BlockCondition, Comparison, ValueRange } from './block-condition'

/** Which rows fulfil a condition, and their sums. */
export interface KeptRows {
  readonly [Symbol.toStringTag]: string
  /** 1 for each row that is kept; undefined: all are. */
  readonly mask: Uint8Array | undefined
  readonly count: number
  /** Consumed bytes of the rows kept. */
  readonly bytes: number
}

/** A few milliseconds of patterns. */
const TEXTS_PER_STEP = 4096

/** Fills `mask[0..to-from)` for rows [from, to). */
type Test = (from: number, to: number, mask: Uint8Array) => void

/**
 * `sites` keeps busy blocks alone: 1 at [site + 1] for those of that site, [0] for blocks without a known one.
 * Takes about 3 ns a row and comparison; throws `cancelled`.
 */
export async function keepRows(values: BlockValues, condition: BlockCondition | undefined, sites: SiteMask | undefined, job: JobContext): Promise<KeptRows> {
  const tests = [...(condition === undefined ? [] : [await inTurns(testSteps(condition, values), job)]), ...(sites === undefined ? [] : [testOfSites(values, sites)])]
  const { rows } = values
  const mask = tests.length === 0 ? undefined : new Uint8Array(rows)
  const test = tests.length < 2 ? tests[0] : combined(tests, true)
  let count = 0
  let bytes = 0
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const to = Math.min(rows, from + BATCH_ROWS)
    const part = mask?.subarray(from, to)
    if (test !== undefined) test(from, to, part!)
    const sums = sumsOf(values, from, to, part)
    count += sums.count
    bytes += sums.bytes
    job.progress({ done: to, total: rows, unit: 'blocks' })
    await job.checkpoint()
  }
  return { [Symbol.toStringTag]: 'KeptRows', mask, count, bytes }
}

function sumsOf({ snapshot }: BlockValues, from: number, to: number, mask: Uint8Array | undefined): { count: number; bytes: number } {
  const start = from & (CHUNK_LENGTH - 1)
  const sizes = snapshot.blocks.size.chunks[from >>> CHUNK_SHIFT]!
  const rows = to - from
  let count = 0
  let bytes = 0
  // Both loops multiply instead of branching: a mask of random bits would cost a mispredicted jump every other row.
  if (mask === undefined) for (let i = 0; i < rows; i++) bytes += sizes[start + i]!
  else {
    for (let i = 0; i < rows; i++) {
      count += mask[i]!
      bytes += mask[i]! * sizes[start + i]!
    }
  }
  return { count: mask === undefined ? rows : count, bytes }
}

function* testSteps(condition: BlockCondition, values: BlockValues): Steps<Test> {
  switch (condition.type) {
    case 'all':
    case 'any': {
      const parts: Test[] = []
      for (const part of condition.parts) parts.push(yield* testSteps(part, values))
      return combined(parts, condition.type === 'all')
    }
    case 'not':
      return negated(yield* testSteps(condition.part, values))
    case 'compare':
      return columnTest(values, condition.column, comparisonOf(condition.comparison, condition.value))
    case 'in':
      return columnTest(values, condition.column, rangesOf(condition.ranges))
    case 'known':
      return columnTest(values, condition.column, knownOf(condition.isKnown))
    case 'text':
      return yield* textTest(values, (text) => (text === condition.text) === (condition.comparison === '='))
    case 'contains': {
      const wanted = condition.text.toLowerCase()
      return yield* textTest(values, (text) => text.toLowerCase().includes(wanted) !== condition.isNegated)
    }
    case 'matches': {
      const pattern = new SafePattern(condition.pattern)
      return yield* textTest(values, (text) => pattern.test(text) !== condition.isNegated)
    }
  }
}

/** All tests, or any of them; the scratch mask is made once and used for every batch. */
function combined(tests: readonly Test[], isAll: boolean): Test {
  const scratch = new Uint8Array(BATCH_ROWS)
  return (from, to, mask) => {
    tests[0]!(from, to, mask)
    for (let k = 1; k < tests.length; k++) {
      tests[k]!(from, to, scratch)
      if (isAll) for (let i = 0; i < to - from; i++) mask[i]! &= scratch[i]!
      else for (let i = 0; i < to - from; i++) mask[i]! |= scratch[i]!
    }
  }
}

function negated(test: Test): Test {
  return (from, to, mask) => {
    test(from, to, mask)
    for (let i = 0; i < to - from; i++) mask[i]! ^= 1
  }
}

type Fill = (numbers: Float64Array, count: number, mask: Uint8Array) => void

function columnTest(values: BlockValues, column: Parameters<BlockValues['read']>[0], fill: Fill): Test {
  const numbers = new Float64Array(BATCH_ROWS)
  return (from, to, mask) => {
    values.read(column, from, to, numbers)
    fill(numbers, to - from, mask)
  }
}

/** A loop each, because a comparison chosen inside the loop would cost more than the comparison. NaN fulfils none of them. */
function comparisonOf(comparison: Comparison, value: number): Fill {
  switch (comparison) {
    case '=':
      return (numbers, count, mask) => {
        for (let i = 0; i < count; i++) mask[i] = numbers[i] === value ? 1 : 0
      }
    case '!=':
      return (numbers, count, mask) => {
        for (let i = 0; i < count; i++) mask[i] = numbers[i]! < value || numbers[i]! > value ? 1 : 0
      }
    case '<':
      return (numbers, count, mask) => {
        for (let i = 0; i < count; i++) mask[i] = numbers[i]! < value ? 1 : 0
      }
    case '<=':
      return (numbers, count, mask) => {
        for (let i = 0; i < count; i++) mask[i] = numbers[i]! <= value ? 1 : 0
      }
    case '>':
      return (numbers, count, mask) => {
        for (let i = 0; i < count; i++) mask[i] = numbers[i]! > value ? 1 : 0
      }
    case '>=':
      return (numbers, count, mask) => {
        for (let i = 0; i < count; i++) mask[i] = numbers[i]! >= value ? 1 : 0
      }
  }
}

function rangesOf(ranges: readonly ValueRange[]): Fill {
  const from = Float64Array.from(ranges, (range) => range.from)
  const to = Float64Array.from(ranges, (range) => range.to)
  return (numbers, count, mask) => {
    mask.fill(0, 0, count)
    for (let k = 0; k < from.length; k++) {
      const low = from[k]!
      const high = to[k]!
      for (let i = 0; i < count; i++) if (numbers[i]! >= low && numbers[i]! <= high) mask[i] = 1
    }
  }
}

function knownOf(isKnown: boolean): Fill {
  const known = isKnown ? 1 : 0
  return (numbers, count, mask) => {
    for (let i = 0; i < count; i++) mask[i] = numbers[i] === numbers[i] ? known : 1 - known
  }
}

/** Each text is looked at once, not once per block. */
function* textTest(values: BlockValues, fits: (text: string) => boolean): Steps<Test> {
  const { siteNames } = values.snapshot
  const kept = new Uint8Array(siteNames.length)
  for (let from = 0; from < kept.length; from += TEXTS_PER_STEP) {
    for (let i = from; i < Math.min(kept.length, from + TEXTS_PER_STEP); i++) kept[i] = fits(siteNames[i]!) ? 1 : 0
    yield
  }
  return columnTest(values, 'site', (numbers, count, mask) => {
    // NaN must not become an index: it would be looked up as a name, a hundred times slower.
    for (let i = 0; i < count; i++) mask[i] = numbers[i] === numbers[i] ? kept[numbers[i]!]! : 0
  })
}

function testOfSites(values: BlockValues, sites: SiteMask): Test {
  const { blocks } = values.snapshot
  const numbers = new Float64Array(BATCH_ROWS)
  return (from, to, mask) => {
    values.read('site', from, to, numbers)
    const states = blocks.state.chunks[from >>> CHUNK_SHIFT]!
    const start = from & (CHUNK_LENGTH - 1)
    for (let i = 0; i < to - from; i++) {
      const site = numbers[i]!
      mask[i] = states[start + i] === BlockState.Busy && sites[site >= 0 ? site + 1 : 0] === 1 ? 1 : 0
    }
  }
}

/** The column a condition asks for although the source tells it of no block: it then keeps nothing. null: there is none. */
export function asksForMissing(condition: BlockCondition, values: BlockValues): string | null {
  switch (condition.type) {
    case 'all':
    case 'any':
      return condition.parts.map((part) => asksForMissing(part, values)).find((missing) => missing !== null) ?? null
    case 'not':
      return asksForMissing(condition.part, values)
    case 'known':
      return null
    default:
      return whyNotTold(condition.column, values) === null ? null : `${condition.column} (${columnFacts(condition.column).what})`
  }
}
