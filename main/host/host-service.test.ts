import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RecentFiles } from '../files/recent-files'
import { SessionRecord } from '../recovery/session-record'
import { SettingsStore } from '../settings/settings-store'
import { Deliveries } from './deliveries'
import { HostService } from './host-service'
import { Places } from './places'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-host-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

/** A host whose dialogs answer as told and whose engine knows every id at once. */
function createHost({ chosen = [] as readonly string[], target = null as string | null, chosenFolder = null as string | null } = {}) {
  const registered: string[] = []
  const asked: string[] = []
  let changes = 0
  const recent = new RecentFiles(folder)
  const places = new Places()
  const host = new HostService({
    places,
    recent,
    settings: new SettingsStore(folder),
    session: new SessionRecord(folder),
    deliveries: new Deliveries(() => {}),
    facts: { version: '1', electron: '2', platform: 'test', developmentRuntime: false, liveRefusal: null },
    chooseFiles: () => Promise.resolve(chosen),
    chooseFolder: () => Promise.resolve(chosenFolder),
    chooseTargetFolder: () => Promise.resolve(chosenFolder),
    chooseTarget: (name) => Promise.resolve(asked.push(name) > 0 ? target : null),
    registerSource: (source) => Promise.resolve(void registered.push(source.path)),
    registerTarget: (saved) => Promise.resolve(void registered.push(saved.path)),
    changed: () => changes++,
    painted: () => {},
    restartElevated: () => Promise.resolve(),
  })
  return { host, recent, places, registered, asked, changes: () => changes }
}

test('the window learns ids and names of chosen files, never a path', async () => {
  const { host, registered, places } = createHost({ chosen: ['/secret/a.rep', '/secret/b.rep'] })
  const sources = await host.openDialog()
  expect(sources.map((source) => source.name)).toEqual(['a.rep', 'b.rep'])
  expect(JSON.stringify(sources)).not.toContain('secret')
  expect(registered).toEqual(['/secret/a.rep', '/secret/b.rep'])
  expect(places.sourcePath(sources[1]!.sourceId)).toBe('/secret/b.rep')
})

test('the same file chosen twice is two sources', async () => {
  const { host } = createHost({ chosen: ['/a', '/a'] })
  const [first, second] = await host.openDialog()
  expect(first!.sourceId).not.toBe(second!.sourceId)
})

test('a suggested name cannot lead the save dialog to another folder', async () => {
  const { host, asked, registered } = createHost({ target: '/out/run.heapscape' })
  expect(await host.saveDialog({ suggestedName: '../../etc/run.heapscape' })).toMatchObject({ name: 'run.heapscape' })
  expect([asked, registered]).toEqual([['run.heapscape'], ['/out/run.heapscape']])
})

test('a folder is told by names below it, and a dropped one stands for its files', async () => {
  fs.mkdirSync(path.join(folder, 'new'))
  fs.writeFileSync(path.join(folder, 'new', 'a.rep'), '1')
  const { host } = createHost({ chosenFolder: folder })
  expect(await host.openFolderDialog()).toMatchObject({ name: path.basename(folder), leftOut: 0, sources: [{ name: 'a.rep', below: 'new/a.rep' }] })
  const dropped = await host.admitDrop([path.join(folder, 'new'), path.join(folder, 'new', 'a.rep')], 'comparison:c1')
  expect(dropped).toMatchObject([{ name: 'a.rep', below: 'new/a.rep', dropTarget: 'comparison:c1' }, { name: 'a.rep', dropTarget: 'comparison:c1' }])
  expect(JSON.stringify(dropped)).not.toContain(folder)
  expect(await createHost().host.openFolderDialog()).toBeNull()
})

test('dismissed dialogs give nothing and register nothing', async () => {
  const { host, registered } = createHost()
  expect([await host.openDialog(), await host.saveDialog({ suggestedName: 'a' })]).toEqual([[], null])
  expect(registered).toEqual([])
})

test('recent files are told by name and last folder, open by id, and a vanished one is an error with a code', async () => {
  const { host, recent, registered, changes } = createHost()
  const file = path.join(folder, 'trace.rep')
  fs.writeFileSync(file, '123')
  recent.add(file)
  const [listed] = await host.recentFiles()
  expect(listed).toMatchObject({ name: 'trace.rep', folder: path.basename(folder), sizeBytes: 3 })
  expect(await host.openRecent({ recentId: listed!.recentId })).toMatchObject({ name: 'trace.rep' })
  expect([registered, changes()]).toEqual([[file], 0])
  fs.rmSync(file)
  expect([await host.recentFiles(), changes()]).toEqual([[], 1])
  await expect(host.openRecent({ recentId: listed!.recentId })).rejects.toMatchObject({ code: 'file-unreadable' })
})

test('the window sees of the settings what is its business', async () => {
  const { host, changes } = createHost()
  const dark = { theme: 'dark', contrast: 'system', layout: '', filters: [], keys: {}, tourSeen: false, askBeforeClosing: true }
  expect(await host.changeSettings({ theme: 'dark' })).toEqual(dark)
  expect(await host.changeSettings({ layout: '{}', keys: { 'file.open': ['F2'] } })).toEqual({ ...dark, layout: '{}', keys: { 'file.open': ['F2'] } })
  expect([await host.settings(), changes()]).toEqual([{ ...dark, layout: '{}', keys: { 'file.open': ['F2'] } }, 2])
})

test('a session is kept by paths and comes back under new ids, once', async () => {
  const before = createHost({ chosen: ['/secret/a.rep'], target: '/secret/run.heapscape' })
  const [source] = await before.host.openDialog()
  const saved = await before.host.saveDialog({ suggestedName: 'run.heapscape' })
  const run = { kind: 'simulation', input: { item: 0 }, heap: 'best-fit', overrides: {} } as const
  await before.host.keepSession({ items: [{ kind: 'source', source: { sourceId: source!.sourceId } }, run, { kind: 'source', source: { targetId: saved!.targetId } }], unkept: ['capture'] })
  expect(before.host.unkept).toEqual(['capture'])

  const { host, registered } = createHost()
  expect(await host.lastSession()).toEqual({ ended: 'program-crashed', titles: ['a.rep', 'best-fit on a.rep', 'run.heapscape'] })
  const restored = await host.restoreSession()
  expect(restored).toMatchObject([{ kind: 'source', source: { name: 'a.rep' } }, run, { kind: 'source', source: { name: 'run.heapscape' } }])
  expect(JSON.stringify(restored)).not.toContain('secret')
  expect(JSON.stringify(restored)).not.toContain(source!.sourceId)
  expect(registered).toEqual(['/secret/a.rep', '/secret/run.heapscape'])
  expect(await host.lastSession()).toBeNull()
  expect(await host.restoreSession()).toEqual([])
})

test('a session with an id nobody gave out is refused', async () => {
  await expect(createHost().host.keepSession({ items: [{ kind: 'source', source: { sourceId: 'guess' } }], unkept: [] })).rejects.toMatchObject({ code: 'message-invalid' })
})

test('the window learns id and name of a chosen folder, never its path', async () => {
  const { host, registered, places } = createHost({ chosenFolder: '/secret/sweeps/monday' })
  const source = await host.openDatasetDialog()
  const target = await host.saveFolderDialog()
  expect([source!.name, target!.name, registered]).toEqual(['monday', 'monday', ['/secret/sweeps/monday', '/secret/sweeps/monday']])
  expect(JSON.stringify([source, target])).not.toContain('secret')
  expect(places.targetPath(target!.targetId)).toBe('/secret/sweeps/monday')
  const dismissed = createHost()
  expect([await dismissed.host.openDatasetDialog(), await dismissed.host.saveFolderDialog(), dismissed.registered]).toEqual([null, null, []])
})
