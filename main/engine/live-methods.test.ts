import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { quietJob, type JobContext } from '../../shared/base/job-context'
import type { LiveCaptureRequest } from '../../shared/ipc/live-api'
import { engineChecks } from '../../shared/ipc/engine-checks'
import { demoProcesses } from '../live/fake/demo-processes'
import { FakeSystem } from '../live/fake/fake-system'
import { serveLive } from '../live/serve-live'
import type { FromLiveProcess, HeldTarget, ToLiveProcess } from '../live/transfer/live-messages'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { LiveClient, type LiveChannel } from './live-client'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

type Listener<T> = (event: { data: T }) => void

/** Two ends of a channel in one process; messages are copied, as between processes, and closing is heard at the other end. */
class Pipe {
  readonly #engine: Listener<unknown>[] = []
  readonly #live: Listener<unknown>[] = []
  readonly #closed: (() => void)[] = []
  #isOpen = true

  readonly engineEnd: LiveChannel = {
    postMessage: (message) => this.#send(this.#live, message),
    on: (event: 'message' | 'close', listener: Listener<unknown> | (() => void)) => void (event === 'close' ? this.#closed.push(listener as () => void) : this.#engine.push(listener)),
    start: () => undefined,
  }
  readonly liveEnd = {
    postMessage: (message: FromLiveProcess) => this.#send(this.#engine, message),
    on: (_event: 'message', listener: Listener<unknown>) => void this.#live.push(listener),
    start: () => undefined,
  }

  crash(): void {
    this.#isOpen = false
    this.#closed.forEach((listener) => listener())
  }

  #send(to: readonly Listener<unknown>[], message: FromLiveProcess | ToLiveProcess): void {
    const data = structuredClone(message)
    setImmediate(() => {
      if (this.#isOpen) to.forEach((listener) => listener({ data }))
    })
  }
}

interface World {
  readonly handlers: EngineHandlers
  readonly system: FakeSystem
  readonly pipes: Pipe[]
  readonly documents: Documents
}

const PID = 4120
const REQUEST: LiveCaptureRequest = { pid: PID, startedAt: '133000000000000000', way: 'auto', keepBytes: false, budgetBytes: 1 << 28, series: null }

function world(system = new FakeSystem(demoProcesses()), serve: (pipe: Pipe) => void = (pipe) => serveLive(pipe.liveEnd, () => Promise.resolve(system))): World {
  const pipes: Pipe[] = []
  const live = new LiveClient(() => {
    const pipe = new Pipe()
    pipes.push(pipe)
    serve(pipe)
    live.connect(pipe.engineEnd)
  })
  const documents = new Documents()
  const handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), live, tell: () => undefined })
  return { handlers, system, pipes, documents }
}

let opened: World[] = []
const started = (...args: Parameters<typeof world>): World => {
  const made = world(...args)
  opened.push(made)
  return made
}
afterEach(async () => {
  // What lets a program go may still be under way when the answer is there.
  for (const { system } of opened) await expect.poll(() => system.openHandles).toBe(0)
  opened = []
})

test('starts nothing until running processes are asked for, and one process for all questions', async () => {
  const { handlers, pipes } = started()
  expect(pipes).toHaveLength(0)
  const { processes, canClone } = await handlers.liveList({}, quietJob)
  await handlers.liveList({}, quietJob)
  expect(pipes).toHaveLength(1)
  expect(canClone).toBe(true)
  expect(processes.find(({ pid }) => pid === PID)).toMatchObject({ name: 'editor.exe', access: 'open' })
})

test('a capture is a document like a dump, without bytes unless they are kept', async () => {
  const { handlers, documents } = started()
  const bare = await handlers.liveCapture(REQUEST, quietJob)
  expect(bare).toMatchObject({ kind: 'snapshot', format: 'live', hasBytes: false, title: 'editor.exe (4120)', live: { pid: PID, way: 'clone', keptBytes: 0 } })
  const totals = await handlers.dumpHeaps({ documentId: bare.id }, quietJob)
  expect(totals).toHaveLength(3)
  const kept = await handlers.liveCapture({ ...REQUEST, keepBytes: true }, quietJob)
  expect(kept.hasBytes).toBe(true)
  const base = kept.heaps[0]!.base
  const { bytes } = await handlers.dumpBytes({ documentId: kept.id, address: base, length: 64, against: null }, quietJob)
  expect(bytes.length).toBe(64)
  expect((documents.get(kept.id).content as { memory: { read(address: number, length: number): Uint8Array } }).memory.read(base, 64)).toEqual(bytes)
  void handlers.close({ documentId: kept.id }, quietJob)
  void handlers.close({ documentId: bare.id }, quietJob)
})

test('a series tells changed regions and pages, with bytes also changed bytes', async () => {
  const { handlers } = started()
  const request = { ...REQUEST, series: 's1', keepBytes: true }
  const [a, b] = [await handlers.liveCapture(request, quietJob), await handlers.liveCapture(request, quietJob)]
  const { regions, changedPages, comparedPages } = await handlers.liveChanges({ a: a.id, b: b.id }, quietJob)
  expect(changedPages).toBeGreaterThan(0)
  expect(comparedPages).toBeGreaterThan(changedPages!)
  const heap = regions.find(({ address }) => address === b.heaps[0]!.base)!
  expect(heap.owner).toBe(b.heaps[0]!.name)
  expect(heap.changedPages).toBeGreaterThan(0)
  const { changed } = await handlers.dumpBytes({ documentId: b.id, address: heap.firstChange!, length: 4096, against: a.id }, quietJob)
  expect(changed.some((byte) => byte === 1)).toBe(true)
  expect((await handlers.dumpCompare({ a: a.id, b: b.id }, quietJob)).changes.appeared).toBeGreaterThan(0)
  for (const { id } of [a, b]) void handlers.close({ documentId: id }, quietJob)
})

test('without checksums the changes of pages are not available, never 0', async () => {
  const { handlers } = started()
  const [a, b] = [await handlers.liveCapture(REQUEST, quietJob), await handlers.liveCapture(REQUEST, quietJob)]
  expect(await handlers.liveChanges({ a: a.id, b: b.id }, quietJob)).toMatchObject({ comparedPages: null, changedPages: null })
})

test('a cancel reaches the process that captures, and the program goes on', async () => {
  const demo = demoProcesses().map((process) => ({ ...process, noClone: true }))
  const { handlers, system } = started(new FakeSystem(demo.map((process) => (process.pid === PID ? { ...process, stages: [{ ...process.stages[0]!, otherBytes: 200 << 20 }] } : process)), { canClone: false }))
  let isCancelled = false
  const job: JobContext = { progress: () => (isCancelled = true), checkpoint: () => (isCancelled ? Promise.reject(new HeapscapeError('cancelled')) : Promise.resolve()) }
  await expect(handlers.liveCapture({ ...REQUEST, budgetBytes: 2 ** 28 }, job)).rejects.toMatchObject({ code: 'cancelled' })
  expect(system.isSuspended(PID)).toBe(false)
})

describe('a crash of the process that captures', () => {
  test('fails what was asked, and the next question starts another one', async () => {
    const { handlers, pipes } = started()
    const asked = handlers.liveList({}, quietJob)
    pipes[0]!.crash()
    await expect(asked).rejects.toMatchObject({ code: 'live-stopped' })
    expect((await handlers.liveList({}, quietJob)).processes.length).toBeGreaterThan(3)
    expect(pipes).toHaveLength(2)
  })

  test('while it holds a program up has the next one let the program go on', async () => {
    const system = new FakeSystem(demoProcesses(), { canClone: false })
    let crashed = false
    const { handlers, pipes } = started(system, (pipe) => {
      serveLive(pipe.liveEnd, () => Promise.resolve(system))
    })
    const suspend = system.suspend.bind(system)
    system.suspend = (handle) => {
      suspend(handle)
      if (crashed) return
      crashed = true
      pipes[0]!.crash()
    }
    const resumed: HeldTarget[] = []
    const open = system.open.bind(system)
    system.open = (pid, purpose, startedAt) => {
      if (crashed && purpose === 'suspend') resumed.push({ pid, startedAt: startedAt ?? '' })
      return open(pid, purpose, startedAt)
    }
    await expect(handlers.liveCapture(REQUEST, quietJob)).rejects.toMatchObject({ code: 'live-stopped' })
    for (let i = 0; i < 50 && resumed.length === 0; i++) await wait(10)
    expect(resumed).toEqual([{ pid: PID, startedAt: REQUEST.startedAt }])
    await wait(50)
  })
})

test('of a kept capture nothing is left on disk when it is closed or fails', async () => {
  const { handlers, documents } = started()
  const kept = await handlers.liveCapture({ ...REQUEST, keepBytes: true }, quietJob)
  expect(documents.count).toBe(1)
  await expect(handlers.liveCapture({ ...REQUEST, pid: 5300, keepBytes: true }, quietJob)).rejects.toMatchObject({ code: 'live-process-ended' })
  void handlers.close({ documentId: kept.id }, quietJob)
  const { tmpdir } = await import('node:os')
  const { readdirSync } = await import('node:fs')
  const { join } = await import('node:path')
  const own = readdirSync(tmpdir()).filter((name) => name.startsWith(`heapscape-live-${process.pid}-`))
  expect(own.flatMap((name) => readdirSync(join(tmpdir(), name)))).toEqual([])
  expect(own.every((name) => existsSync(join(tmpdir(), name)))).toBe(true)
})

test('what a window sends is checked', () => {
  expect(engineChecks.liveCapture.safeParse(REQUEST).success).toBe(true)
  for (const wrong of [{ pid: 0 }, { pid: 1.5 }, { startedAt: 'now' }, { way: 'fast' }, { budgetBytes: 1 }, { bytesPath: '/etc/passwd' }]) expect(engineChecks.liveCapture.safeParse({ ...REQUEST, ...wrong }).success).toBe(false)
})
