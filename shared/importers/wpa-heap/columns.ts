import { csvFields, separatorOf } from '../../base/csv-fields'

/*
 * The analyst chooses the columns of a table, so they are found by name:
 *
 *   Process, Handle, Type, Alloc Stack, Count, Size (B), ...
 */
export interface WpaColumns {
  readonly separator: string
  readonly names: readonly string[]
  readonly process: number
  readonly size: number
  /** Bytes of one unit of the size column. */
  readonly sizeUnit: number
  /** Each -1 when the table has no such column. */
  readonly handle: number
  readonly type: number
  readonly stack: number
  readonly count: number
}

const SIZE = /^size \((b|bytes|kb|mb|gb)\)$/i
const UNITS: Readonly<Record<string, number>> = { b: 1, bytes: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

/** The columns of a header line; undefined when it is not one of such a table. */
export function readWpaHeader(line: string): WpaColumns | undefined {
  const separator = separatorOf(line)
  const names = separator === undefined ? undefined : csvFields(line, separator)
  if (separator === undefined || names === undefined) return undefined
  const find = (pattern: RegExp): number => names.findIndex((name) => pattern.test(name))
  const columns = {
    separator,
    names,
    process: find(/^process$/i),
    size: find(SIZE),
    handle: find(/^(heap )?handle$/i),
    type: find(/^(allocation )?type$/i),
    stack: find(/^(alloc(ation)? )?stack$/i),
    count: find(/^(alloc(ation)? )?count$/i),
  }
  if (columns.process < 0 || columns.size < 0 || (columns.stack < 0 && columns.handle < 0 && columns.type < 0)) return undefined
  return { ...columns, sizeUnit: UNITS[SIZE.exec(names[columns.size]!)![1]!.toLowerCase()]! }
}

/** `1,234.5` -> 1234.5; undefined for what is no number from 0. */
export function readWpaNumber(text: string): number | undefined {
  const plain = text.replaceAll(/[, \u00a0\u202f]/g, '')
  if (!/^\d{1,15}(\.\d+)?$/.test(plain)) return undefined
  return Number(plain)
}
