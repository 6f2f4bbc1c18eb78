import type { JobContext } from '../base/job-context'
import type { Address, Bytes, RowIndex } from '../base/units'
import { NONE } from '../base/units'
import { NO_EVENT, type Snapshot } from '../model/snapshot'
import type { BlockColumn } from './block-columns'
import { orderRows } from './block-order'
import { LazyOrder } from './lazy-order'
import { segmentAtAddress } from './block-search'
import type { BlockValues } from './block-values'
import { allOf, type BlockCondition } from './filter/block-condition'
import { keepRows, type KeptRows } from './filter/evaluate-filter'
import { readFilter } from './filter/read-filter'
import type { SiteMask } from './sites/site-study'

/*
 * Ordered, filtered view of a block table: place k shows row `rows[k]`. Made once per query and kept, so that any page of
 * millions of rows costs only the page.
 */
export interface BlockFilter {
  /** BlockStates to keep; absent = all. */
  readonly states?: readonly number[]
  /** BlockKinds to keep; absent = all. A block of a source that knows no kinds passes. */
  readonly kinds?: readonly number[]
  /** Consumed bytes. */
  readonly minBytes?: Bytes
  readonly maxBytes?: Bytes
  /** Blocks that reach into [fromAddress, toAddress). */
  readonly fromAddress?: Address
  readonly toAddress?: Address
  /** Text of a site filter (sites/site-filter.ts); what it keeps is given as a mask. */
  readonly sites?: string
  /** Text of a condition (filter/read-filter.ts). */
  readonly where?: string
}

export interface BlockQuery {
  readonly sort: BlockColumn
  readonly descending: boolean
  readonly filter: BlockFilter
}

/** Rows [offset, offset + address.length) of `total`, in the query's order. */
export interface BlockPage {
  readonly total: number
  /** Consumed bytes of all rows of the query, not only of this page. */
  readonly totalBytes: Bytes
  readonly offset: number
  readonly address: Float64Array
  readonly size: Float64Array
  /** UNKNOWN_SIZE when not told. */
  readonly requested: Float64Array
  /** BlockState. */
  readonly state: Uint8Array
  /** Index into Snapshot.segments, -1 none. */
  readonly segment: Int32Array
  /** Event that made the block, -1 unknown or not a block of the program. */
  readonly birth: Float64Array
  /** Free bytes this block keeps from being given back (Shapley share), 0 for other states. */
  readonly pins: Float64Array
  readonly site: readonly string[]
  /** Numbers of placed-reasons.ts, 0 where none is told or the block is not busy; absent when the run was not explained. */
  readonly why?: Uint8Array
  /** Absent when the source knows no inside of heaps. */
  readonly inside?: BlockInside
}

/** What a walk of the heaps' own structures knows of the rows. */
export interface BlockInside {
  /** Index into Snapshot.heaps. */
  readonly heap: Uint8Array
  /** BlockKind. */
  readonly kind: Uint8Array
  /** Index into CONFIDENCES. */
  readonly confidence: Uint8Array
}

/**
 * All of a filter but its sites as one condition; undefined when nothing is left out. `knowsKinds`: see BlockFilter.kinds.
 * @throws HeapscapeError `pattern-invalid`
 */
export function conditionOf(filter: BlockFilter, knowsKinds = true): BlockCondition | undefined {
  const { states, kinds, minBytes, maxBytes, fromAddress, toAddress, where } = filter
  const codes = (column: BlockColumn, list: readonly number[]): BlockCondition => ({ type: 'in', column, ranges: list.map((code) => ({ from: code, to: code })) })
  const stated = where === undefined ? undefined : readFilter(where)
  return allOf([
    ...(states === undefined ? [] : [codes('state', states)]),
    ...(kinds === undefined || !knowsKinds ? [] : [codes('kind', kinds)]),
    ...(minBytes === undefined ? [] : [{ type: 'compare', column: 'size', comparison: '>=', value: minBytes } as const]),
    ...(maxBytes === undefined ? [] : [{ type: 'compare', column: 'size', comparison: '<=', value: maxBytes } as const]),
    ...(fromAddress === undefined ? [] : [{ type: 'compare', column: 'end', comparison: '>', value: fromAddress } as const]),
    ...(toAddress === undefined ? [] : [{ type: 'compare', column: 'address', comparison: '<', value: toAddress } as const]),
    ...(stated === undefined ? [] : [stated]),
  ])
}

/**
 * The rows a filter keeps. `sites` is what its site filter keeps: 1 at [site + 1] for blocks of that site, [0] for blocks
 * without a known one; busy blocks alone.
 * @throws HeapscapeError `pattern-invalid`, `cancelled`
 */
export function keepFiltered(values: BlockValues, filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<KeptRows> {
  return keepRows(values, conditionOf(filter, values.snapshot.blocks.kind !== undefined), sites, job)
}

export class BlockView {
  readonly [Symbol.toStringTag] = 'BlockView'
  readonly values: BlockValues
  /** undefined: all rows as they stand in the table. */
  readonly #rows: Uint32Array | LazyOrder | undefined
  readonly total: number
  readonly totalBytes: Bytes

  private constructor(values: BlockValues, rows: Uint32Array | LazyOrder | undefined, kept: KeptRows) {
    this.values = values
    this.#rows = rows
    this.total = kept.count
    this.totalBytes = kept.bytes
  }

  /** The rows kept (keepFiltered of the query's filter) in the query's order. @throws HeapscapeError `cancelled` */
  static async make(values: BlockValues, query: BlockQuery, kept: KeptRows, job: JobContext): Promise<BlockView> {
    return new BlockView(values, await orderRows(values, kept, { column: query.sort, descending: query.descending }, job), kept)
  }

  rowAt(place: number): RowIndex {
    if (this.#rows === undefined) return place
    return this.#rows instanceof LazyOrder ? this.#rows.rowAt(place) : this.#rows[place]!
  }

  /** Place of a table row in this view's order, or NONE when it is filtered out. */
  placeOf(row: RowIndex): number {
    if (this.#rows === undefined) return row
    return this.#rows instanceof LazyOrder ? this.#rows.placeOf(row) : this.#rows.indexOf(row)
  }

  page(offset: number, count: number): BlockPage {
    const { snapshot } = this.values
    const { blocks, segments, siteNames } = snapshot
    const length = Math.max(0, Math.min(count, this.total - offset))
    const page = emptyPage(this.total, this.totalBytes, offset, length)
    const sites: string[] = []
    for (let i = 0; i < length; i++) {
      const row = this.rowAt(offset + i)
      const pins = this.values.at('pins', row)
      page.address[i] = blocks.address.at(row)
      page.size[i] = blocks.size.at(row)
      page.requested[i] = blocks.requested.at(row)
      page.state[i] = blocks.state.at(row)
      page.segment[i] = segmentAtAddress(segments, blocks.address.at(row))
      page.birth[i] = birthOf(snapshot, row)
      page.pins[i] = Number.isNaN(pins) ? 0 : pins
      sites.push(siteNames[blocks.site?.at(row) ?? NONE] ?? '')
    }
    const inside = insideOf(snapshot, length, (i) => this.rowAt(offset + i))
    const why = blocks.why === undefined ? undefined : Uint8Array.from({ length }, (_, i) => blocks.why!.at(this.rowAt(offset + i)))
    return { ...page, site: sites, ...(inside === undefined ? {} : { inside }), ...(why === undefined ? {} : { why }) }
  }
}

function insideOf({ blocks }: Snapshot, length: number, rowAt: (index: number) => RowIndex): BlockInside | undefined {
  const { heap, kind, confidence } = blocks
  if (kind === undefined) return undefined
  const of = (column: { at(row: number): number } | undefined): Uint8Array => Uint8Array.from({ length }, (_, i) => column?.at(rowAt(i)) ?? 0)
  return { heap: of(heap), kind: of(kind), confidence: of(confidence) }
}

/** Event that made the block, or NONE. */
export function birthOf(snapshot: Snapshot, row: RowIndex): number {
  const birth = snapshot.blocks.birth?.at(row) ?? NO_EVENT
  return birth === NO_EVENT ? NONE : birth
}

function emptyPage(total: number, totalBytes: Bytes, offset: number, count: number): Omit<BlockPage, 'site'> {
  return {
    total,
    totalBytes,
    offset,
    address: new Float64Array(count),
    size: new Float64Array(count),
    requested: new Float64Array(count),
    state: new Uint8Array(count),
    segment: new Int32Array(count),
    birth: new Float64Array(count),
    pins: new Float64Array(count),
  }
}
