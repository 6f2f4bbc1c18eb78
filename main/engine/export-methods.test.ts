import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { quietJob, type JobContext } from '../../shared/base/job-context'
import { exportChecks } from '../../shared/ipc/export-checks'
import { MOST_PART_BYTES } from '../../shared/ipc/export-api'
import { exportHandlers } from './export-methods'
import { PathTable } from './path-table'

let folder: string
let handlers: ReturnType<typeof exportHandlers>

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'heapscape-export-'))
  const targets = new PathTable()
  targets.register('t1', { path: path.join(folder, 'map.svg'), name: 'map.svg' })
  targets.register('gone', { path: path.join(folder, 'no', 'folder.svg'), name: 'folder.svg' })
  handlers = exportHandlers(targets)
})

const part = (exportId: string, text: string) => handlers.exportPart({ exportId, bytes: new TextEncoder().encode(text) }, quietJob)

test('the parts become one file, which has its name only when it is whole', async () => {
  const file = handlers.exportFile({ targetId: 't1', exportId: 'e1' }, quietJob)
  await part('e1', '<svg')
  await part('e1', '/>')
  expect(readdirSync(folder).includes('map.svg')).toBe(false)
  await handlers.exportEnd({ exportId: 'e1' }, quietJob)
  expect(await file).toEqual({ name: 'map.svg' })
  expect(readFileSync(path.join(folder, 'map.svg'), 'utf8')).toBe('<svg/>')
  expect(readdirSync(folder)).toEqual(['map.svg'])
})

test('a cancel leaves what was there before and nothing else', async () => {
  writeFileSync(path.join(folder, 'map.svg'), 'before')
  let isCancelled = false
  const job: JobContext = { progress: () => undefined, checkpoint: () => (isCancelled ? Promise.reject(new HeapscapeError('cancelled')) : Promise.resolve()) }
  const file = Promise.resolve(handlers.exportFile({ targetId: 't1', exportId: 'e1' }, job))
  file.catch(() => undefined)
  await part('e1', 'half of it')
  isCancelled = true
  await expect(file).rejects.toMatchObject({ code: 'cancelled' })
  expect(readdirSync(folder)).toEqual(['map.svg'])
  expect(readFileSync(path.join(folder, 'map.svg'), 'utf8')).toBe('before')
  await expect(part('e1', 'more')).rejects.toMatchObject({ code: 'message-invalid' })
})

test('what cannot be written is told, and so is a part of no file', async () => {
  await expect(handlers.exportFile({ targetId: 'gone', exportId: 'e1' }, quietJob)).rejects.toMatchObject({ code: 'file-unwritable' })
  await expect(part('e1', 'x')).rejects.toMatchObject({ code: 'message-invalid' })
})

test('a part larger than a message is refused', () => {
  expect(exportChecks.exportPart.safeParse({ exportId: 'e', bytes: new Uint8Array(MOST_PART_BYTES) }).success).toBe(true)
  expect(exportChecks.exportPart.safeParse({ exportId: 'e', bytes: new Uint8Array(MOST_PART_BYTES + 1) }).success).toBe(false)
})
