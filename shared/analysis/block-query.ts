import type { Address, Bytes, RowIndex } from '../base/units'
import { NONE, UNKNOWN_SIZE } from '../base/units'
import { addressOrder } from '../model/address-order'
import { BLOCK_KIND_NAMES, BLOCK_STATE_NAMES, BlockState, NO_EVENT, type Snapshot } from '../model/snapshot'
import { segmentAtAddress } from './block-search'

/*
 * Ordered, filtered view of a block table: `rows[k]` is the table row shown at place k. Made once per query and kept,
 * so that any page of millions of rows costs only the page.
 */
export const BLOCK_COLUMNS = ['address', 'requested', 'size', 'overhead', 'state', 'heap', 'segment', 'kind', 'confidence', 'birth', 'pins'] as const
export type BlockColumn = (typeof BLOCK_COLUMNS)[number]

export interface BlockFilter {
  /** BlockStates to keep; absent = all. */
  readonly states?: readonly number[]
  /** BlockKinds to keep; absent = all. A block of a source that knows no kinds passes. */
  readonly kinds?: readonly number[]
  /** Consumed bytes. */
  readonly minBytes?: Bytes
  readonly maxBytes?: Bytes
  readonly fromAddress?: Address
  readonly toAddress?: Address
  /** Text of a site filter (sites/site-filter.ts); what it keeps is given to BlockView as a mask. */
  readonly sites?: string
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

export class BlockView {
  readonly [Symbol.toStringTag] = 'BlockView'
  readonly #snapshot: Snapshot
  readonly #rows: Uint32Array
  readonly #pins: Float64Array
  readonly totalBytes: Bytes

  /**
   * `pins` as pinBlame gives it: one value per block row. `sites` keeps busy blocks alone: 1 at [site + 1] for those of
   * that site, [0] for blocks without a known one.
   */
  constructor(snapshot: Snapshot, query: BlockQuery, pins: Float64Array, sites?: Uint8Array) {
    this.#snapshot = snapshot
    this.#pins = pins
    const kept = filterRows(snapshot, query.filter, sites)
    this.totalBytes = kept.bytes
    this.#rows = sortRows(kept.rows, sortKeys(snapshot, query.sort, kept.rows, pins), query.descending)
  }

  get total(): number {
    return this.#rows.length
  }

  /** Place of a table row in this view's order, or NONE when it is filtered out. */
  placeOf(row: RowIndex): number {
    return this.#rows.indexOf(row)
  }

  page(offset: number, count: number): BlockPage {
    const rows = this.#rows.subarray(offset, offset + count)
    const { blocks, segments, siteNames } = this.#snapshot
    const page = emptyPage(this.total, this.totalBytes, offset, rows.length)
    const sites: string[] = []
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      page.address[i] = blocks.address.at(row)
      page.size[i] = blocks.size.at(row)
      page.requested[i] = blocks.requested.at(row)
      page.state[i] = blocks.state.at(row)
      page.segment[i] = segmentAtAddress(segments, blocks.address.at(row))
      page.birth[i] = birthOf(this.#snapshot, row)
      page.pins[i] = this.#pins[row]!
      sites.push(siteNames[blocks.site?.at(row) ?? NONE] ?? '')
    }
    const inside = insideOf(this.#snapshot, rows)
    return inside === undefined ? { ...page, site: sites } : { ...page, site: sites, inside }
  }
}

function insideOf({ blocks }: Snapshot, rows: Uint32Array): BlockInside | undefined {
  const { heap, kind, confidence } = blocks
  if (kind === undefined) return undefined
  const of = (column: { at(row: number): number } | undefined): Uint8Array => Uint8Array.from(rows, (row) => column?.at(row) ?? 0)
  return { heap: of(heap), kind: of(kind), confidence: of(confidence) }
}

/** Bytes of a busy block beyond what was asked for; 0 for others and where the request is not known. */
function overheadOf({ blocks }: Snapshot, row: RowIndex): Bytes {
  const requested = blocks.requested.at(row)
  return blocks.state.at(row) === BlockState.Busy && requested !== UNKNOWN_SIZE ? blocks.size.at(row) - requested : 0
}

/** Event that made the block, or NONE. */
export function birthOf(snapshot: Snapshot, row: RowIndex): number {
  const birth = snapshot.blocks.birth?.at(row) ?? NO_EVENT
  return birth === NO_EVENT ? NONE : birth
}

function emptyPage(total: number, totalBytes: Bytes, offset: number, count: number): BlockPage {
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
    site: [],
  }
}

function filterRows(snapshot: Snapshot, filter: BlockFilter, sites: Uint8Array | undefined): { rows: Uint32Array; bytes: Bytes } {
  const { address, size, state, kind, site } = snapshot.blocks
  const wanted = chosen(BLOCK_STATE_NAMES.length, filter.states)
  const kinds = filter.kinds === undefined ? undefined : kind
  const wantedKinds = chosen(BLOCK_KIND_NAMES.length, filter.kinds)
  const min = filter.minBytes ?? 0
  const max = filter.maxBytes ?? Infinity
  const from = filter.fromAddress ?? 0
  const to = filter.toAddress ?? Infinity
  const rows = new Uint32Array(snapshot.blocks.length)
  let kept = 0
  let bytes = 0
  for (let row = 0; row < rows.length; row++) {
    const blockSize = size.at(row)
    const at = address.at(row)
    if (sites !== undefined && (state.at(row) !== BlockState.Busy || sites[(site?.at(row) ?? NONE) + 1] !== 1)) continue
    if (wanted[state.at(row)] === 1 && blockSize >= min && blockSize <= max && at + blockSize > from && at < to && (kinds === undefined || wantedKinds[kinds.at(row)] === 1)) {
      rows[kept++] = row
      bytes += blockSize
    }
  }
  return { rows: rows.subarray(0, kept), bytes }
}

/** 1 for each code that is kept. */
function chosen(codes: number, kept: readonly number[] | undefined): Uint8Array {
  const wanted = new Uint8Array(codes).fill(kept === undefined ? 1 : 0)
  for (const code of kept ?? []) wanted[code] = 1
  return wanted
}

/** Shapley shares are fractions; a 4096th of a byte is kept, so that keys are the whole numbers addressOrder sorts. */
const PIN_KEY_SCALE = 4096

function sortKeys(snapshot: Snapshot, column: BlockColumn, rows: Uint32Array, pins: Float64Array): Float64Array | undefined {
  const { blocks, segments } = snapshot
  // Rows come sorted by address, and segments are sorted by base.
  if (column === 'address' || (column === 'segment' && segments.length <= 1)) return undefined
  const keys = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    switch (column) {
      case 'requested':
        keys[i] = blocks.state.at(row) === BlockState.Busy ? blocks.requested.at(row) + 1 : 0
        break
      case 'size':
        keys[i] = blocks.size.at(row)
        break
      case 'overhead':
        keys[i] = overheadOf(snapshot, row)
        break
      case 'state':
        keys[i] = blocks.state.at(row)
        break
      case 'heap':
        keys[i] = blocks.heap.at(row)
        break
      case 'kind':
        keys[i] = blocks.kind?.at(row) ?? 0
        break
      case 'confidence':
        keys[i] = blocks.confidence?.at(row) ?? 0
        break
      case 'segment':
        keys[i] = segmentAtAddress(segments, blocks.address.at(row)) + 1
        break
      case 'birth':
        keys[i] = birthOf(snapshot, row) + 1
        break
      case 'pins':
        keys[i] = Math.round(pins[row]! * PIN_KEY_SCALE)
        break
    }
  }
  return keys
}

/** Stable in both directions: equal keys stay in address order. */
function sortRows(rows: Uint32Array, keys: Float64Array | undefined, descending: boolean): Uint32Array {
  if (keys === undefined) return descending ? rows.slice().reverse() : rows
  if (descending) {
    const highest = keys.reduce((most, key) => Math.max(most, key), 0)
    for (let i = 0; i < keys.length; i++) keys[i] = highest - keys[i]!
  }
  const order = addressOrder(keys)
  for (let k = 0; k < order.length; k++) order[k] = rows[order[k]!]!
  return order
}
