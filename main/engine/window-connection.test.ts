import { expect, test, vi } from 'vitest'
import type { Failure } from '../../shared/base/errors'
import { JoinedAnswer } from '../../shared/ipc/answer-parts'
import type { FromEngine } from '../../shared/ipc/envelope'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import type { EngineHandlers } from './handlers'
import { serveWindow, type WindowPort } from './window-connection'

/** Serves a made-up port and gives what asks it a question, and every message that was sent. */
function served(handlers: Partial<EngineHandlers>, left?: () => void): { ask: (method: string, params: unknown) => Promise<unknown>; cancel: () => void; close: () => void; sent: FromEngine[] } {
  let hear: (event: { readonly data: unknown }) => void = () => undefined
  let close = (): void => undefined
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Failure) => void; readonly joined: JoinedAnswer }>()
  const sent: FromEngine[] = []
  const port = {
    on: (name: string, listener: typeof hear) => {
      if (name === 'message') hear = listener
      else close = listener as () => void
    },
    start: () => undefined,
    postMessage: (message: FromEngine) => {
      sent.push(message)
      const { resolve, reject, joined } = waiting.get(message.id)!
      if (message.type === 'part') joined.take(structuredClone(message.part))
      if (message.type !== 'answer') return
      if (!message.ok) reject(message.error)
      else resolve(message.inParts === true ? joined.value : message.value)
    },
  } as unknown as WindowPort
  serveWindow(port, handlers as EngineHandlers, left)
  let lastId = 0
  const ask = (method: string, params: unknown): Promise<unknown> => new Promise((resolve, reject) => {
    const id = ++lastId
    waiting.set(id, { resolve, reject, joined: new JoinedAnswer() })
    hear({ data: { type: 'request', id, method, params } })
  })
  return { ask, cancel: () => hear({ data: { type: 'cancel', id: lastId } }), close: () => close(), sent }
}

test('an answer larger than a message may be comes in parts that fit, while other questions are answered', async () => {
  const text = 'x'.repeat(MOST_MESSAGE_BYTES)
  const { ask, sent } = served({ consoleScript: () => ({ text }), use: () => ({ memoryBytes: 1, documents: 0, largestMessage: null }) })
  const [script, use] = await Promise.all([ask('consoleScript', { workspaceId: 'main', id: 'c1' }), ask('use', {})])
  expect(script).toEqual({ text })
  expect(use).toMatchObject({ memoryBytes: 1 })
  expect(sent.length).toBeGreaterThan(9)
  expect(Math.max(...sent.map(messageBytes))).toBeLessThanOrEqual(MOST_MESSAGE_BYTES)
})

test('of a view its own numbers are sent, not the whole buffer behind it', async () => {
  const { ask, sent } = served({ failures: () => ({ events: new Float64Array(2 ** 20).fill(7).subarray(0, 4), total: 4 }) })
  expect(await ask('failures', { documentId: 'd1', fromEvent: 0, toEvent: 4, points: 4 })).toEqual({ events: Float64Array.from([7, 7, 7, 7]), total: 4 })
  expect(sent.reduce<number>((sum, message) => sum + messageBytes(message), 0)).toBeLessThan(2000)
})

test('an answer in parts can be cancelled', async () => {
  const text = 'x'.repeat(10 * MOST_MESSAGE_BYTES)
  const { ask, cancel, sent } = served({ consoleScript: () => ({ text }) })
  const answer = ask('consoleScript', { workspaceId: 'main', id: 'c1' })
  cancel()
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
  expect(sent.length).toBeLessThan(20)
})

test('a page that is gone cancels its work, and is told of once', async () => {
  const left = vi.fn()
  const text = 'x'.repeat(10 * MOST_MESSAGE_BYTES)
  const { ask, close } = served({ consoleScript: () => ({ text }) }, left)
  const answer = ask('consoleScript', { workspaceId: 'main', id: 'c1' })
  close()
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
  expect(left).toHaveBeenCalledOnce()
})

test('a question larger than a message may be is refused before it is looked at', async () => {
  const { ask } = served({ consoleCheck: () => ({ errors: [] }) })
  await expect(ask('consoleCheck', { text: 'x'.repeat(3_000_000) })).rejects.toMatchObject({ code: 'message-too-large', facts: { what: 'The question consoleCheck' } })
  expect(await ask('consoleCheck', { text: 'x' })).toEqual({ errors: [] })
})
