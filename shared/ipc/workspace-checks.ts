import * as z from 'zod/mini'
import { MOST_SCRIPT_PART, type WorkspaceMethods } from './workspace-api'

/** Parameters of the workspace methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const title = z.string().check(z.minLength(1), z.maxLength(256))
const address = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const bytes = z.int().check(z.minimum(0), z.maximum(2 ** 47))
const count = (most: number) => z.int().check(z.minimum(0), z.maximum(most))

const MAX_ROWS = 1000
const MAX_BYTES = 65536
const MAX_PATTERN_BYTES = 4096

const inWorkspace = { workspaceId: id }
const inConsole = { workspaceId: id, id }
const inViewer = { workspaceId: id, viewerId: id }
const rowChoice = { expanded: z.array(address).check(z.maxLength(1000)), onlyChanged: z.boolean() }
const script = z.string().check(z.maxLength(MOST_SCRIPT_PART))

const options = z.strictObject({
  shape: z.optional(z.strictObject({ headerBytes: z.optional(count(64)), granuleBytes: z.optional(count(64)), tailBytes: z.optional(count(64)) })),
  linkerText: z.optional(z.string().check(z.maxLength(256))),
  betaLinker: z.optional(z.boolean()),
  lockMaximum: z.optional(z.int().check(z.minimum(1), z.maximum(256))),
  strictLocks: z.optional(z.boolean()),
  handleLimit: z.optional(z.int().check(z.minimum(1), z.maximum(65536))),
  compaction: z.optional(z.enum(['none', 'moveable'])),
  fillLetters: z.optional(z.boolean()),
})

export const workspaceChecks = {
  workspaceState: z.strictObject(inWorkspace),
  workspaceRestart: z.strictObject({ ...inWorkspace, options }),
  workspaceVersion: z.strictObject({ ...inWorkspace, version: id }),
  workspaceEnd: z.strictObject(inWorkspace),
  heapDocumentOpen: z.strictObject({ ...inWorkspace, kind: z.enum(['console', 'simulate']), title, initialBytes: bytes, maximumBytes: bytes }),
  heapDocumentClose: z.strictObject(inConsole),
  heapDocumentReplay: z.strictObject({ ...inConsole, traceId: id }),
  consoleApi: z.strictObject({}),
  consoleState: z.strictObject({ ...inConsole, fromLine: count(1e7), count: count(MAX_ROWS) }),
  consoleEnter: z.strictObject({ ...inConsole, text: script, run: z.boolean(), after: z.optional(z.boolean()) }),
  consoleGoTo: z.strictObject({ ...inConsole, position: count(1e7) }),
  consoleScript: z.strictObject(inConsole),
  consoleReadFile: z.strictObject({ sourceId: id }),
  consoleSave: z.strictObject({ ...inConsole, targetId: id }),
  consoleCheck: z.strictObject({ text: script }),
  consoleComplete: z.strictObject({ ...inConsole, text: z.string().check(z.maxLength(10_000)), column: count(10_000) }),
  consoleTrace: z.strictObject({ ...inConsole, heap: z.nullable(address) }),
  walkOpen: z.strictObject(inWorkspace),
  walkClose: z.strictObject(inViewer),
  walkRefresh: z.strictObject(inViewer),
  walkKeep: z.strictObject(inViewer),
  walkForget: z.strictObject({ ...inViewer, momentId: id }),
  walkCompare: z.strictObject({ ...inViewer, shown: z.nullable(id), against: z.nullable(id) }),
  walkRows: z.strictObject({ ...inViewer, ...rowChoice, offset: count(1e9), count: count(MAX_ROWS) }),
  walkRowAt: z.strictObject({ ...inViewer, ...rowChoice, address }),
  walkBytes: z.strictObject({ ...inViewer, address, length: count(MAX_BYTES) }),
  walkChangedLines: z.strictObject({ ...inViewer, from: address, to: address, count: count(10_000) }),
  walkNextChange: z.strictObject({ ...inViewer, from: address, backwards: z.boolean() }),
  walkSearch: z.strictObject({
    ...inViewer,
    pattern: z.instanceof(Uint8Array).check(z.refine((pattern) => pattern.length > 0 && pattern.length <= MAX_PATTERN_BYTES, `1 to ${MAX_PATTERN_BYTES} bytes`)),
    from: address,
  }),
  walkFollow: z.strictObject({ ...inViewer, address }),
  lessonList: z.strictObject({}),
  lessonRun: z.strictObject({ lesson: id }),
  lessonOpen: z.strictObject({ lesson: id, part: count(16) }),
} satisfies { readonly [M in keyof WorkspaceMethods<unknown, unknown>]: unknown }
