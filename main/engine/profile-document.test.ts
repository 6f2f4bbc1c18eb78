import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietJob } from '../../shared/base/job-context'
import { loadParquet } from '../files/parquet-wasm'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const SAMPLE = path.join(import.meta.dirname, '../../shared/importers/massif/samples/small.massif')

let folder: string
let handlers: EngineHandlers
let sources: PathTable
let targets: PathTable

beforeEach(async () => {
  await loadParquet()
  folder = mkdtempSync(path.join(tmpdir(), 'heapscape-profile-'))
  sources = new PathTable()
  targets = new PathTable()
  handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets, tell: () => {} })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a profile opens with its summary, has no moment of a heap, and comes back from its saved file with the same summary', async () => {
  sources.register('s', { path: SAMPLE, name: 'small.massif' })
  const opened = await handlers.open({ sourceId: 's' }, quietJob)
  expect(opened).toMatchObject({
    kind: 'profile',
    format: 'massif',
    saved: false,
    summary: { command: './juggle 3', sites: 4, sampling: null, measures: [{ id: 'peak-bytes', total: 5021305260, statedTotal: 5021305260 }, { id: 'live-bytes', total: 200 }], series: { timeUnit: 'bytes allocated and freed', moments: 4, detailedMoments: 3 } },
  })
  await expect(async () => handlers.moment({ documentId: opened.id, event: null }, quietJob)).rejects.toMatchObject({ code: 'document-wrong-kind', facts: { got: 'profile' } })
  await expect(async () => handlers.simulate({ input: { documentId: opened.id }, heap: 'first-fit', overrides: {} }, quietJob)).rejects.toMatchObject({ code: 'document-wrong-kind' })

  const target = { path: path.join(folder, 'saved.heapscape'), name: 'saved.heapscape' }
  targets.register('t', target)
  await handlers.save({ documentId: opened.id, targetId: 't', view: {} }, quietJob)
  sources.register('again', target)
  const again = await handlers.open({ sourceId: 'again' }, quietJob)
  expect(again).toMatchObject({ kind: 'profile', saved: true, format: 'massif' })
  expect('summary' in again && again.summary).toEqual('summary' in opened && opened.summary)
})
