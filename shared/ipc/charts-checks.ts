import * as z from 'zod/mini'
import { blockFilter } from './blocks-checks'

/** Parameters of charts-api.ts as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const moment = {
  documentId: id,
  event: z.nullable(z.int().check(z.minimum(0), z.maximum(0xfffffffe))),
  heap: z.optional(z.int().check(z.minimum(0), z.maximum(255))),
}
const filtered = { ...moment, filter: blockFilter }
const pages = z.int().check(z.minimum(0), z.maximum(2 ** 40))
const offset = z.int().check(z.minimum(0))

/** A cell takes 32 bytes of the answer. */
const MOST_CELLS = 60_000
const MOST_ROWS = 10_000

export const chartChecks = {
  sizeHistograms: z.strictObject(filtered),
  freeSpace: z.strictObject(moment),
  heapProbe: z.strictObject(moment),
  pageStrip: z.strictObject({ ...filtered, first: pages, count: pages, cells: z.int().check(z.minimum(1), z.maximum(MOST_CELLS)) }),
  wasteTree: z.strictObject(filtered),
  survival: z.strictObject({ documentId: id, filter: blockFilter }),
  frontEnd: z.strictObject(moment),
  freeLists: z.strictObject({ ...filtered, order: z.nullable(z.strictObject({ column: z.string().check(z.maxLength(32)), descending: z.boolean() })), offset, count: z.int().check(z.minimum(0), z.maximum(MOST_ROWS)) }),
}
