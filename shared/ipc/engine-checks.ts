import * as z from 'zod/mini'
import { addressTimeChecks } from './address-time-checks'
import { blockChecks, blockFilter } from './blocks-checks'
import { chartChecks } from './charts-checks'
import { MOST_REGION_ROWS, MOST_SEGMENTS_TOLD, type EngineMethod, type EngineParams } from './engine-api'
import { comparisonChecks } from './comparison-checks'
import { dumpChecks } from './dump-checks'
import { liveChecks } from './live-checks'
import { profileChecks } from './profile-checks'
import { explainChecks } from './explain-checks'
import { exportChecks } from './export-checks'
import { queryChecks } from './query-checks'
import { siteChecks } from './sites-checks'
import { sweepChecks } from './sweep-checks'
import { timelineChecks } from './timeline-checks'
import { viewStateCheck } from './view-checks'
import { workspaceChecks } from './workspace-checks'

/** Parameters as they may arrive from a window; extra keys, wrong types and absurd sizes are refused. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const event = z.int().check(z.minimum(0), z.maximum(0xfffffffe))
const eventOrNull = z.nullable(event)
const address = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const name = z.string().check(z.minLength(1), z.maxLength(256))

const MAX_POINTS = 20_000

/** Text of a site filter (analysis/sites/site-filter.ts). */
const siteFilter = z.string().check(z.maxLength(400))

const moment = { documentId: id, event: eventOrNull, heap: z.optional(z.int().check(z.minimum(0), z.maximum(255))) }

const rangeEnd = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const range = z.strictObject({ by: z.enum(['events', 'time']), from: rangeEnd, to: rangeEnd })

type Checks = { readonly [M in EngineMethod]: z.ZodMiniType<EngineParams<M>> }

export const engineChecks = {
  open: z.strictObject({ sourceId: id, range: z.optional(range), member: z.optional(z.string().check(z.minLength(1), z.maxLength(4096))) }),
  archiveFiles: z.strictObject({ sourceId: id }),
  openWorkload: z.strictObject({ workload: name }),
  close: z.strictObject({ documentId: id }),
  simulate: z.strictObject({
    input: z.union([z.strictObject({ documentId: id }), z.strictObject({ workload: name })]),
    heap: name,
    profile: z.optional(name),
    overrides: z.record(name, z.union([z.number(), z.boolean(), z.string().check(z.maxLength(256))])),
  }),
  series: z.strictObject({ documentId: id, fromEvent: event, toEvent: event, points: z.int().check(z.minimum(1), z.maximum(MAX_POINTS)), sites: z.optional(siteFilter), filter: z.optional(blockFilter) }),
  moment: z.strictObject(moment),
  momentMeasures: z.strictObject(moment),
  runFigures: z.strictObject({ documentId: id }),
  segmentPage: z.strictObject({ ...moment, offset: z.int().check(z.minimum(0)), count: z.int().check(z.minimum(0), z.maximum(MOST_SEGMENTS_TOLD)) }),
  regionPage: z.strictObject({ documentId: id, offset: z.int().check(z.minimum(0)), count: z.int().check(z.minimum(0), z.maximum(MOST_REGION_ROWS)) }),
  blockAt: z.strictObject({ ...moment, address }),
  compare: z.strictObject({ a: id, b: id }),
  save: z.strictObject({ documentId: id, targetId: id, view: viewStateCheck }),
  use: z.strictObject({}),
  ...blockChecks,
  ...chartChecks,
  ...addressTimeChecks,
  ...siteChecks,
  ...profileChecks,
  ...workspaceChecks,
  ...dumpChecks,
  ...liveChecks,
  ...explainChecks,
  ...exportChecks,
  ...comparisonChecks,
  ...sweepChecks,
  ...queryChecks,
  ...timelineChecks,
} satisfies { readonly [M in EngineMethod]: unknown } as unknown as Checks
