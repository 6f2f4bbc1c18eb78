import * as z from 'zod/mini'
import { BLOCK_COLUMNS, BLOCK_GROUPINGS, BLOCK_LIST_FORMS } from '../analysis/block-columns'
import { MOST_STRUCTURE_BYTES } from './blocks-api'
import { mapRanges } from './map-checks'

/** Parameters of blocks-api.ts as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const address = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const bytes = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const offset = z.int().check(z.minimum(0))

const MAX_ROWS = 10_000
/** A condition may be this long (analysis/filter/filter-tokens.ts). */
const MAX_CONDITION = 2000

const moment = {
  documentId: id,
  event: z.nullable(z.int().check(z.minimum(0), z.maximum(0xfffffffe))),
  heap: z.optional(z.int().check(z.minimum(0), z.maximum(255))),
}
export const blockFilter = z.strictObject({
  states: z.optional(z.array(z.int().check(z.minimum(0), z.maximum(4))).check(z.maxLength(5))),
  kinds: z.optional(z.array(z.int().check(z.minimum(0), z.maximum(255))).check(z.maxLength(16))),
  minBytes: z.optional(bytes),
  maxBytes: z.optional(bytes),
  fromAddress: z.optional(address),
  toAddress: z.optional(address),
  sites: z.optional(z.string().check(z.maxLength(400))),
  where: z.optional(z.string().check(z.maxLength(MAX_CONDITION))),
})
const column = z.enum(BLOCK_COLUMNS)
const query = z.strictObject({ sort: column, descending: z.boolean(), filter: blockFilter })
const by = z.enum(BLOCK_GROUPINGS)
const order = z.nullable(z.strictObject({ column: z.string().check(z.maxLength(32)), descending: z.boolean() }))
const count = z.int().check(z.minimum(0), z.maximum(MAX_ROWS))
const colors = z.strictObject({ by: z.enum(['class', 'age', 'site', 'heap', 'occupancy', 'confidence', 'changed']), since: z.optional(z.int().check(z.minimum(0), z.maximum(0xfffffffe))) })
export const blockChecks = {
  mapTile: z.strictObject({ ...moment, bytesPerCell: z.number().check(z.minimum(1), z.maximum(2 ** 40)), ranges: mapRanges, colors: z.optional(colors), filter: z.optional(blockFilter) }),
  mapColorings: z.strictObject(moment),
  mapLegend: z.strictObject({ ...moment, colors }),
  mapRange: z.strictObject({ ...moment, from: address, to: address }),
  mapStructure: z.strictObject({ ...moment, from: address, to: address }).check(z.refine(({ from, to }) => to - from <= MOST_STRUCTURE_BYTES, `at most ${MOST_STRUCTURE_BYTES} bytes`)),
  blockColumns: z.strictObject(moment),
  blockPage: z.strictObject({ ...moment, query, columns: z.optional(z.array(column).check(z.maxLength(BLOCK_COLUMNS.length))), offset, count }),
  blockRow: z.strictObject({ ...moment, query, address }),
  blockGroups: z.strictObject({ ...moment, filter: blockFilter, by, order, offset, count }),
  blockExport: z.strictObject({ ...moment, query, columns: z.array(column).check(z.minLength(1), z.maxLength(BLOCK_COLUMNS.length)), form: z.enum(BLOCK_LIST_FORMS), targetId: id }),
  groupExport: z.strictObject({ ...moment, filter: blockFilter, by, order, form: z.enum(BLOCK_LIST_FORMS), targetId: id }),
  siteTexts: z.strictObject({ documentId: id, contains: z.string().check(z.maxLength(400)) }),
}
