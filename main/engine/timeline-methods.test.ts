import { beforeAll, expect, test } from 'vitest'
import { TILING_LAYERS } from '../../shared/analysis/tiling-series'
import { quietJob } from '../../shared/base/job-context'
import type { RunDocument } from '../../shared/ipc/engine-api'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { timelineChecks } from '../../shared/ipc/timeline-checks'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

let handlers: EngineHandlers
let run: RunDocument
beforeAll(async () => {
  handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
  run = await handlers.simulate({ input: { workload: 'G6' }, heap: 'first-fit', overrides: {} }, quietJob)
})

test('the tiling of the timeline is that of the moment, layer by layer', async () => {
  const page = await handlers.tiling({ documentId: run.id, fromEvent: 0, toEvent: run.events, points: 7 }, quietJob)
  expect(page).toMatchObject({ stride: 1, knowsRequests: true })
  expect(page.events).toHaveLength(7)
  for (let i = 0; i < page.events.length; i++) {
    const { split } = await handlers.momentMeasures({ documentId: run.id, event: page.events[i]! }, quietJob)
    for (const name of TILING_LAYERS) expect(page.layers[name][i], `${name} at ${page.events[i]}`).toBe(split![name])
  }
})

test('the largest stretch that may be asked for is a small message', async () => {
  const asked = { documentId: run.id, fromEvent: 0, toEvent: run.events, points: 20_000 }
  expect(timelineChecks.tiling.safeParse(asked).success).toBe(true)
  expect(timelineChecks.tiling.safeParse({ ...asked, points: 20_001 }).success).toBe(false)
  const { events } = await handlers.tiling(asked, quietJob)
  expect(events).toHaveLength(run.events + 1)
  expect(messageBytes(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`${i}`, new Float64Array(20_000)])))).toBeLessThan(MOST_MESSAGE_BYTES)
})

test('changes of a page are stepped through; a run without failures has none to step to', async () => {
  const address = (await handlers.moment({ documentId: run.id, event: 40 }, quietJob)).segments[0]!.base
  const target = { kind: 'page', address } as const
  const next = await handlers.neighbourEvent({ documentId: run.id, event: 0, forward: true, target }, quietJob)
  expect(next).toBe(1)
  expect(await handlers.neighbourEvent({ documentId: run.id, event: next!, forward: false, target }, quietJob)).toBe(0)
  expect(await handlers.neighbourEvent({ documentId: run.id, event: 0, forward: true, target: { kind: 'failure' } }, quietJob)).toBeNull()
  expect(await handlers.failures({ documentId: run.id, fromEvent: 0, toEvent: run.events, points: 100 }, quietJob)).toEqual({ events: new Float64Array(0), total: 0 })
})

test('a trace has no tiling', async () => {
  const trace = await handlers.openWorkload({ workload: 'G1' }, quietJob)
  await expect((async () => handlers.tiling({ documentId: trace.id, fromEvent: 0, toEvent: 1, points: 1 }, quietJob))()).rejects.toMatchObject({ code: 'document-wrong-kind' })
})
