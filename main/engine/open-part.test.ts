import { strToU8, zipSync } from 'fflate'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietJob } from '../../shared/base/job-context'
import { engineChecks } from '../../shared/ipc/engine-checks'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const REP = '20000\n3\n6\n1\na 0 100\na 1 50\nr 0 300\nf 1\na 2 8\nf 0\n'
let folder: string
let handlers: EngineHandlers
let sources: PathTable

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'heapscape-part-'))
  sources = new PathTable()
  handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets: new PathTable(), tell: () => {} })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function register(name: string, content: string | Uint8Array): void {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  sources.register(name, { path: file, name })
}

test('a part of a trace has its events only', async () => {
  register('a.rep', REP)
  expect(await handlers.open({ sourceId: 'a.rep', range: { by: 'events', from: 3, to: 5 } }, quietJob)).toMatchObject({ kind: 'trace', events: 3 })
  await expect(handlers.open({ sourceId: 'a.rep', range: { by: 'time', from: 0, to: 5 } }, quietJob)).rejects.toMatchObject({ code: 'range-invalid' })
})

test('an archive lists its files, known ones first, and each can be opened', async () => {
  register('both.zip', zipSync({ 'readme.txt': strToU8('hello'), 'a.rep': strToU8(REP), 'b.rep': strToU8(REP.replace('f 0\n', '').replace('\n6\n', '\n5\n')) }))
  await expect(handlers.open({ sourceId: 'both.zip' }, quietJob)).rejects.toMatchObject({ code: 'archive-ambiguous' })
  expect(handlers.archiveFiles({ sourceId: 'both.zip' }, quietJob)).toEqual([
    { name: 'a.rep', bytes: REP.length, isKnown: true },
    { name: 'b.rep', bytes: REP.length - 4, isKnown: true },
    { name: 'readme.txt', bytes: 5, isKnown: false },
  ])
  expect(await handlers.open({ sourceId: 'both.zip', member: 'b.rep' }, quietJob)).toMatchObject({ kind: 'trace', events: 5 })
})

test('what is no archive has no files', () => {
  register('a.rep', REP)
  expect(handlers.archiveFiles({ sourceId: 'a.rep' }, quietJob)).toEqual([])
})

test.each([{ by: 'bytes', from: 1, to: 2 }, { by: 'events', from: -1, to: 2 }, { by: 'events', from: 1 }])('the range %j is refused', (range) => {
  expect(engineChecks.open.safeParse({ sourceId: 's', range }).success).toBe(false)
})
