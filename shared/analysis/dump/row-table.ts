import { Column, type ColumnKind } from '../../base/column'
import { NONE, type Address } from '../../base/units'
import { addressOrder } from '../../model/address-order'

/*
 * A table about a snapshot as columns by name. `address` and `bytes`, where a table has them, say which memory a row is
 * about, so that a selected address finds its row.
 */
export class RowTable {
  readonly [Symbol.toStringTag] = 'RowTable'
  readonly numbers: Readonly<Record<string, Column>>
  readonly texts: Readonly<Record<string, readonly string[]>>
  readonly rows: number

  constructor(numbers: Readonly<Record<string, Column>>, texts: Readonly<Record<string, readonly string[]>> = {}) {
    this.numbers = numbers
    this.texts = texts
    this.rows = Object.values(numbers)[0]?.length ?? Object.values(texts)[0]?.length ?? 0
  }
}

/** Columns of the given kinds, to be filled row by row. */
export function columnsOf<N extends string>(kinds: Readonly<Record<N, ColumnKind>>): Record<N, Column> {
  return Object.fromEntries(Object.entries<ColumnKind>(kinds).map(([name, kind]) => [name, new Column(kind)])) as Record<N, Column>
}

export interface RowOrder {
  readonly column: string
  readonly descending: boolean
}

/** Rows [offset, offset + n) of `total` in the order asked for. */
export interface RowPage {
  readonly total: number
  readonly offset: number
  readonly numbers: Readonly<Record<string, Float64Array>>
  readonly texts: Readonly<Record<string, readonly string[]>>
}

/** A table in one order; made once and kept, so that a page costs only the page. */
export class RowView {
  readonly [Symbol.toStringTag] = 'RowView'
  readonly #table: RowTable
  /** undefined: the table's own order. */
  readonly #order: Uint32Array | undefined

  /** A column the table does not have leaves its own order. */
  constructor(table: RowTable, order: RowOrder | undefined) {
    this.#table = table
    this.#order = order === undefined ? undefined : orderOf(table, order)
  }

  page(offset: number, count: number): RowPage {
    const { numbers, texts, rows } = this.#table
    const length = Math.max(0, Math.min(count, rows - offset))
    const rowAt = (i: number): number => this.#order?.[offset + i] ?? offset + i
    return {
      total: rows,
      offset,
      numbers: mapValues(numbers, (column) => Float64Array.from({ length }, (_, i) => column.at(rowAt(i)))),
      texts: mapValues(texts, (list) => Array.from({ length }, (_, i) => list[rowAt(i)]!)),
    }
  }

  /** Place of the row that is about the address; NONE when there is none. */
  placeOf(address: Address): number {
    const { numbers, rows } = this.#table
    const from = numbers['address']
    const bytes = numbers['bytes']
    if (from === undefined) return NONE
    for (let row = 0; row < rows; row++) {
      if (from.at(row) > address || from.at(row) + (bytes?.at(row) ?? 1) <= address) continue
      return this.#order === undefined ? row : this.#order.indexOf(row)
    }
    return NONE
  }
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))

/** Fractions are sorted to a millionth, because addressOrder sorts whole numbers by their distance from the least. */
const FRACTION = 1e6

/** Stable in both directions: equal rows stay in the table's own order. */
function orderOf(table: RowTable, { column, descending }: RowOrder): Uint32Array | undefined {
  const texts = table.texts[column]
  if (texts !== undefined) {
    const turn = descending ? -1 : 1
    return Uint32Array.from(texts.map((_, row) => row).sort((a, b) => turn * compareTexts(texts[a]!, texts[b]!) || a - b))
  }
  const numbers = table.numbers[column]
  if (numbers === undefined) return undefined
  const values = numbers.slice()
  const scale = numbers.kind === 'f64' && values.some((value) => !Number.isInteger(value)) ? FRACTION : 1
  const turn = descending ? -1 : 1
  const keys = Float64Array.from(values, (value) => turn * Math.round(value * scale))
  return addressOrder(keys)
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
