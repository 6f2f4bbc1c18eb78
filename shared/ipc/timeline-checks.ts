import * as z from 'zod/mini'

/** Parameters of timeline-api.ts as they may arrive from a window. */
const MAX_POINTS = 20_000
const documentId = z.string().check(z.minLength(1), z.maxLength(64))
const event = z.int().check(z.minimum(0), z.maximum(0xfffffffe))
const stretch = z.strictObject({ documentId, fromEvent: event, toEvent: event, points: z.int().check(z.minimum(1), z.maximum(MAX_POINTS)) })
const target = z.union([
  z.strictObject({ kind: z.literal('failure') }),
  z.strictObject({ kind: z.literal('page'), address: z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER)) }),
])

export const timelineChecks = {
  tiling: stretch,
  failures: stretch,
  neighbourEvent: z.strictObject({ documentId, event, forward: z.boolean(), target }),
}
