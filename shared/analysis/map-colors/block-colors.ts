import type { JobContext } from '../../base/job-context'
import { CONFIDENCES } from '../../model/confidence'
import { BlockState } from '../../model/snapshot'
import { BATCH_ROWS, type BlockValues } from '../block-values'
import type { BlockColumn } from '../block-columns'
import { conditionText, type BlockCondition } from '../filter/block-condition'
import type { ColorSet } from './color-spans'
import { NO_COLOR, type ColorEntry } from './colorings'

/** Names with a colour of their own; the rest are `others`. */
export const MOST_NAMED = 9
/** A filter condition may be 2000 letters long, and others may stand beside this one. */
const MOST_FILTER_LETTERS = 1500
const LETTERS = 'ABCDEFGHI'

/** Upper ends of the ranges blocks are coloured by, both ends included; powers of two and their multiples. */
const SIZE_RANGES = [16, 32, 64, 128, 256, 1024, 4096, 65536, Infinity] as const
const AGE_STEPS = 8

/** Colours of blocks by a value; `age` needs a snapshot with an event, `site` one with sites. Throws `cancelled`. */
export async function colorBlocks(values: BlockValues, by: 'class' | 'age' | 'site' | 'heap' | 'confidence', job: JobContext): Promise<ColorSet> {
  switch (by) {
    case 'class':
      return byRanges(values, { column: 'class', upper: SIZE_RANGES, textOf: sizeText }, job)
    case 'age':
      return byRanges(values, { column: 'age', upper: ageRanges(values.snapshot.event ?? 0), textOf: eventText }, job)
    case 'site':
      return byRank(values, 'site', sameNames(values.snapshot.siteNames), job)
    case 'heap':
      return byRank(values, 'heap', undefined, job)
    case 'confidence':
      return coded(values, { column: 'confidence', kept: isCommitted, codeOf: (value) => value + 1, codes: CONFIDENCES.length }, (code) => entryOf(CONFIDENCES[code - 1]!, LETTERS[code - 1]!, equals('confidence', code - 1)), job)
  }
}

/** Steps of equal powers of two, at most AGE_STEPS of them: 0..15, 16..255, ... */
function ageRanges(event: number): number[] {
  const powers = Math.max(1, Math.ceil(Math.log2(event + 1) / AGE_STEPS))
  const steps = Math.max(1, Math.ceil(Math.log2(event + 1) / powers))
  return Array.from({ length: steps }, (_, step) => (step === steps - 1 ? Infinity : 2 ** (powers * (step + 1)) - 1))
}

const isBusy = (state: number): boolean => state === BlockState.Busy
const isCommitted = (state: number): boolean => state !== BlockState.Uncommitted
const equals = (column: BlockColumn, value: number): BlockCondition => ({ type: 'compare', column, comparison: '=', value })
const BUSY = equals('state', BlockState.Busy)

interface Named {
  readonly name: string
  readonly letter: string
  readonly filter: string | null
}

function entryOf(name: string, letter: string, condition: BlockCondition | undefined): Named {
  const filter = condition === undefined ? null : conditionText(condition)
  return { name, letter, filter: filter === null || filter.length > MOST_FILTER_LETTERS ? null : filter }
}

interface Coding {
  readonly column: BlockColumn
  readonly kept: (state: number) => boolean
  /** Code of a value, 1 to `codes`; NaN is asked for too. */
  readonly codeOf: (value: number) => number
  readonly codes: number
}

/** One byte a block, and what they add up to by code. */
async function coded(values: BlockValues, { column, kept, codeOf, codes }: Coding, nameOf: (code: number) => Named, job: JobContext): Promise<ColorSet> {
  const { blocks } = values.snapshot
  const color = new Uint8Array(values.rows)
  const bytes = new Float64Array(codes + 1)
  const count = new Float64Array(codes + 1)
  const keeps = [BlockState.Busy, BlockState.Free, BlockState.Cached, BlockState.Internal, BlockState.Uncommitted].map((state) => (kept(state) ? 1 : 0))
  const value = new Float64Array(BATCH_ROWS)
  const state = new Float64Array(BATCH_ROWS)
  const size = new Float64Array(BATCH_ROWS)
  for (let from = 0; from < values.rows; from += BATCH_ROWS) {
    const to = Math.min(values.rows, from + BATCH_ROWS)
    values.read(column, from, to, value)
    values.read('state', from, to, state)
    values.read('size', from, to, size)
    let lastValue = NaN
    let lastCode = codeOf(NaN)
    for (let i = 0; i < to - from; i++) {
      if (keeps[state[i]!] === 0) continue
      // Neighbours are often of one kind: then nothing is looked up.
      if (value[i]! !== lastValue) {
        lastValue = value[i]!
        lastCode = codeOf(lastValue)
      }
      color[from + i] = lastCode
      bytes[lastCode]! += size[i]!
      count[lastCode]! += 1
    }
    job.progress({ done: to, total: values.rows, unit: 'blocks' })
    await job.checkpoint()
  }
  const entries: ColorEntry[] = Array.from({ length: codes }, (_, i) => ({ ...nameOf(i + 1), bytes: bytes[i + 1]!, count: count[i + 1]! }))
  return { [Symbol.toStringTag]: 'ColorSet', spans: { address: blocks.address, size: blocks.size, length: blocks.length, color }, entries }
}

function byRanges(values: BlockValues, { column, upper, textOf }: { readonly column: 'class' | 'age'; readonly upper: readonly number[]; readonly textOf: (value: number) => string }, job: JobContext): Promise<ColorSet> {
  const codeOf = (value: number): number => {
    let code = 0
    while (code < upper.length && !(value <= upper[code]!)) code++
    return code === upper.length ? NO_COLOR : code + 1
  }
  const nameOf = (code: number): Named => {
    const low = code === 1 ? 0 : upper[code - 2]! + 1
    const high = upper[code - 1]!
    const range: BlockCondition = high === Infinity ? { type: 'compare', column, comparison: '>=', value: low } : { type: 'in', column, ranges: [{ from: low, to: high }] }
    const text = high === Infinity ? (code === 1 ? 'any' : `over ${textOf(low - 1)}`) : `to ${textOf(high)}`
    return entryOf(text, String(code), { type: 'all', parts: [BUSY, range] })
  }
  return coded(values, { column, kept: isBusy, codeOf, codes: upper.length }, nameOf, job)
}

const sizeText = (bytes: number): string => (bytes >= 1024 ? `${bytes / 1024} KiB` : `${bytes} B`)
const eventText = (events: number): string => `${String(events).replace(/\B(?=(\d{3})+$)/g, ',')} events`

/** The first index of each name, for names that stand more than once. */
function sameNames(names: readonly string[]): Int32Array {
  const first = new Map<string, number>()
  return Int32Array.from(names, (name, i) => {
    const known = first.get(name)
    if (known === undefined) first.set(name, i)
    return known ?? i
  })
}

/** The values with most bytes have a colour each, then all others, then those that are not known. */
async function byRank(values: BlockValues, column: 'site' | 'heap', same: Int32Array | undefined, job: JobContext): Promise<ColorSet> {
  const { heaps, siteNames, blocks } = values.snapshot
  const kept = column === 'site' ? isBusy : isCommitted
  const indexes = column === 'site' ? siteNames.length : heaps.length
  // A heap's value is its address; its index stands in the table.
  const indexOfHeap = new Map(heaps.map(({ base }, i) => [base, i]))
  const indexOf = (value: number): number => (column === 'heap' ? (indexOfHeap.get(value) ?? -1) : Number.isNaN(value) ? -1 : same![value]!)
  const bytes = new Float64Array(indexes + 1)
  for (let from = 0; from < values.rows; from += BATCH_ROWS) {
    addBytes(values, column, kept, indexOf, from, bytes)
    await job.checkpoint()
  }
  const ranked = Array.from({ length: indexes }, (_, i) => i).filter((i) => bytes[i + 1]! > 0).sort((a, b) => bytes[b + 1]! - bytes[a + 1]! || a - b)
  const named = ranked.slice(0, MOST_NAMED)
  const hasOthers = ranked.length > named.length
  const codes = new Uint8Array(indexes + 1).fill(named.length + 1)
  codes[0] = named.length + (hasOthers ? 2 : 1)
  named.forEach((index, place) => (codes[index + 1] = place + 1))
  const isValue = (index: number): BlockCondition => (column === 'heap' ? equals('heap', heaps[index]!.base) : { type: 'text', column, comparison: '=', text: siteNames[index]! })
  const isOther = (index: number): BlockCondition => (column === 'heap' ? { type: 'compare', column, comparison: '!=', value: heaps[index]!.base } : { type: 'text', column, comparison: '!=', text: siteNames[index]! })
  const also = (parts: readonly BlockCondition[]): BlockCondition => ({ type: 'all', parts: [column === 'site' ? BUSY : { type: 'compare', column: 'state', comparison: '!=', value: BlockState.Uncommitted }, ...parts] })
  const nameOf = (code: number): Named => {
    const index = named[code - 1]
    if (index !== undefined) return entryOf(column === 'heap' ? (heaps[index]!.name || `0x${heaps[index]!.base.toString(16)}`) : siteNames[index]! || 'no name', LETTERS[code - 1]!, also([isValue(index)]))
    if (hasOthers && code === named.length + 1) return entryOf(`${ranked.length - named.length} others`, '…', also([{ type: 'known', column, isKnown: true }, ...named.map(isOther)]))
    return entryOf('unknown', '?', also([{ type: 'known', column, isKnown: false }]))
  }
  const hasUnknown = bytes[0]! > 0 || (column === 'site' && blocks.length > 0)
  return coded(values, { column, kept, codeOf: (value) => codes[indexOf(value) + 1]!, codes: named.length + (hasOthers ? 1 : 0) + (hasUnknown ? 1 : 0) }, nameOf, job)
}

function addBytes(values: BlockValues, column: 'site' | 'heap', kept: (state: number) => boolean, indexOf: (value: number) => number, from: number, bytes: Float64Array): void {
  const to = Math.min(values.rows, from + BATCH_ROWS)
  const value = new Float64Array(BATCH_ROWS)
  const state = new Float64Array(BATCH_ROWS)
  const size = new Float64Array(BATCH_ROWS)
  values.read(column, from, to, value)
  values.read('state', from, to, state)
  values.read('size', from, to, size)
  for (let i = 0; i < to - from; i++) if (kept(state[i]!)) bytes[indexOf(value[i]!) + 1]! += size[i]!
}
