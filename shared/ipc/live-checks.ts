import * as z from 'zod/mini'
import { CAPTURE_WAYS } from '../model/live-capture'
import type { LiveMethods } from './live-api'

/** Parameters of the live methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const target = { pid: z.int().check(z.minimum(1), z.maximum(0xffffffff)), startedAt: z.string().check(z.regex(/^\d{1,20}$/)) }

export const liveChecks = {
  liveList: z.strictObject({}),
  liveCapture: z.strictObject({ ...target, way: z.enum(CAPTURE_WAYS), keepBytes: z.boolean(), budgetBytes: z.number().check(z.minimum(1 << 20), z.maximum(2 ** 40)), series: z.nullable(id) }),
  liveDump: z.strictObject({ ...target, targetId: id }),
  liveChanges: z.strictObject({ a: id, b: id }),
} satisfies { readonly [M in keyof LiveMethods<unknown>]: unknown }
