import * as z from 'zod/mini'
import { DIFFERENCE_TABLES, DUMP_TABLES } from '../analysis/dump/table-names'
import { MOST_TABLE_ROWS, type DumpMethods } from './dump-api'

/** Parameters of the dump methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const address = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const count = (most: number) => z.int().check(z.minimum(0), z.maximum(most))

const MAX_HEAPS = 256
const MAX_LINES = 10_000
const MAX_BYTES = 65_536
const MAX_PATTERN_BYTES = 4096

const ofDump = { documentId: id }
const ofHeap = { ...ofDump, heap: z.nullable(count(MAX_HEAPS)) }
const order = z.nullable(z.strictObject({ column: z.string().check(z.minLength(1), z.maxLength(32)), descending: z.boolean() }))
const inTable = { ...ofHeap, table: z.enum(DUMP_TABLES), order }
const ofTwo = { a: id, b: id }
const inDifference = { ...ofTwo, table: z.enum(DIFFERENCE_TABLES), only: z.nullable(count(4)), order }

export const dumpChecks = {
  dumpHeaps: z.strictObject(ofDump),
  dumpRows: z.strictObject({ ...inTable, offset: count(1e10), count: count(MOST_TABLE_ROWS) }),
  dumpRowAt: z.strictObject({ ...inTable, address }),
  dumpPlace: z.strictObject({ ...ofDump, address }),
  dumpBytes: z.strictObject({ ...ofDump, address, length: count(MAX_BYTES), against: z.nullable(id) }),
  dumpChangedLines: z.strictObject({ ...ofDump, against: id, from: address, to: address, count: count(MAX_LINES) }),
  dumpCompare: z.strictObject(ofTwo),
  dumpDifferenceRows: z.strictObject({ ...inDifference, offset: count(1e10), count: count(MOST_TABLE_ROWS) }),
  dumpDifferenceRowAt: z.strictObject({ ...inDifference, address }),
  dumpSearch: z.strictObject({
    ...ofDump,
    pattern: z.instanceof(Uint8Array).check(z.refine((pattern) => pattern.length > 0 && pattern.length <= MAX_PATTERN_BYTES, `1 to ${MAX_PATTERN_BYTES} bytes`)),
    from: address,
  }),
} satisfies { readonly [M in keyof DumpMethods]: unknown }
