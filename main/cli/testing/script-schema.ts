import * as z from 'zod/mini'

/* Exactly the keys of `script --json` (docs/cli.md). */
const count = z.int().check(z.minimum(0))
const lastError = z.nullable(z.strictObject({ code: count, name: z.string() }))

export const callSchema = z.strictObject({
  line: count,
  call: z.string(),
  arguments: z.array(z.union([z.number(), z.string()])),
  argumentTexts: z.array(z.string()),
  result: z.number(),
  resultKind: z.string(),
  resultText: z.string(),
  lastError,
  exception: z.nullable(z.strictObject({ code: count, name: z.string(), address: count })),
  output: z.nullable(z.string()),
  name: z.nullable(z.string()),
})

export const checkSchema = z.strictObject({ line: count, text: z.string(), expected: z.string(), got: z.string(), ok: z.boolean() })

export const stepSchema = z.strictObject({
  line: count,
  text: z.string(),
  calls: z.array(callSchema),
  callCount: count,
  failedCalls: count,
  asserts: z.array(checkSchema),
  note: z.nullable(z.string()),
  answers: z.array(z.strictObject({ line: count, question: z.string(), text: z.string() })),
  error: z.nullable(
    z.strictObject({
      code: z.enum(['syntax', 'unknown-call', 'unknown-name', 'unknown-measure', 'unknown-version', 'wrong-count', 'wrong-type', 'wrong-flag', 'too-many-calls']),
      line: count,
      column: count,
      text: z.string(),
      lastError,
    }),
  ),
})

export const heapSchema = z.strictObject({
  handle: count,
  name: z.string(),
  isDefault: z.boolean(),
  flags: count,
  maximumBytes: count,
  segments: z.array(z.strictObject({ base: count, reservedBytes: count, committedBytes: count })),
  busyBlocks: count,
  freeBlocks: count,
  requestedBytes: count,
  consumedBytes: count,
  freeBytes: count,
  largestFreeBytes: count,
  committedBytes: count,
  reservedBytes: count,
  examinedBlocks: z.nullable(count),
  flavour: z.enum(['kath-nt31', 'nt-heap', 'segment-heap']),
  frontEnd: z.enum({ none: 0, lookaside: 1, lfh: 2 }),
})

export const regionSchema = z.strictObject({
  address: count,
  bytes: count,
  state: z.enum(['free', 'reserved', 'committed']),
  protect: z.nullable(z.string()),
  owner: z.nullable(z.string()),
})

export const handleTableSchema = z.strictObject({
  base: count,
  entryBytes: count,
  reservedBytes: count,
  committedPages: count,
  initialisations: count,
  liveHandles: count,
  freeHead: count,
})

export const countersSchema = z.strictObject({
  calls: count,
  failedCalls: count,
  reservations: count,
  commits: count,
  decommits: count,
  releases: count,
  reservedBytes: count,
  committedBytes: count,
  commitChargeBytes: count,
  commitLimitBytes: count,
  softFaults: count,
  hardFaults: count,
  demandZeroFaults: count,
  copyOnWriteFaults: count,
  guardFaults: count,
  residentPages: count,
  lockedPages: count,
})

export const scriptSchema = z.strictObject({
  windows: z.string(),
  file: z.string(),
  lines: count,
  calls: count,
  failedCalls: count,
  checks: count,
  failedChecks: count,
  mistakes: count,
  steps: z.array(stepSchema),
  variables: z.array(z.strictObject({ name: z.string(), kind: z.string(), value: z.union([z.number(), z.string()]), text: z.string() })),
  heaps: z.array(heapSchema),
  handleTable: handleTableSchema,
  regions: z.array(regionSchema),
  counters: countersSchema,
  metrics: z.record(z.string().check(z.regex(/^(M\d+_\w+|reasons)$/)), z.union([z.nullable(z.number()), z.string(), z.record(z.string(), z.union([z.number(), z.string()]))])),
})
