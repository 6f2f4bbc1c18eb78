import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Column } from '../../base/column'
import { toFailure } from '../../base/errors'
import { quietJob } from '../../base/job-context'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../../base/units'
import { NO_EVENT, type BlockState, type Snapshot } from '../../model/snapshot'
import { buildHeap } from '../../model/testing/drawn-heap'
import { BLOCK_COLUMNS, columnFacts, type BlockColumn } from '../block-columns'
import { BlockValues } from '../block-values'
import { SafePattern } from '../sites/safe-pattern'
import { COMPARISONS, conditionText, type BlockCondition } from './block-condition'
import { completeFilter } from './complete-filter'
import { keepRows } from './evaluate-filter'
import { readFilter } from './read-filter'

const SITES = ['sqlite3_malloc', 'readLine (io.c:12)', 'std::map<int, "x">::insert', 'a\\b/c']
const NUMBERS = BLOCK_COLUMNS.filter((column) => ['bytes', 'count', 'percent', 'address'].includes(columnFacts(column).unit))
const NAMES = BLOCK_COLUMNS.filter((column) => columnFacts(column).unit === 'name')

/** Any condition the language can state. */
const conditions: fc.Arbitrary<BlockCondition> = fc.letrec<{ condition: BlockCondition }>((tie) => {
  const code = (column: BlockColumn): fc.Arbitrary<number> => fc.nat(columnFacts(column).names!.length - 1)
  const number = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 48 }), fc.integer({ min: 0x10000, max: 0x10800 }))
  const fraction = (column: BlockColumn): fc.Arbitrary<number> => (columnFacts(column).unit === 'address' ? number : fc.oneof(number, fc.nat(10_000_000).map((n) => n / 1e6)))
  const range = (value: fc.Arbitrary<number>): fc.Arbitrary<{ from: number; to: number }> => fc.tuple(value, value).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
  const isNegated = fc.boolean()
  const leaf: fc.Arbitrary<BlockCondition> = fc.oneof(
    fc.constantFrom(...NUMBERS).chain((column) => fc.record({ type: fc.constant('compare' as const), column: fc.constant(column), comparison: fc.constantFrom(...COMPARISONS), value: fraction(column) })),
    fc.constantFrom(...NAMES).chain((column) => fc.record({ type: fc.constant('compare' as const), column: fc.constant(column), comparison: fc.constantFrom('=' as const, '!=' as const), value: code(column) })),
    fc.constantFrom(...NUMBERS).chain((column) => fc.record({ type: fc.constant('in' as const), column: fc.constant(column), ranges: fc.array(range(fraction(column)), { minLength: 1, maxLength: 3 }) })),
    fc.constantFrom(...NAMES).chain((column) => fc.record({ type: fc.constant('in' as const), column: fc.constant(column), ranges: fc.array(code(column).map((n) => ({ from: n, to: n })), { minLength: 1, maxLength: 3 }) })),
    fc.record({ type: fc.constant('text' as const), column: fc.constant('site' as const), comparison: fc.constantFrom('=' as const, '!=' as const), text: fc.oneof(fc.string(), fc.constantFrom(...SITES)) }),
    fc.record({ type: fc.constant('contains' as const), column: fc.constant('site' as const), isNegated, text: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('SQL', 'i', '"x"')) }),
    fc.record({ type: fc.constant('matches' as const), column: fc.constant('site' as const), isNegated, pattern: fc.constantFrom('^std::(map|set)', 'a/b', '\\.c:\\d+', 'x"') }),
    fc.record({ type: fc.constant('known' as const), column: fc.constantFrom(...BLOCK_COLUMNS), isKnown: fc.boolean() }),
  )
  return {
    condition: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'condition' },
      leaf,
      fc.record({ type: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }) }),
      fc.record({ type: fc.constant('not' as const), part: tie('condition') }),
    ),
  }
}).condition

const problem = (text: string): string => {
  try {
    readFilter(text)
  } catch (error) {
    const { facts } = toFailure(error)
    return `${String(facts['at'])}: ${String(facts['detail'])}`
  }
  return 'none'
}

describe('filter text', () => {
  it('reads back as the condition it was written from', () => {
    fc.assert(fc.property(conditions, (condition) => {
      expect(readFilter(conditionText(condition))).toEqual(condition)
    }), { numRuns: 400 })
  })

  it('reads sizes, addresses and names as people write them', () => {
    const read = (text: string): string => conditionText(readFilter(text)!)
    expect(read('size > 4k and state = free and site ~ "sqlite"')).toBe('size > 4096 and state = free and site ~ "sqlite"')
    expect(read("address in 0x0000'0214'5C70..0x2150000")).toBe('address in 0x2145c70..0x2150000')
    expect(read('consumed >= 1.5 MiB && Inside == LFH-slot')).toBe('size >= 1572864 and kind = lfh-slot')
    expect(read('size in (16, 32..1 KiB) || !(state = busy)')).toBe('size in (16, 32..1024) or not state = busy')
    expect(read('state not in (busy, "free")')).toBe('not state in (busy, free)')
    expect(read('birth = 1_000_000 or age is unknown and pins > 0.5')).toBe('birth = 1000000 or (age is unknown and pins > 0.5)')
    expect(readFilter('  ')).toBeUndefined()
  })

  it('says where it is wrong, and what was expected', () => {
    expect(problem('size >')).toBe('7: expected a size such as 4096, 4k or 1.5 MiB, got the end')
    expect(problem('sizee > 4')).toMatch(/^1: there is no column sizee; columns: address, /)
    expect(problem('state = fre')).toBe('9: expected busy, free, cached, internal or uncommitted, got fre')
    expect(problem('state < free')).toMatch(/^7: expected after state one of = != in/)
    expect(problem('(size > 4 and state = free')).toBe('27: expected and, or or ), got the end')
    expect(problem('size > 4 state = free')).toBe('10: expected and or or, got state')
    expect(problem('size > 4q')).toMatch(/^8: expected a number such as/)
    expect(problem('size in 9..4')).toBe('9: expected a range that begins with its smaller end')
    expect(problem('site ~ "open')).toBe('8: this quote is never closed')
    expect(problem('site ~ /a(/')).toMatch(/^1\d: /)
    expect(problem('size > 99999999999999999')).toBe('8: expected a number up to 2^53')
    expect(problem('size ; 4')).toMatch(/^6: ";" means nothing here/)
    expect(problem(`${'('.repeat(500)}size > 1`)).toMatch(/expected at most 64 conditions within one another/)
    expect(problem('size > 1 or '.repeat(300))).toMatch(/^2001: expected at most 2000 characters/)
  })

  it('never fails but by saying what is wrong', () => {
    const pieces = fc.array(fc.constantFrom('size', 'state', 'free', '>', '=', '~', 'in', 'not', 'and', '(', ')', '..', ',', '4k', '0x', '"', '/', '1.', 'is', '!', '  '), { maxLength: 12 }).map((list) => list.join(' '))
    fc.assert(fc.property(fc.oneof(pieces, fc.string()), (text) => {
      try {
        readFilter(text)
      } catch (error) {
        expect(toFailure(error).code).toBe('pattern-invalid')
      }
    }))
  })
})

describe('completion', () => {
  const options = (text: string, caret = text.length): string[] => completeFilter(text, caret).options.map((option) => option.text)
  it('offers columns, operators, names and connectives where they fit', () => {
    expect(options('')).toEqual([...BLOCK_COLUMNS, 'not'])
    expect(options('si')).toEqual(['size', 'site'])
    expect(options('size ')).toEqual([...COMPARISONS, 'in', 'not in', 'is'])
    expect(options('state ')).toEqual(['=', '!=', 'in', 'not in', 'is'])
    expect(options('state = c')).toEqual(['cached'])
    expect(options('kind in (lfh-slot, vs')).toEqual(['vs-chunk'])
    expect(options('size is ')).toEqual(['known', 'unknown'])
    expect(options('size > 4k ')).toEqual(['and', 'or'])
    expect(options('size > 4k and (sta')).toEqual(['state'])
    expect(options('size > > ')).toEqual([])
  })

  it('replaces the word at the caret and asks the document for texts', () => {
    expect(completeFilter('siz and state = free', 3)).toMatchObject({ from: 0, to: 3 })
    expect(completeFilter('state = f', 9)).toMatchObject({ from: 8, to: 9 })
    expect(completeFilter('size > 1 and site = "sql', 24)).toMatchObject({ from: 20, to: 24, textOf: 'site', options: [] })
    expect(completeFilter('site ~ ', 7)).toMatchObject({ from: 7, textOf: 'site' })
  })
})

/* The evaluator against a plain one that looks at one block at a time. */

interface PlainRow {
  readonly state: BlockState
  readonly size: number
  readonly requested: number
  readonly site: number
  readonly birth: number
  readonly death: number
}

function snapshotOf(rows: readonly PlainRow[], event: number | undefined): Snapshot {
  const middle = Math.ceil(rows.length / 2)
  const snapshot = buildHeap([rows.slice(0, middle), rows.slice(middle)], { pageBytes: 256, segmentGap: 1024 })
  snapshot.blocks.birth = Column.of('u32', rows.map(({ birth }) => birth))
  // 0 = not told, and what is told of other than busy blocks does not count.
  snapshot.blocks.why = Column.of('u8', rows.map(({ size }) => size % 4))
  return Object.assign(snapshot, { event })
}

function plainValue(values: BlockValues, column: BlockColumn, row: number, died: number): number | string | null {
  const { blocks, event, heaps, pageBytes, segments, siteNames } = values.snapshot
  const address = blocks.address.at(row)
  const size = blocks.size.at(row)
  const isBusy = blocks.state.at(row) === 0
  const requested = isBusy && blocks.requested.at(row) !== UNKNOWN_SIZE ? blocks.requested.at(row) : null
  const birth = blocks.birth!.at(row) === NO_EVENT ? null : blocks.birth!.at(row)
  const death = birth === null ? null : died === STILL_ALIVE ? Infinity : died
  switch (column) {
    case 'address': return address
    case 'end': return address + size
    case 'page': return address - (address % pageBytes)
    case 'occupancy': return occupancyByHand(values.snapshot, address - (address % pageBytes))
    case 'size': return size
    case 'requested': return requested
    case 'overhead': return requested === null ? null : size - requested
    case 'class': return classByHand(requested ?? size)
    case 'state': return blocks.state.at(row)
    case 'kind': return null
    case 'heap': return heaps[0]!.base
    case 'segment': return segments.findIndex(({ base, reservedBytes }) => address >= base && address < base + reservedBytes) + 1
    case 'confidence': return 0
    case 'birth': return birth
    case 'age': return birth === null || event === undefined ? null : event - birth
    case 'why': return isBusy && size % 4 > 0 ? (size % 4) - 1 : null
    case 'death': return death
    case 'lifetime': return birth === null ? null : death! - birth
    case 'pins': return isBusy ? row / 2 : null
    case 'site': return siteNames[blocks.site!.at(row)] ?? null
  }
}

/** Busy bytes of all that lie on the page, in percent; no row is internal or uncommitted. */
function occupancyByHand({ blocks, pageBytes }: Snapshot, page: number): number {
  let used = 0
  let committed = 0
  for (let row = 0; row < blocks.length; row++) {
    const bytes = Math.max(0, Math.min(page + pageBytes, blocks.address.at(row) + blocks.size.at(row)) - Math.max(page, blocks.address.at(row)))
    committed += bytes
    if (blocks.state.at(row) === 0) used += bytes
  }
  return (100 * used) / committed
}

/** 8, 10, 12, 14, 16, 20, 24, 28, 32, 40 ... */
function classByHand(bytes: number): number {
  let upper = 8
  for (let power = 8; ; power *= 2) for (let step = 0; step < 4; step++) {
    if (bytes <= upper) return upper
    upper += power / 4
  }
}

function plainFits(condition: BlockCondition, value: (column: BlockColumn) => number | string | null): boolean {
  if (condition.type === 'all') return condition.parts.every((part) => plainFits(part, value))
  if (condition.type === 'any') return condition.parts.some((part) => plainFits(part, value))
  if (condition.type === 'not') return !plainFits(condition.part, value)
  const found = value(condition.column)
  if (condition.type === 'known') return (found !== null) === condition.isKnown
  if (found === null) return false
  if (condition.type === 'in') return condition.ranges.some(({ from, to }) => Number(found) >= from && Number(found) <= to)
  if (condition.type === 'text') return (found === condition.text) === (condition.comparison === '=')
  if (condition.type === 'contains') return String(found).toLowerCase().includes(condition.text.toLowerCase()) !== condition.isNegated
  if (condition.type === 'matches') return new SafePattern(condition.pattern).test(String(found)) !== condition.isNegated
  const order = found === condition.value ? 0 : Math.sign(Number(found) - condition.value)
  return { '=': [0], '!=': [-1, 1], '<': [-1], '<=': [-1, 0], '>': [1], '>=': [0, 1] }[condition.comparison].includes(order)
}

describe('rows a filter keeps', () => {
  const rows = fc.array(fc.record({
    state: fc.constantFrom(0 as const, 1 as const, 2 as const), size: fc.integer({ min: 1, max: 300 }), site: fc.integer({ min: -1, max: SITES.length - 1 }),
    requested: fc.oneof(fc.nat(300), fc.constant(UNKNOWN_SIZE)), birth: fc.oneof(fc.nat(300), fc.constant(NO_EVENT)), death: fc.oneof(fc.integer({ min: 300, max: 600 }), fc.constant(STILL_ALIVE)),
  }), { minLength: 1, maxLength: 30 })

  it('are those a plain look at each block keeps', async () => {
    await fc.assert(fc.asyncProperty(rows, conditions, fc.option(fc.integer({ min: 300, max: 600 }), { nil: undefined }), async (plain, condition, event) => {
      const snapshot = Object.assign(snapshotOf(plain, event), { siteNames: SITES })
      const values = new BlockValues(snapshot, Float64Array.from(plain, (_, row) => row / 2), () => Column.of('u32', plain.map(({ death }) => death)))
      const kept = await keepRows(values, condition, undefined, quietJob)
      const expected = plain.map((_, row) => (plainFits(condition, (column) => plainValue(values, column, row, plain[row]!.death)) ? 1 : 0))
      expect([...kept.mask!]).toEqual(expected)
      expect(kept.count).toBe(expected.filter((one) => one === 1).length)
      expect(kept.bytes).toBe(plain.reduce((sum, row, i) => sum + expected[i]! * row.size, 0))
    }), { numRuns: 120 })
  })
})
