import * as z from 'zod/mini'
import type { ProfileMethods } from './profile-api'

/** Parameters of the profile methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const count = (most: number) => z.int().check(z.minimum(0), z.maximum(most))

const MAX_ROWS = 10_000
const MAX_POINTS = 20_000
const MAX_MOMENTS = 0xffffffff

export const profileChecks = {
  profileStatistics: z.strictObject({ documentId: id, search: z.string().check(z.maxLength(200)), offset: count(1e9), count: count(MAX_ROWS) }),
  profileSeries: z.strictObject({ documentId: id, fromMoment: count(MAX_MOMENTS), toMoment: count(MAX_MOMENTS), points: z.int().check(z.minimum(1), z.maximum(MAX_POINTS)) }),
  profileMoment: z.strictObject({ documentId: id, moment: count(MAX_MOMENTS) }),
} satisfies { readonly [M in keyof ProfileMethods]: unknown }
