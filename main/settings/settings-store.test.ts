import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_SETTINGS, SettingsStore } from './settings-store'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-settings-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const settingsFile = (): string => path.join(folder, 'settings.json')

test('a first start has the defaults and writes nothing', () => {
  expect(new SettingsStore(folder).get()).toEqual(DEFAULT_SETTINGS)
  expect(fs.readdirSync(folder)).toEqual([])
})

test('a change keeps the rest and is there after a restart', () => {
  const place = { x: -5, y: 10, width: 1000, height: 700, maximised: true }
  const store = new SettingsStore(folder)
  store.change({ theme: 'dark', window: place })
  store.change({ layout: '{"grid":1}' })
  expect(new SettingsStore(folder).get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', layout: '{"grid":1}', window: place })
})

test.each([
  ['not JSON', '{"version":1,'],
  ['of a later version', JSON.stringify({ ...DEFAULT_SETTINGS, version: 2 })],
  ['with an unknown theme', JSON.stringify({ ...DEFAULT_SETTINGS, theme: 'sepia' })],
  ['with an unknown key', JSON.stringify({ ...DEFAULT_SETTINGS, extra: true })],
  ['with a window of no size', JSON.stringify({ ...DEFAULT_SETTINGS, window: { x: 0, y: 0, width: 0, height: 10, maximised: false } })],
])('a file %s gives defaults and is kept aside', (_name, content) => {
  fs.writeFileSync(settingsFile(), content)
  const store = new SettingsStore(folder)
  expect(store.get()).toEqual(DEFAULT_SETTINGS)
  store.change({ theme: 'light' })
  expect(fs.readFileSync(path.join(folder, 'settings.damaged.json'), 'utf8')).toBe(content)
  expect(new SettingsStore(folder).get().theme).toBe('light')
})

test('a change that cannot be stored is told and holds until the end', () => {
  fs.mkdirSync(settingsFile())
  fs.writeFileSync(path.join(settingsFile(), 'in-the-way'), '')
  fs.mkdirSync(path.join(folder, 'settings.damaged.json'))
  fs.writeFileSync(path.join(folder, 'settings.damaged.json', 'in-the-way'), '')
  const store = new SettingsStore(folder)
  expect(() => store.change({ theme: 'dark' })).toThrow(/cannot be written/)
  expect(store.get().theme).toBe('dark')
})
