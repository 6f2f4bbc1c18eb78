import * as z from 'zod/mini'
import { BLOCK_COLUMNS } from '../analysis/block-columns'
import { blockFilter } from './blocks-checks'
import type { ViewState } from './view-state'

/** Members of a ViewState as they may arrive from a window, or stand in a file; limits as in analysis/view-text.ts and analysis/bookmarks.ts. */
const MOST_CHOICES = 32
const LONGEST_CHOICE = 200
const MOST_BOOKMARKS = 500
const LONGEST_NOTE = 500

const event = z.int().check(z.minimum(0), z.maximum(0xfffffffe))
const choiceName = z.string().check(z.regex(/^[a-z][a-zA-Z0-9]{0,31}$/))
const choice = z.union([z.number(), z.boolean(), z.string().check(z.maxLength(LONGEST_CHOICE))])
const tab = z.string().check(z.regex(/^[a-zA-Z][\w-]{0,63}$/))

export const viewStateMembers = {
  event: z.optional(event),
  selectedAddress: z.optional(z.nullable(z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER)))),
  filter: z.optional(blockFilter),
  sort: z.optional(z.enum(BLOCK_COLUMNS)),
  descending: z.optional(z.boolean()),
  columns: z.optional(z.array(z.enum(BLOCK_COLUMNS)).check(z.minLength(1), z.maxLength(BLOCK_COLUMNS.length))),
  map: z.optional(z.record(choiceName, choice).check(z.refine((choices) => Object.keys(choices).length <= MOST_CHOICES, 'not that many choices'))),
  list: z.optional(tab),
  timeline: z.optional(tab),
  bookmarks: z.optional(z.array(z.strictObject({ event, note: z.string().check(z.maxLength(LONGEST_NOTE)) })).check(z.maxLength(MOST_BOOKMARKS))),
} satisfies Record<keyof ViewState, z.ZodMiniType>

// Members that are absent are told by the checker as possibly undefined; none is.
export const viewStateCheck = z.strictObject(viewStateMembers) as unknown as z.ZodMiniType<ViewState>
