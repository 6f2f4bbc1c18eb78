import * as z from 'zod/mini'
import { MOST_NEW_MEMBERS, MOST_NEW_SIDES, type ComparisonMethods } from './comparison-api'
import { mapRanges } from './map-checks'

/** Parameters of the comparison methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const sideId = z.int().check(z.minimum(1), z.maximum(1_000_000))
const eventOrNull = z.nullable(z.int().check(z.minimum(0), z.maximum(0xfffffffe)))
const bytes = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const name = z.string().check(z.minLength(1), z.maxLength(256))
const label = z.string().check(z.maxLength(256))

const MOST_ROWS = 10_000
/** A few answers of this many cells stay well below 4 MB. */
const MOST_CELLS = 200_000
/** Two members, and what is held beside them. */
const MOST_SHOWN = 4

const newMember = z.union([z.strictObject({ documentId: id, label: z.optional(label) }), z.strictObject({ sourceId: id, label: z.optional(label) })])
const newMembers = z.array(newMember).check(z.maxLength(MOST_NEW_MEMBERS))
const memberIds = z.array(id).check(z.minLength(1), z.maxLength(MOST_NEW_MEMBERS))
const choice = z.strictObject({
  heap: name,
  profile: z.optional(name),
  overrides: z.record(name, z.union([z.number(), z.boolean(), z.string().check(z.maxLength(256))])),
})
const edit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('add'), sideId: z.nullable(sideId), members: newMembers.check(z.minLength(1)) }),
  z.strictObject({ kind: z.literal('add-sides'), sides: z.array(z.strictObject({ name, members: newMembers })).check(z.minLength(1), z.maxLength(MOST_NEW_SIDES)) }),
  z.strictObject({ kind: z.literal('move'), members: memberIds, sideId: z.nullable(sideId) }),
  z.strictObject({ kind: z.literal('remove'), members: memberIds }),
  z.strictObject({ kind: z.literal('remove-side'), sideId }),
  z.strictObject({ kind: z.literal('rename-side'), sideId, name }),
  z.strictObject({ kind: z.literal('reference'), sideId }),
  z.strictObject({ kind: z.literal('label'), memberId: id, label }),
  z.strictObject({ kind: z.literal('choice'), choice }),
  z.strictObject({ kind: z.literal('retry') }),
])
const question = { comparisonId: id, a: sideId, b: sideId, label: z.nullable(label), commonOnly: z.boolean(), seed: z.int().check(z.minimum(0), z.maximum(0xffffffff)) }
const moment = z.strictObject({ memberId: id, event: eventOrNull })
const pair = { comparisonId: id, a: moment, b: moment }
const selection = z.strictObject({ minBytes: z.optional(bytes), maxBytes: z.optional(bytes), site: z.optional(z.string().check(z.maxLength(4096))), heap: z.optional(z.int().check(z.minimum(0), z.maximum(255))) })
const page = { offset: z.int().check(z.minimum(0)), count: z.int().check(z.minimum(0), z.maximum(MOST_ROWS)) }

const pick = { comparisonId: id, sides: z.array(sideId).check(z.maxLength(MOST_NEW_SIDES)), label: z.nullable(label) }
const laneRanges = z
  .array(z.strictObject({ lane: z.int().check(z.minimum(0), z.maximum(1_000_000)), offset: bytes, cells: z.int().check(z.minimum(1), z.maximum(MOST_CELLS)) }))
  .check(
    z.maxLength(MOST_ROWS),
    z.refine((list) => list.reduce((sum, range) => sum + range.cells, 0) <= MOST_CELLS, `at most ${MOST_CELLS} cells`),
  )

export const comparisonChecks = {
  comparisonNew: z.strictObject({}),
  comparisonEdit: z.strictObject({ comparisonId: id, edit }),
  comparisonMeasure: z.strictObject({ comparisonId: id }),
  comparisonResult: z.strictObject(question),
  comparisonAlign: z.strictObject({ comparisonId: id, a: id, b: id, mode: z.enum(['operations', 'progress', 'time', 'anchors']) }),
  comparisonChange: z.strictObject(pair),
  comparisonCosts: z.strictObject({ ...pair, ...page, grouping: z.enum(['size-class', 'site', 'age']), selection, order: z.enum(['change', 'key', 'blocks', 'live', 'overhead', 'pinned']), descending: z.boolean() }),
  comparisonMatch: z.strictObject({ ...pair, ...page, key: z.nullable(z.enum(['address', 'allocation', 'site-size', 'site-class', 'size', 'class'])), selection }),
  comparisonTimelines: z.strictObject({ ...pick, axis: z.enum(['progress', 'events']), series: z.enum(['live', 'footprint', 'reserved', 'wasted']) }),
  comparisonCurves: z.strictObject({ ...pick, moment: z.enum(['peak', 'end']) }),
  comparisonSurvival: z.strictObject({ ...pick, weight: z.enum(['blocks', 'bytes']), sizeClass: z.nullable(z.int().check(z.minimum(0), z.maximum(7))) }),
  comparisonLanes: z.strictObject(pair),
  comparisonLaneTiles: z.strictObject({ ...pair, ranges: laneRanges, bytesPerCell: z.number().check(z.minimum(1), z.maximum(2 ** 50)) }),
  comparisonMapTile: z.strictObject({ comparisonId: id, at: moment, selection, bytesPerCell: z.number().check(z.minimum(1), z.maximum(2 ** 40)), ranges: mapRanges }),
  comparisonShow: z.strictObject({ comparisonId: id, members: z.array(id).check(z.minLength(1), z.maxLength(MOST_SHOWN)) }),
  comparisonExport: z.strictObject({ ...question, form: z.enum(['html', 'markdown', 'json']), anonymous: z.boolean(), targetId: id }),
  comparisonClose: z.strictObject({ comparisonId: id }),
} satisfies { readonly [M in keyof ComparisonMethods<never>]: unknown }
