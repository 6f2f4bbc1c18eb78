import * as z from 'zod/mini'
import type { SiteMethods } from './sites-api'

/** Parameters of the call-site methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const event = z.nullable(z.int().check(z.minimum(0), z.maximum(0xfffffffe)))
const text = z.string().check(z.maxLength(400))

/** Deeper stacks than this exist in no known recorder. */
const MAX_STEPS = 4096
const MAX_OPEN = 4000
const MAX_ROWS = 10_000
const MAX_PARTS = 20_000

const path = z.array(z.int().check(z.minimum(0))).check(z.maxLength(MAX_STEPS))
const query = z.strictObject({
  documentId: id,
  against: z.nullable(id),
  measure: z.string().check(z.minLength(1), z.maxLength(64)),
  unit: z.enum(['bytes', 'count']),
  direction: z.enum(['top-down', 'bottom-up']),
  detail: z.enum(['function', 'line']),
  filter: text,
  event,
  againstEvent: event,
})
const rows = { query, root: path, open: z.array(path).check(z.maxLength(MAX_OPEN)), search: text }

export const siteChecks = {
  siteFacts: z.strictObject({ documentId: id }),
  siteFlame: z.strictObject({ query, root: path, search: text, parts: z.int().check(z.minimum(1), z.maximum(MAX_PARTS)), mostDepth: z.int().check(z.minimum(1), z.maximum(MAX_STEPS)) }),
  siteRows: z.strictObject({ ...rows, offset: z.int().check(z.minimum(0)), count: z.int().check(z.minimum(0), z.maximum(MAX_ROWS)) }),
  siteExport: z.strictObject({ ...rows, form: z.enum(['svg', 'csv']), isFlame: z.boolean(), isIcicle: z.boolean(), title: z.string().check(z.maxLength(300)), targetId: id }),
} satisfies { readonly [M in keyof SiteMethods]: unknown }
