import { expect, test } from 'vitest'
import type { FromEngine } from '../../shared/ipc/envelope'
import { MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import type { EngineHandlers } from './handlers'
import { serveWindow, type WindowPort } from './window-connection'

type Answer = Extract<FromEngine, { type: 'answer' }>

/** Serves a made-up port and gives what asks it one question. */
function served(handlers: Partial<EngineHandlers>): (method: string, params: unknown) => Promise<Answer> {
  let hear: (event: { readonly data: unknown }) => void = () => undefined
  const waiting = new Map<number, (answer: Answer) => void>()
  const port = {
    on: (name: string, listener: typeof hear) => {
      if (name === 'message') hear = listener
    },
    start: () => undefined,
    postMessage: (message: FromEngine) => {
      if (message.type === 'answer') waiting.get(message.id)?.(message)
    },
  } as unknown as WindowPort
  serveWindow(port, handlers as EngineHandlers)
  let lastId = 0
  return (method, params) => new Promise((resolve) => {
    const id = ++lastId
    waiting.set(id, resolve)
    hear({ data: { type: 'request', id, method, params } })
  })
}

test('an answer larger than a message may be is refused with its size, and the next one comes', async () => {
  let bytes = MOST_MESSAGE_BYTES + 1
  const ask = served({ consoleScript: () => ({ text: 'x'.repeat(bytes / 2) }) })
  const of = { workspaceId: 'main', id: 'c1' }
  expect(await ask('consoleScript', of)).toMatchObject({ ok: false, error: { code: 'message-too-large', text: expect.stringMatching(/^The answer to consoleScript does not fit .* at most 4194304, got 41943\d\d bytes/) as string } })
  bytes = 1000
  expect(await ask('consoleScript', of)).toMatchObject({ ok: true })
})

test('a view is counted with the whole buffer behind it', async () => {
  const ask = served({ failures: () => ({ events: new Float64Array(2 ** 20).subarray(0, 4), total: 4 }) })
  expect(await ask('failures', { documentId: 'd1', fromEvent: 0, toEvent: 4, points: 4 })).toMatchObject({ ok: false, error: { code: 'message-too-large' } })
})

test('a question larger than a message may be is refused before it is looked at', async () => {
  const ask = served({ consoleCheck: () => ({ errors: [] }) })
  expect(await ask('consoleCheck', { text: 'x'.repeat(3_000_000) })).toMatchObject({ ok: false, error: { code: 'message-too-large', facts: { what: 'The question consoleCheck' } } })
  expect(await ask('consoleCheck', { text: 'x' })).toMatchObject({ ok: true })
})
