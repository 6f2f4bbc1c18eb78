import type { RowOrder, RowPage } from '../../../shared/analysis/dump/row-table'
import type { Address, RowIndex } from '../../../shared/base/units'
import { formatAddress, formatCount, formatDifference, formatShare } from '../format'
import type { TableColumn } from '../table-column'

/** A list the engine answers page by page: its columns, and how a value is written. */
export interface RowSpec {
  /** Names the list for tests and for the reader's place in it. */
  readonly id: string
  readonly label: string
  readonly columns: readonly RowColumn[]
  readonly emptyText: string
}

export interface RowColumn extends TableColumn {
  readonly text: (row: RowValues, heapNames: readonly string[]) => string
  /** 0..1, drawn as a bar beside the text. */
  readonly share?: (row: RowValues) => number
}

/** Where a list has its rows from; another object means other rows. */
export interface RowSource {
  page(order: RowOrder | null, offset: number, count: number, options: { readonly signal: AbortSignal }): Promise<RowPage>
  /** Row about an address, -1 when there is none; absent when rows are about no place. */
  rowAt?(order: RowOrder | null, address: Address, options: { readonly signal: AbortSignal }): Promise<{ readonly row: RowIndex }>
}

/** One row of a page by column name. */
export interface RowValues {
  number(name: string): number
  text(name: string): string
}

export function rowValues(page: RowPage, index: number): RowValues {
  return { number: (name) => page.numbers[name]?.[index] ?? NaN, text: (name) => page.texts[name]?.[index] ?? '' }
}

type Extra = Partial<Omit<RowColumn, 'key' | 'label'>>

export const addressColumn = (label: string, extra: Extra = {}): RowColumn =>
  ({ key: 'address', label, leastPx: 148, grow: 0, sortable: true, mono: true, text: (row) => formatAddress(row.number('address')), ...extra })
export const countColumn = (key: string, label: string, extra: Extra = {}): RowColumn =>
  ({ key, label, leastPx: 82, grow: 0.6, align: 'right', sortable: true, mono: true, text: (row) => formatCount(row.number(key)), ...extra })
export const differenceColumn = (key: string, label: string, extra: Extra = {}): RowColumn => countColumn(key, label, { text: (row) => formatDifference(row.number(key)), ...extra })
export const shareColumn = (key: string, label: string, extra: Extra = {}): RowColumn =>
  ({ key, label, leastPx: 96, grow: 0.8, align: 'right', sortable: true, mono: true, text: (row) => formatShare(row.number(key)), share: (row) => row.number(key), ...extra })
