import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MOST_RECENT_FILES, RecentFiles } from './recent-files'

let folder: string
let clock: number
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-recent-'))
  clock = Date.UTC(2020, 0, 1)
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const open = (): RecentFiles => new RecentFiles(folder, () => new Date((clock += 1000)))

function existing(name: string, content = 'x'): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, content)
  return file
}

const names = async (recent: RecentFiles): Promise<string[]> => (await recent.list()).map((file) => path.basename(file.path))

test('the list is newest first, tells sizes and survives a restart', async () => {
  const recent = open()
  recent.add(existing('a', '12345'))
  recent.add(existing('b'))
  const listed = await open().list()
  expect(listed.map(({ path: file, sizeBytes, openedAt }) => [path.basename(file), sizeBytes, openedAt])).toEqual([
    ['b', 1, '2020-01-01T00:00:02.000Z'],
    ['a', 5, '2020-01-01T00:00:01.000Z'],
  ])
})

test('a file opened again goes to the top under the same id', async () => {
  const recent = open()
  recent.add(existing('a'))
  const { id } = recent.remembered()[0]!
  recent.add(existing('b'))
  recent.add(path.join(folder, 'a'))
  expect(await names(recent)).toEqual(['a', 'b'])
  expect(recent.remembered()[0]!.id).toBe(id)
  expect(recent.pathOf(id)).toBe(path.join(folder, 'a'))
})

test('the oldest falls off a full list', async () => {
  const recent = open()
  for (let at = 0; at <= MOST_RECENT_FILES; at++) recent.add(existing(`f${at}`))
  const listed = await names(recent)
  expect(listed).toHaveLength(MOST_RECENT_FILES)
  expect([listed[0], listed.at(-1)]).toEqual([`f${MOST_RECENT_FILES}`, 'f1'])
})

test('a file that is gone or became a folder drops out for good', async () => {
  const recent = open()
  for (const name of ['kept', 'gone', 'folder']) recent.add(existing(name))
  const gone = recent.remembered().find((entry) => entry.path.endsWith('gone'))!
  fs.rmSync(gone.path)
  fs.rmSync(path.join(folder, 'folder'))
  fs.mkdirSync(path.join(folder, 'folder'))
  expect(await names(recent)).toEqual(['kept'])
  existing('gone')
  expect(await names(open())).toEqual(['kept'])
  expect(recent.pathOf(gone.id)).toBeNull()
})

test('a file added while the disk is being looked at is not lost', async () => {
  const recent = open()
  recent.add(path.join(folder, 'missing'))
  const listing = recent.list()
  recent.add(existing('new'))
  await listing
  expect(await names(recent)).toEqual(['new'])
})

test('clearing empties list and file', async () => {
  const recent = open()
  recent.add(existing('a'))
  recent.clear()
  expect([await recent.list(), await open().list()]).toEqual([[], []])
})

test.each(['{"version":2,"files":[]}', '{"version":1,"files":[{"id":1,"path":"/a","openedAt":""}]}', '[]', 'null'])('a record like %s is set aside', async (content) => {
  fs.writeFileSync(path.join(folder, 'recent-files.json'), content)
  expect(await open().list()).toEqual([])
  expect(fs.readFileSync(path.join(folder, 'recent-files.damaged.json'), 'utf8')).toBe(content)
})
