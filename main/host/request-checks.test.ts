import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import type { HostApi } from '../../shared/ipc/host-api'
import { MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { HOST_METHODS } from '../../shared/ipc/host-api'
import { answerCall, checkFileList } from './request-checks'

/** Answers each call with its own name and request, and keeps a list of what got through. */
function recordingApi() {
  const calls: unknown[] = []
  const methods = HOST_METHODS.map((method) => [method, (request: unknown) => Promise.resolve(calls.push([method, request]))] as const)
  return { calls, api: Object.fromEntries(methods) as unknown as HostApi }
}

const validRequests: readonly (readonly [string, unknown])[] = [
  ['openDialog', undefined],
  ['openFolderDialog', undefined],
  ['saveDialog', { suggestedName: 'run.heapscape' }],
  ['openDatasetDialog', undefined],
  ['saveFolderDialog', undefined],
  ['recentFiles', undefined],
  ['openRecent', { recentId: 'abc' }],
  ['clearRecent', undefined],
  ['settings', undefined],
  ['changeSettings', { theme: 'dark' }],
  ['changeSettings', { layout: '' }],
  ['changeSettings', { filters: ['size > 4k'] }],
  ['changeSettings', { contrast: 'more', tourSeen: true, keys: { 'file.open': ['$mod+Shift+KeyO'], 'view.start': [] } }],
  ['changeSettings', {}],
  ['appFacts', undefined],
  ['keepSession', { items: [{ kind: 'source', source: { sourceId: 'abc' } }, { kind: 'simulation', input: { item: 0 }, heap: 'tlsf', overrides: {} }], unkept: ['capture'] }],
  ['lastSession', undefined],
  ['restoreSession', undefined],
  ['windowReady', undefined],
  ['painted', undefined],
  ['restartElevated', undefined],
]

test('the list of valid requests covers every method', () => {
  expect(new Set(validRequests.map(([method]) => method))).toEqual(new Set(HOST_METHODS))
})

test.each(validRequests)('%s takes %j', async (method, request) => {
  const { api, calls } = recordingApi()
  expect(await answerCall(api, method, request)).toEqual({ ok: true, value: 1 })
  expect(calls).toEqual([[method, request]])
})

describe('refused with message-invalid, before the method runs', () => {
  test.each([
    ['an unknown method', 'shellExecute', undefined],
    ['a method of every object', 'toString', undefined],
    ['the prototype', '__proto__', undefined],
    ['no name at all', 7, undefined],
    ['a request where none belongs', 'openDialog', {}],
    ['null where none belongs', 'painted', null],
    ['a missing request', 'saveDialog', undefined],
    ['an extra key', 'saveDialog', { suggestedName: 'a', folder: '/' }],
    ['another type', 'openRecent', { recentId: 3 }],
    ['an empty name', 'saveDialog', { suggestedName: '' }],
    ['an empty filter', 'changeSettings', { filters: [''] }],
    ['an unknown theme', 'changeSettings', { theme: 'sepia' }],
    ['an unknown contrast', 'changeSettings', { contrast: 'less' }],
    ['keys of no command', 'changeSettings', { keys: { open: ['F2'] } }],
    ['keys that are no binding', 'changeSettings', { keys: { 'file.open': ['Ctrl O'] } }],
    ['too many keys of a command', 'changeSettings', { keys: { 'file.open': ['F2', 'F3', 'F4', 'F5', 'F6'] } }],
    ['undefined for a value', 'changeSettings', { theme: undefined }],
    ['a layout without bounds', 'changeSettings', { layout: 'x'.repeat((1 << 20) + 1) }],
  ])('%s', async (_name, method, request) => {
    const { api, calls } = recordingApi()
    expect(await answerCall(api, method, request)).toMatchObject({ ok: false, error: { code: 'message-invalid' } })
    expect(calls).toEqual([])
  })

  test('whatever a page may send, the answer is data and never a throw', async () => {
    const anything = fc.anything({ withBigInt: true, withMap: true, withTypedArray: true, withNullPrototype: true })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...HOST_METHODS), anything), anything, async (method, request) => {
        fc.pre(request !== undefined)
        const answer = await answerCall(recordingApi().api, method, request)
        // Requests that happen to be right are records: nothing else passes any schema.
        return answer.ok ? typeof request === 'object' && !Array.isArray(request) : answer.error.code === 'message-invalid'
      }),
      { numRuns: 2000 },
    )
  })
})

test('a failure of the method keeps its code, any other throw becomes internal', async () => {
  const failing = { ...recordingApi().api, painted: () => Promise.reject(new HeapscapeError('file-unreadable', { detail: 'gone' })), appFacts: () => Promise.reject(new Error('oops')) }
  expect(await answerCall(failing, 'painted', undefined)).toMatchObject({ ok: false, error: { code: 'file-unreadable', facts: { detail: 'gone' } } })
  expect(await answerCall(failing, 'appFacts', undefined)).toMatchObject({ ok: false, error: { code: 'internal' } })
})

test('a call or an answer larger than a message may be is refused', async () => {
  const { api, calls } = recordingApi()
  const text = 'x'.repeat(MOST_MESSAGE_BYTES / 2)
  expect(await answerCall(api, 'changeSettings', { layout: text })).toMatchObject({ ok: false, error: { code: 'message-too-large' } })
  expect(calls).toEqual([])
  const large = { ...api, windowReady: () => Promise.resolve([{ sourceId: 's1', name: text }]) }
  expect(await answerCall(large, 'windowReady', undefined)).toMatchObject({ ok: false, error: { code: 'message-too-large' } })
})

test('a list of files is a bounded list of texts', () => {
  expect(checkFileList(['/a', 'b'])).toEqual(['/a', 'b'])
  for (const wrong of [undefined, 'a', [''], [1], { 0: '/a' }, Array.from({ length: 1001 }, () => 'a')]) expect(checkFileList(wrong)).toBeNull()
})
