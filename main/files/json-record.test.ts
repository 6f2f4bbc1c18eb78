import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { JsonRecord } from './json-record'

interface Point {
  readonly x: number
}

const checkPoint = (content: unknown): Point | null => (typeof (content as Point | undefined)?.x === 'number' ? (content as Point) : null)

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-record-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const file = (name = 'point.json'): string => path.join(folder, name)

test('what was written is read, and no temporary file stays', () => {
  new JsonRecord(file('deep/point.json'), checkPoint).write({ x: 3 })
  expect(new JsonRecord(file('deep/point.json'), checkPoint).read()).toEqual({ x: 3 })
  expect(fs.readdirSync(path.join(folder, 'deep'))).toEqual(['point.json'])
})

test('no file is no record', () => {
  expect(new JsonRecord(file(), checkPoint).read()).toBeNull()
  expect(fs.readdirSync(folder)).toEqual([])
})

test.each([
  ['cut short', '{"x": 3'],
  ['empty', ''],
  ['of another shape', '{"x": "three"}'],
])('a file that is %s is set aside with its content', (_name, content) => {
  fs.writeFileSync(file(), content)
  expect(new JsonRecord(file(), checkPoint).read()).toBeNull()
  expect(fs.readdirSync(folder)).toEqual(['point.damaged.json'])
  expect(fs.readFileSync(file('point.damaged.json'), 'utf8')).toBe(content)
})

test('a place that cannot be written is an error with a code, and nothing is left behind', () => {
  fs.writeFileSync(file('blocked'), 'a file where a folder should be')
  const record = new JsonRecord(file('blocked/point.json'), checkPoint)
  let caught: unknown
  try {
    record.write({ x: 1 })
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(HeapscapeError)
  expect((caught as HeapscapeError).code).toBe('file-unwritable')
  expect(fs.readdirSync(folder)).toEqual(['blocked'])
})
