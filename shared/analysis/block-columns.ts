import { CONFIDENCES } from '../model/confidence'
import { PLACED_REASONS } from '../model/placed-reasons'
import { BLOCK_KIND_NAMES, BLOCK_STATE_NAMES } from '../model/snapshot'

/*
 * What can be told of a block, under one name each, for table, filter, order, groups and files alike. block-values.ts reads
 * them; a value that is not known or does not apply is NaN there, never 0.
 */
export type ColumnUnit =
  /** An address, written in hexadecimal. */
  | 'address'
  | 'bytes'
  | 'count'
  /** 0 to 100, with fractions. */
  | 'percent'
  /** One of a few names, held as its index in `names`. */
  | 'name'
  /** Any text, held as an index into Snapshot.siteNames. */
  | 'text'

interface ColumnFacts {
  readonly unit: ColumnUnit
  readonly names?: readonly string[]
  /** Of what never happened the value is Infinity, written `never`. */
  readonly isEndless?: true
  /** Definition, one line. */
  readonly what: string
}

const FACTS = {
  address: { unit: 'address', what: 'where the block begins' },
  end: { unit: 'address', what: 'first address behind the block' },
  page: { unit: 'address', what: 'page the block begins on' },
  occupancy: { unit: 'percent', what: 'used share of the committed bytes of the page the block begins on, in percent: busy and internal ones' },
  size: { unit: 'bytes', what: 'bytes taken in the heap: header, payload and rounding' },
  requested: { unit: 'bytes', what: 'bytes the program asked for; busy blocks only' },
  overhead: { unit: 'bytes', what: 'bytes of a busy block beyond what was asked for' },
  class: { unit: 'bytes', what: 'largest size of the size class (powers of two in four steps) of the request, or of the whole block where no request is known' },
  state: { unit: 'name', names: BLOCK_STATE_NAMES, what: 'busy, free, cached, internal or uncommitted' },
  kind: { unit: 'name', names: BLOCK_KIND_NAMES, what: 'what the block is inside its heap, where heaps were walked' },
  heap: { unit: 'address', what: 'address of the heap the block belongs to' },
  segment: { unit: 'count', what: 'number of the segment, in order of address, from 1' },
  confidence: { unit: 'name', names: CONFIDENCES, what: 'how far the block can be trusted, where heaps were walked' },
  birth: { unit: 'count', what: 'event that made the block' },
  age: { unit: 'count', what: 'events since the block was made' },
  why: { unit: 'name', names: PLACED_REASONS, what: 'why the block lies where it does, where a simulated run was explained; busy blocks only' },
  death: { unit: 'count', isEndless: true, what: 'event that ends the block; never for one that is still there at the end of the run' },
  lifetime: { unit: 'count', isEndless: true, what: 'events from its birth to its death; never (longer than any) for one that is still there at the end' },
  pins: { unit: 'bytes', what: 'free bytes on its pages that cannot be given back because of this block' },
  site: { unit: 'text', what: 'call site' },
} as const satisfies Readonly<Record<string, ColumnFacts>>

export type BlockColumn = keyof typeof FACTS
export const BLOCK_COLUMNS = Object.keys(FACTS) as [BlockColumn, ...BlockColumn[]]

/** What is written for an Infinity of an endless column. */
export const NEVER = 'never'

export const columnFacts = (column: BlockColumn): ColumnFacts => FACTS[column]

export const isNumberUnit = (unit: ColumnUnit): boolean => unit === 'bytes' || unit === 'count' || unit === 'percent'

/** Other words for columns, as tables and debuggers call them. */
const OTHER_NAMES: Readonly<Record<string, BlockColumn>> = { consumed: 'size', trust: 'confidence', inside: 'kind', born: 'birth', event: 'birth', reason: 'why', freed: 'death' }

/** Case does not count; undefined when there is no such column. */
export function columnNamed(word: string): BlockColumn | undefined {
  const name = word.toLowerCase()
  return Object.hasOwn(FACTS, name) ? (name as BlockColumn) : Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined
}

/** Columns the blocks can be grouped by. */
export const BLOCK_GROUPINGS = ['class', 'state', 'kind', 'heap', 'segment', 'page', 'site', 'age', 'why'] as const satisfies readonly BlockColumn[]
export type BlockGrouping = (typeof BLOCK_GROUPINGS)[number]

/** Kinds of file a block list is written as. */
export const BLOCK_LIST_FORMS = ['csv', 'json'] as const
export type BlockListForm = (typeof BLOCK_LIST_FORMS)[number]
