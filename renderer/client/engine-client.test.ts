import { describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import { partsOf } from '../../shared/ipc/answer-parts'
import type { FromEngine, ToEngine } from '../../shared/ipc/envelope'
import { PortEngine, type EnginePort } from './engine-client'
import { failureOf } from './failure'

/** A port that keeps what is sent and lets the test answer. */
class FakePort implements EnginePort {
  onmessage: ((event: MessageEvent<FromEngine>) => void) | null = null
  readonly sent: ToEngine[] = []
  isClosed = false

  postMessage(message: ToEngine): void {
    // What a real port would refuse (proxies, functions) is refused here too.
    this.sent.push(structuredClone(message))
  }

  close(): void {
    this.isClosed = true
  }

  say(message: FromEngine): void {
    this.onmessage?.(new MessageEvent('message', { data: message }))
  }
}

const use = { memoryBytes: 5, documents: 1 }

function connected(): { engine: PortEngine; port: FakePort } {
  const engine = new PortEngine()
  const port = new FakePort()
  engine.connect(port)
  return { engine, port }
}

describe('PortEngine', () => {
  it('keeps requests until the port is there, then sends them in order', async () => {
    const engine = new PortEngine()
    const first = engine.request('use', {})
    const second = engine.request('close', { documentId: 'd1' })
    const port = new FakePort()
    engine.connect(port)
    expect(port.sent).toEqual([
      { type: 'request', id: 1, method: 'use', params: {} },
      { type: 'request', id: 2, method: 'close', params: { documentId: 'd1' } },
    ])
    port.say({ type: 'answer', id: 2, ok: true, value: null })
    port.say({ type: 'answer', id: 1, ok: true, value: use })
    expect(await Promise.all([first, second])).toEqual([use, null])
  })

  it('puts an answer in parts together, also when another comes between', async () => {
    const { engine, port } = connected()
    const script = engine.request('consoleScript', { workspaceId: 'main', id: 'c1' })
    const other = engine.request('use', {})
    const value = { text: 'x'.repeat(3_000_000) }
    for (const part of partsOf(value)) {
      port.say({ type: 'part', id: 1, part })
      port.say({ type: 'answer', id: 2, ok: true, value: use })
    }
    port.say({ type: 'answer', id: 1, ok: true, inParts: true })
    expect(await Promise.all([script, other])).toEqual([value, use])
  })

  it('sends reactive parameters as plain ones', () => {
    const { engine, port } = connected()
    void engine.request('blockPage', reactive({ documentId: 'd1', event: 3, query: { sort: 'size' as const, descending: true, filter: { states: [1, 2] } }, offset: 0, count: 50 }))
    expect(port.sent[0]).toMatchObject({ params: { query: { filter: { states: [1, 2] } } } })
  })

  it('passes progress on and rejects with the failure that was sent', async () => {
    const { engine, port } = connected()
    const onProgress = vi.fn()
    const answer = engine.request('open', { sourceId: 's1' }, { onProgress })
    port.say({ type: 'progress', id: 1, progress: { done: 1, total: 4, unit: 'bytes' } })
    const error = { code: 'format-unknown', text: 'The content is of no known format (first bytes: 00).', facts: { head: '00' } } as const
    port.say({ type: 'answer', id: 1, ok: false, error })
    expect(await answer.catch(failureOf)).toEqual(error)
    expect(onProgress).toHaveBeenCalledExactlyOnceWith({ done: 1, total: 4, unit: 'bytes' })
  })

  it('asks the engine to cancel and waits for its word', async () => {
    const { engine, port } = connected()
    const controller = new AbortController()
    const answer = engine.request('use', {}, { signal: controller.signal })
    controller.abort()
    expect(port.sent[1]).toEqual({ type: 'cancel', id: 1 })
    port.say({ type: 'answer', id: 1, ok: false, error: { code: 'cancelled', text: 'The work was cancelled.', facts: {} } })
    expect(await answer.catch(failureOf)).toMatchObject({ code: 'cancelled' })
  })

  it('cancels what was never sent, at once', async () => {
    const engine = new PortEngine()
    const controller = new AbortController()
    const answer = engine.request('use', {}, { signal: controller.signal })
    controller.abort()
    expect(await answer.catch(failureOf)).toMatchObject({ code: 'cancelled' })
    const port = new FakePort()
    engine.connect(port)
    expect(port.sent).toEqual([])
  })

  it('does not send a request that is cancelled before it is made', async () => {
    const { engine, port } = connected()
    expect(await engine.request('use', {}, { signal: AbortSignal.abort() }).catch(failureOf)).toMatchObject({ code: 'cancelled' })
    expect(port.sent).toEqual([])
  })

  it('fails what was pending when another engine takes over, and tells it', async () => {
    const { engine, port } = connected()
    const restarted = vi.fn()
    engine.onRestart(restarted)
    const answer = engine.request('use', {})
    const next = new FakePort()
    engine.connect(next)
    expect(await answer.catch(failureOf)).toMatchObject({ code: 'engine-stopped' })
    expect([port.isClosed, restarted.mock.calls.length, next.sent]).toEqual([true, 1, []])
  })

  it('does not send a question larger than a message may be', async () => {
    const { engine, port } = connected()
    const answer = engine.request('consoleCheck', { text: 'x'.repeat(3_000_000) })
    expect(await answer.catch(failureOf)).toMatchObject({ code: 'message-too-large', facts: { what: 'The question consoleCheck' } })
    expect(port.sent).toEqual([])
  })

  it('ignores an answer to nothing', () => {
    const { port } = connected()
    expect(() => port.say({ type: 'answer', id: 99, ok: true, value: null })).not.toThrow()
  })
})
