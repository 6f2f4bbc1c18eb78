import fc from 'fast-check'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SessionRecord, type StoredSession } from './session-record'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-session-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const file = (): string => path.join(folder, 'session.json')
const items: StoredSession['items'] = [
  { kind: 'source', source: '/data/app.mtrace', range: { by: 'events', from: 1, to: 9 } },
  { kind: 'simulation', input: { item: 0 }, heap: 'best-fit', overrides: { align: 8 }, views: [{ event: 3, selectedAddress: null, bookmarks: [{ event: 2, note: 'here' }] }] },
  { kind: 'workload', workload: 'G1' },
]

test('what a program that crashed had open is there at the next start', () => {
  new SessionRecord(folder).keep(items)
  expect(new SessionRecord(folder).last).toEqual({ version: 1, ended: false, items })
})

test('ending as asked is told apart from a crash', () => {
  const session = new SessionRecord(folder)
  session.keep(items)
  session.end()
  expect(new SessionRecord(folder).last).toMatchObject({ ended: true, items })
})

test('a start in which nothing is opened loses nothing, and asks only once after a crash', () => {
  new SessionRecord(folder).keep(items)
  const second = new SessionRecord(folder)
  second.keep([])
  second.end()
  expect(new SessionRecord(folder).last).toMatchObject({ ended: true, items })
})

test('what a page that is gone had open is there for the next page, and for the next program until it is taken', () => {
  const session = new SessionRecord(folder)
  expect(session.pageGone()).toBe(false)
  session.keep(items)
  expect(session.pageGone()).toBe(true)
  expect(session.last).toEqual({ version: 1, ended: false, items })
  session.keep([])
  expect(new SessionRecord(folder).last).toEqual({ version: 1, ended: false, items })
  expect(session.pageGone()).toBe(false)
  session.end()
  expect(new SessionRecord(folder).last).toEqual({ version: 1, ended: true, items })
})

test('when everything was closed there is nothing to restore', () => {
  const session = new SessionRecord(folder)
  session.keep(items)
  session.keep([])
  session.end()
  expect(new SessionRecord(folder).last).toBeNull()
})

test.each([
  ['not JSON', '{'],
  ['of a later version', JSON.stringify({ version: 2, ended: true, items: [] })],
  ['with an input that comes later', JSON.stringify({ version: 1, ended: true, items: [{ kind: 'simulation', input: { item: 0 }, heap: 'x', overrides: {} }] })],
  ['with an unknown key', JSON.stringify({ version: 1, ended: true, items: [{ kind: 'workload', workload: 'G1', run: 'rm' }] })],
])('a record %s is set aside and not followed', (_name, content) => {
  fs.writeFileSync(file(), content)
  expect(new SessionRecord(folder).last).toBeNull()
  expect(fs.readFileSync(path.join(folder, 'session.damaged.json'), 'utf8')).toBe(content)
})

test('any change of a record is read or set aside, never an error', () => {
  new SessionRecord(folder).keep(items)
  const whole = fs.readFileSync(file())
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const damaged = Buffer.from(whole)
      damaged[at] = byte
      fs.writeFileSync(file(), damaged)
      const { last } = new SessionRecord(folder)
      expect(last === null || last.items.length > 0).toBe(true)
    }),
    { numRuns: 200 },
  )
})
