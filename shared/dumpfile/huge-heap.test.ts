import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Progress } from '../base/job-context'
import { cancelledAfter, quietJob } from '../base/job-context'
import { walkHeaps } from '../heapwalk/walk-heaps'
import { hugeHeap, writeHugeDump } from './testing/huge-heap'

const folder = mkdtempSync(join(tmpdir(), 'heapscape-huge-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const target = (memory: ReturnType<typeof hugeHeap>['memory']) => ({ memory, bits: 64, build: 19045, tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }) as const

test('a heap of 64 MB made up as it is read is walked with progress, and every counter agrees', async () => {
  const heap = hugeHeap(0x4000000, 280_000)
  const told: Progress[] = []
  const { heapReports, blocks } = await walkHeaps(target(heap.memory), { ...quietJob, progress: (progress) => told.push(progress) })
  expect(heapReports[0]).toMatchObject({ confidence: 'verified', segments: 4, findings: [] })
  expect(heapReports[0]!.counters.filter(({ equal }) => !equal)).toEqual([])
  expect(heapReports[0]!.backEnd).toMatchObject({ busyBlocks: heap.blocks - heap.freeBlocks, freeBlocks: heap.freeBlocks })
  expect(blocks.length).toBe(heap.blocks + 4)
  const ofBytes = told.filter(({ unit }) => unit === 'bytes')
  expect(ofBytes.length).toBeGreaterThan(4)
  for (let i = 1; i < ofBytes.length; i++) expect(ofBytes[i]!.done).toBeGreaterThanOrEqual(ofBytes[i - 1]!.done)
  expect(ofBytes.at(-1)).toEqual({ done: heap.bytes, total: heap.bytes, unit: 'bytes' })
})

test('its walk is cancelled between two of its steps', async () => {
  await expect(walkHeaps(target(hugeHeap(0x4000000, 280_000).memory), cancelledAfter(3))).rejects.toMatchObject({ code: 'cancelled' })
})

test('its dump takes room on disk for what is not zero only', async () => {
  const file = join(folder, 'huge.dmp')
  await writeHugeDump(file, hugeHeap(0x8000000, 20_000))
  const { size, blocks } = statSync(file)
  expect(size).toBeGreaterThan(0x8000000)
  expect(blocks * 512).toBeLessThan(0x800000)
})
