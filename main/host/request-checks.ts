import * as z from 'zod/mini'
import { HeapscapeError, toFailure } from '../../shared/base/errors'
import type { HostAnswer, HostApi } from '../../shared/ipc/host-api'
import { CONTRASTS, HOST_METHODS, LONGEST_FILTER, MOST_FILTERS, THEMES } from '../../shared/ipc/host-api'
import { MOST_DROPPED_PATHS } from '../../shared/ipc/host-channels'
import { checkMessageBytes } from '../../shared/ipc/message-size'
import { sessionItemsCheck } from '../recovery/session-record'
import { keyChoicesCheck } from '../settings/key-choices'

const longestLayout = 1 << 20
const longestName = 255
const longestPath = 32_767
const longestTitle = 1024
const mostUnkept = 1000

const nothing = z.undefined()
const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest))

/** What each method accepts; nothing else gets through, extra keys included. */
const requestSchemas = {
  openDialog: nothing,
  openFolderDialog: nothing,
  saveDialog: z.strictObject({ suggestedName: text(longestName) }),
  openDatasetDialog: nothing,
  saveFolderDialog: nothing,
  recentFiles: nothing,
  openRecent: z.strictObject({ recentId: text(64) }),
  clearRecent: nothing,
  settings: nothing,
  changeSettings: z.strictObject({
    theme: z.exactOptional(z.enum(THEMES)),
    contrast: z.exactOptional(z.enum(CONTRASTS)),
    layout: z.exactOptional(z.string().check(z.maxLength(longestLayout))),
    filters: z.exactOptional(z.array(text(LONGEST_FILTER)).check(z.maxLength(MOST_FILTERS))),
    keys: z.exactOptional(keyChoicesCheck),
    tourSeen: z.exactOptional(z.boolean()),
    askBeforeClosing: z.exactOptional(z.boolean()),
  }),
  appFacts: nothing,
  keepSession: z.strictObject({ items: sessionItemsCheck(z.union([z.strictObject({ sourceId: text(64) }), z.strictObject({ targetId: text(64) })])), unkept: z.array(text(longestTitle)).check(z.maxLength(mostUnkept)) }),
  lastSession: nothing,
  restoreSession: nothing,
  windowReady: nothing,
  painted: nothing,
  restartElevated: nothing,
} satisfies Record<keyof HostApi, z.ZodMiniType>

const fileListSchema = z.array(text(longestPath)).check(z.maxLength(MOST_DROPPED_PATHS))

/** Paths told by preload or by a second start; null when they are anything else. */
export function checkFileList(value: unknown): readonly string[] | null {
  const checked = fileListSchema.safeParse(value)
  return checked.success ? checked.data : null
}

const dropTargetSchema = z.string().check(z.regex(/^[\w:-]{0,100}$/))

/** The place files were dropped on, as the page names it; '' for none and for anything else. */
export function checkDropTarget(value: unknown): string {
  const checked = dropTargetSchema.safeParse(value)
  return checked.success ? checked.data : ''
}

/** Carries out one call of a page. Never throws: whatever goes wrong is part of the answer. */
export async function answerCall(api: HostApi, method: unknown, request: unknown): Promise<HostAnswer> {
  try {
    if (!isHostMethod(method)) throw new HeapscapeError('message-invalid', { detail: `unknown method ${printable(method)}` })
    checkMessageBytes(`The call ${method}`, request)
    const checked = requestSchemas[method].safeParse(request)
    if (!checked.success) throw new HeapscapeError('message-invalid', { detail: `${method}: ${describeIssues(checked.error)}` })
    // The schema of the method has just established the type of its request.
    const call = api[method].bind(api) as (request: unknown) => Promise<unknown>
    const value = await call(checked.data)
    checkMessageBytes(`The answer to ${method}`, value)
    return { ok: true, value }
  } catch (error) {
    return { ok: false, error: toFailure(error) }
  }
}

export function refusal(detail: string): HostAnswer {
  return { ok: false, error: new HeapscapeError('message-invalid', { detail }).toFailure() }
}

function isHostMethod(method: unknown): method is keyof HostApi {
  return (HOST_METHODS as readonly unknown[]).includes(method)
}

function printable(method: unknown): string {
  return typeof method === 'string' ? JSON.stringify(method.slice(0, 40)) : `of type ${typeof method}`
}

function describeIssues(error: z.core.$ZodError): string {
  return error.issues.map((issue) => `${issue.path.map(String).join('.') || 'request'}: ${issue.code}`).join('; ')
}
