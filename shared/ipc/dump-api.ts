import type { Address, Bytes, RowIndex } from '../base/units'
import type { ChangeCounts, HeapDifference } from '../analysis/compare-dumps/compare-dumps'
import type { DifferenceTable, DumpTable } from '../analysis/dump/table-names'
import type { HeapTotals } from '../analysis/dump/heap-totals'
import type { RowOrder, RowPage } from '../analysis/dump/row-table'
import type { OverlayField } from '../model/process-memory'

/*
 * Questions about a snapshot whose heaps were walked: a dump. `heap` is an index into its heaps, null = all of them.
 * Bytes are read from the dump's file while the document is open; a document out of a .heapscape file has none.
 */
/** Most rows of a page: some have a path in them. */
export const MOST_TABLE_ROWS = 4000

interface OfDump {
  readonly documentId: string
}
interface OfHeap extends OfDump {
  readonly heap: number | null
}
interface InTable extends OfHeap {
  readonly table: DumpTable
  /** null = the table's own order. */
  readonly order: RowOrder | null
}

/** Bytes from `address` on as far as they can be read, and what is known of them. */
export interface DumpBytes {
  readonly address: Address
  readonly bytes: Uint8Array
  /** 1 for each byte that differs in the document compared with; where that one has no byte to compare, 0. */
  readonly changed: Uint8Array
  /** The same bytes with encoded block headers decoded. */
  readonly decoded: Uint8Array
  readonly fields: readonly OverlayField[]
}

/** What lies at an address: the region around it, the block in it, and the block's header as stored and as decoded. */
export interface DumpPlace {
  readonly address: Address
  readonly region: { readonly address: Address; readonly bytes: Bytes; readonly state: number; readonly owner: string } | null
  readonly block: DumpBlock | null
}

export interface DumpBlock {
  readonly address: Address
  readonly bytes: Bytes
  /** null when it is not known or nobody requested it. */
  readonly requestedBytes: Bytes | null
  readonly state: number
  readonly heap: number
  readonly kind: number
  readonly confidence: number
  readonly header: { readonly address: Address; readonly raw: Uint8Array; readonly decoded: Uint8Array } | null
  /** Fields of the header and of what stands behind it, as in the hex view. */
  readonly fields: readonly OverlayField[]
}

/** Two dumps of one process, A the earlier one. */
interface OfTwoDumps {
  readonly a: string
  readonly b: string
}
interface InDifference extends OfTwoDumps {
  readonly table: DifferenceTable
  /** PlaceChange that rows of `places` must have; null = any. */
  readonly only: number | null
  readonly order: RowOrder | null
}

export interface DumpDifference {
  readonly changes: ChangeCounts
  /** Kept and changed blocks whose bytes were there on both sides. */
  readonly contentCompared: number
  readonly heaps: readonly HeapDifference[]
}

/** Method -> [parameters, answer]. */
export interface DumpMethods {
  /** One entry per heap of the document. */
  dumpHeaps: [OfDump, readonly HeapTotals[]]
  dumpRows: [InTable & { readonly offset: number; readonly count: number }, RowPage]
  /** Row of the table that is about the address, -1 when there is none. */
  dumpRowAt: [InTable & { readonly address: Address }, { readonly row: RowIndex }]
  dumpPlace: [OfDump & { readonly address: Address }, DumpPlace]
  dumpBytes: [OfDump & { readonly address: Address; readonly length: number; readonly against: string | null }, DumpBytes]
  /** Starts of lines of 16 bytes in [from, to) that differ in the other document, the first `count` of `total`. */
  dumpChangedLines: [OfDump & { readonly against: string; readonly from: Address; readonly to: Address; readonly count: number }, { readonly lines: Float64Array; readonly total: number }]
  /** What became of the blocks between two moments; kept for the lists that follow. */
  dumpCompare: [OfTwoDumps, DumpDifference]
  dumpDifferenceRows: [InDifference & { readonly offset: number; readonly count: number }, RowPage]
  dumpDifferenceRowAt: [InDifference & { readonly address: Address }, { readonly row: RowIndex }]
  /** First place at or after `from` where the pattern stands in committed memory; null when there is none. */
  dumpSearch: [OfDump & { readonly pattern: Uint8Array; readonly from: Address }, { readonly address: Address | null }]
}
