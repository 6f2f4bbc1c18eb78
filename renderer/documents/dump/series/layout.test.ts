import { expect, test } from 'vitest'
import type { CaptureFacts } from '../../../../shared/model/live-capture'
import { captureAt, layoutSeries } from './layout'

const facts = (second: number, commitBytes: number, privateBytes: number | null): CaptureFacts => ({
  pid: 1, name: 'a.exe', bits: 64, system: 'Windows', startedAt: '1', capturedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(), way: 'clone', suspendedMs: null, copyMs: 0, walkMs: 0, copiedBytes: 0,
  counters: { commitBytes, privateBytes, workingSetBytes: commitBytes / 2, peakWorkingSetBytes: commitBytes },
  sums: { reservedBytes: 0, committedBytes: 0, privateCommittedBytes: 0, heapReservedBytes: 0, heapCommittedBytes: commitBytes / 4, heapBusyBytes: 0 },
  unreadableBytes: 0, keptBytes: 0, tableBytes: 0,
})

test('captures stand where their times are, bytes from 0 at the foot', () => {
  const layout = layoutSeries([facts(0, 400, 400), facts(1, 800, 800), facts(4, 200, 200)], 420, 110)
  expect(layout.xs).toEqual([10, 110, 410])
  expect(layout.topBytes).toBe(800)
  expect(layout.lines.find(({ id }) => id === 'commit')!.paths).toEqual(['10.0,55.0 110.0,5.0 410.0,80.0'])
})

test('what the system does not tell is a gap, never 0', () => {
  const layout = layoutSeries([facts(0, 400, 400), facts(1, 400, null), facts(2, 400, 400)], 220, 110)
  expect(layout.lines.find(({ id }) => id === 'private')!.paths).toHaveLength(2)
})

test('one capture stands in the middle; the nearest one is chosen', () => {
  expect(layoutSeries([facts(0, 1, 1)], 220, 50).xs).toEqual([110])
  const layout = layoutSeries([facts(0, 1, 1), facts(1, 1, 1), facts(2, 1, 1)], 220, 50)
  expect([0, 50, 61, 109, 161, 500].map((x) => captureAt(layout, x))).toEqual([0, 0, 1, 1, 2, 2])
})
