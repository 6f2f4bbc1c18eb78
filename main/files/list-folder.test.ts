import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listFolder } from './list-folder'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-folder-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const put = (...names: readonly string[]): void => {
  for (const name of names) {
    fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), '')
  }
}

test('files come in the order of their numbers, folders three levels deep, hidden ones not at all', async () => {
  put('base/10.rep', 'base/9.rep', 'a.rep', 'x/y/in.rep', 'x/y/z/too-deep.rep', '.hidden', '.git/config')
  const { files, leftOut, isFolder } = await listFolder(folder)
  expect(files.map(({ below }) => below)).toEqual(['a.rep', 'base/9.rep', 'base/10.rep', 'x/y/in.rep'])
  expect([leftOut, isFolder, files[0]!.path]).toEqual([0, true, path.join(folder, 'a.rep')])
})

test('a file is no folder', async () => {
  put('a.rep')
  expect(await listFolder(path.join(folder, 'a.rep'))).toEqual({ isFolder: false, files: [], leftOut: 0 })
})
