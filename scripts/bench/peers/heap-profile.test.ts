import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sizeByType, type HeapProfile } from './heap-profile.mjs'

test('sizes are added up by type', () => {
  const meta = { node_fields: ['name', 'type', 'self_size'], node_types: [['object', 'code'], 'string', 'number'] } as const
  expect([...sizeByType({ snapshot: { meta }, nodes: [9, 0, 100, 8, 1, 20, 7, 0, 3] })]).toEqual([['object', 103], ['code', 20]])
  expect(() => sizeByType({ snapshot: { meta: { ...meta, node_fields: ['name'] } }, nodes: [] })).toThrow(/type and self_size was expected, got name/)
})

test('a heap of this runtime has objects, functions and code', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-heap-')), 'heap.json')
  try {
    execFileSync(process.execPath, ['-e', "require('node:v8').writeHeapSnapshot(process.argv[1])", file])
    const sizes = sizeByType(JSON.parse(fs.readFileSync(file, 'utf8')) as HeapProfile)
    for (const type of ['object', 'code', 'closure']) expect(sizes.get(type)).toBeGreaterThan(10_000)
  } finally {
    fs.rmSync(path.dirname(file), { recursive: true })
  }
})
