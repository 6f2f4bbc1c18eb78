import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { quietJob } from '../../shared/base/job-context'
import type { FromEngineProcess } from '../../shared/ipc/engine-host-messages'
import { Documents } from './documents'
import { PathTable } from './path-table'
import { scriptHandlers } from './script-methods'
import { MAIN_WORKSPACE, Workspaces } from './workspaces'

let folder: string
let told: FromEngineProcess[]
let workspaces: Workspaces
let handlers: ReturnType<typeof scriptHandlers>
const file = (name: string): { path: string; name: string } => ({ path: path.join(folder, name), name })

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'heapscape-script-'))
  told = []
  workspaces = new Workspaces()
  const [sources, targets] = [new PathTable(), new PathTable()]
  for (const name of ['list.heapscript', 'marked.txt', 'noise.bin', 'broken.heapscript', 'absent.heapscript']) sources.register(name, file(name))
  targets.register('target', file('list.heapscript'))
  handlers = scriptHandlers({ documents: new Documents(), workspaces, sources, targets, tell: (message) => told.push(message) })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('writes a console as a file that reads as the same console, waiting lines included', async () => {
  const workspace = workspaces.get(MAIN_WORKSPACE)
  const { id } = workspace.open({ kind: 'console', title: 'Console 1', initialBytes: 0x2000, maximumBytes: 0x10000 })
  workspace.enter(id, 'p = malloc(1)\nfree(p)\nq = malloc(2)', true)
  workspace.goTo(id, 1)
  expect(await handlers.consoleSave({ workspaceId: MAIN_WORKSPACE, id, targetId: 'target' }, quietJob)).toEqual({ name: 'list.heapscript' })
  const text = '#! heapscape-script heap=0x2000,0x10000\np = malloc(1)\nfree(p)\nq = malloc(2)'
  expect(readFileSync(file('list.heapscript').path, 'utf8')).toBe(`${text}\n`)
  expect(await handlers.consoleReadFile({ sourceId: 'list.heapscript' }, quietJob)).toEqual({ name: 'list.heapscript', text, initialBytes: 0x2000, maximumBytes: 0x10000 })
  expect(told).toEqual([{ type: 'saved', targetId: 'target' }, { type: 'opened', sourceId: 'list.heapscript' }])
})

it('knows a script by its content, leaves other files to the importers, and refuses what is broken', async () => {
  writeFileSync(file('marked.txt').path, '#! heapscape-script\nmalloc(1)\n')
  writeFileSync(file('noise.bin').path, Buffer.from([1, 2, 3]))
  writeFileSync(file('broken.heapscript').path, '#! heapscape-script heap=no')
  expect(await handlers.consoleReadFile({ sourceId: 'marked.txt' }, quietJob)).toMatchObject({ initialBytes: 0x1000, maximumBytes: 0 })
  expect(await handlers.consoleReadFile({ sourceId: 'noise.bin' }, quietJob)).toBeNull()
  expect(() => handlers.consoleReadFile({ sourceId: 'broken.heapscript' }, quietJob)).toThrow('malformed')
  expect(await handlers.consoleReadFile({ sourceId: 'absent.heapscript' }, quietJob)).toBeNull()
  expect(told.map((message) => message.type)).toEqual(['opened', 'refused'])
})
