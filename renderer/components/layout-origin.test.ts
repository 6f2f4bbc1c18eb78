import { expect, test } from 'vitest'
import type { RunDocument, SnapshotDocument } from '../../shared/ipc/engine-api'
import { layoutOriginOf } from './layout-origin'

const run = (heap: string, format = 'heaptrack'): RunDocument => ({ kind: 'run', request: { heap, profile: 'p', parameters: {} }, source: { name: 'a.trace', format, traceHash: '' } }) as unknown as RunDocument

test('a replay says that it is one, and why there is no other layout where there is none', () => {
  expect(layoutOriginOf(run('first-fit'), false)).toEqual({ isSimulated: true, reason: expect.stringMatching(/replaying a\.trace in the simulated heap first-fit.*tells none/) as string })
  expect(layoutOriginOf(run('first-fit'), true).reason).toMatch(/does tell its own/)
  expect(layoutOriginOf(run('first-fit')).reason).not.toMatch(/tell/)
  expect(layoutOriginOf(run('first-fit', 'workload')).reason).toMatch(/synthetic/)
})

test('recordings and snapshots are as recorded', () => {
  expect(layoutOriginOf(run('recorded'))).toMatchObject({ isSimulated: false })
  expect(layoutOriginOf({ kind: 'snapshot' } as unknown as SnapshotDocument)).toMatchObject({ isSimulated: false })
})
