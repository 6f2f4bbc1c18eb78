import type { JobContext } from '../base/job-context'
import type { Address, Bytes, RowIndex } from '../base/units'
import { NONE } from '../base/units'
import { NO_EVENT, type Snapshot } from '../model/snapshot'
import type { BlockColumn } from './block-columns'
import { orderRows } from './block-order'
import { LazyOrder } from './lazy-order'
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

/** Rows [offset, offset + address.length) of `total`, in the query's order: where each lies, its state, and the columns asked for. */
export interface BlockPage {
  readonly total: number
  /** Consumed bytes of all rows of the query, not only of this page. */
  readonly totalBytes: Bytes
  readonly offset: number
  readonly address: Float64Array
  /** BlockState. */
  readonly state: Uint8Array
  /** Of each column asked for what BlockValues reads; of `site` the index into `sites`, NaN where it is not known. */
  readonly values: Readonly<Partial<Record<BlockColumn, Float64Array>>>
  /** Different call sites of these rows. */
  readonly sites: readonly string[]
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

  /** Of the order alone; 0 where it is that of the table. */
  get bytes(): Bytes {
    return 4 * (this.#rows?.length ?? 0)
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

  /** Each column is read for these rows alone. */
  page(offset: number, count: number, columns: readonly BlockColumn[] = []): BlockPage {
    const { blocks } = this.values.snapshot
    const rows = Uint32Array.from({ length: Math.max(0, Math.min(count, this.total - offset)) }, (_, i) => this.rowAt(offset + i))
    const read = (column: BlockColumn): Float64Array => Float64Array.from(rows, (row) => this.values.at(column, row))
    const values: Partial<Record<BlockColumn, Float64Array>> = {}
    for (const column of columns) values[column] = read(column)
    return {
      total: this.total,
      totalBytes: this.totalBytes,
      offset,
      address: Float64Array.from(rows, (row) => blocks.address.at(row)),
      state: Uint8Array.from(rows, (row) => blocks.state.at(row)),
      values,
      sites: values.site === undefined ? [] : namedSites(values.site, this.values.snapshot.siteNames),
    }
  }
}

/** The names that `sites` are indices of, each once; makes `sites` indices into them. A site without a name is not known. */
function namedSites(sites: Float64Array, names: readonly string[]): readonly string[] {
  const places = new Map<string, number>()
  for (let i = 0; i < sites.length; i++) {
    const name = names[sites[i]!] ?? ''
    if (name !== '' && !places.has(name)) places.set(name, places.size)
    sites[i] = places.get(name) ?? NaN
  }
  return [...places.keys()]
}

/** Event that made the block, or NONE. */
export function birthOf(snapshot: Snapshot, row: RowIndex): number {
  const birth = snapshot.blocks.birth?.at(row) ?? NO_EVENT
  return birth === NO_EVENT ? NONE : birth
}
