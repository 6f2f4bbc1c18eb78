import { expect, test } from 'vitest'
import { lfhContainers } from '../analysis/dump/lfh-containers'
import { walkedFrontEnd, type FrontEndBucket } from '../analysis/heap-charts/front-end-buckets'
import type { HeapProbe } from '../analysis/heap-charts/heap-probe'
import { collectHoles } from '../analysis/metrics/holes'
import { MemorySource } from '../base/byte-source'
import { cancelledAfter, quietJob } from '../base/job-context'
import { parseMinidump } from '../importers/minidump/parse'
import type { Run } from '../model/run'
import { BlockState } from '../model/snapshot'
import { snapshotAt } from '../model/snapshot-at'
import { Trace } from '../model/trace'
import { exportDump } from './export-dump'
import { createHeap, limitsOf } from '../sim/heaps'
import { AddressSpace } from '../sim/vm/address-space'
import { bucketsOf, frontEndOfRun } from './front-end-of-run'
import { heapOfRun } from './materialise/heap-of-run'
import { probeRun } from './probe-heap'
import { runSimulation, traceOfWorkload } from './run-simulation'
import { buildsOfProfile } from '../sim/heap-bytes/nt-heap-plan'

const runOf = async (heap: string, profile?: string, workload = 'workload:G2'): Promise<Run> =>
  runSimulation(await traceOfWorkload(workload, quietJob), { heap, ...(profile === undefined ? {} : { profile }), overrides: {} }, quietJob)

/** Asked at the end, the manager's largest answer stands beside the largest hole. */
async function probed(run: Run): Promise<{ probe: HeapProbe; largestHole: number }> {
  const { largestBytes } = collectHoles(snapshotAt(run, run.events))
  const probe = await probeRun(run, run.events, quietJob)
  if ('reason' in probe) throw new Error(probe.reason)
  return { probe, largestHole: largestBytes }
}

test('first fit serves what its largest hole holds less the header, and every size below', async () => {
  const run = await runOf('first-fit')
  const { probe, largestHole } = await probed(run)
  const { headerBytes, granularity } = run.heaps[0]!
  expect(largestHole).toBeGreaterThan(1000)
  expect(largestHole - headerBytes - probe.largestBytes).toBeGreaterThanOrEqual(0)
  expect(largestHole - headerBytes - probe.largestBytes).toBeLessThan(granularity)
  expect(probe.firstRefusedBytes).toBeNull()
})

test('a manager that keeps sizes apart refuses sizes below the largest it serves, or serves less than its largest hole', async () => {
  const { probe, largestHole } = await probed(await runOf('buddy'))
  expect(probe.largestBytes).toBeGreaterThan(0)
  expect(probe.largestBytes).toBeLessThanOrEqual(largestHole)
})

test.each(['ptmalloc-like', 'nt-lfh', 'segment-heap', 'slab', 'mimalloc-like'])('%s answers: nothing larger than its largest hole is served', async (heap) => {
  const run = await runOf(heap)
  const { probe, largestHole } = await probed(run)
  expect(probe.largestBytes).toBeLessThanOrEqual(largestHole)
  probe.requestBytes.forEach((bytes, i) => expect(probe.served[i] === 1 ? bytes <= probe.largestBytes : true).toBe(true))
})

test('carried out again, a run gives its own heap at every event; a recorded layout does not', async () => {
  const run = await runOf('nt-lfh', 'win10-x64')
  const heap = await heapOfRun(run, 1000, quietJob)
  expect(heap).toBeDefined()
  await expect(heapOfRun(run, run.events, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  const recorded = { ...run, request: { ...run.request, heap: 'recorded' } } as unknown as Run
  expect(await heapOfRun(recorded, 10, quietJob)).toBeUndefined()
  expect(await frontEndOfRun(await runOf('first-fit'), 5, quietJob)).toEqual({ reason: 'the manager first-fit has no low-fragmentation front end' })
})

test('buckets of a simulated front end are those a walk finds in its dump', async () => {
  const run = await runOf('nt-lfh', 'win10-x64')
  const buckets = await frontEndOfRun(run, run.events, quietJob)
  const parts: Uint8Array[] = []
  await exportDump(run, run.events, { bits: 64, build: buildsOfProfile('nt-lfh', 'win10-x64').at(-1)!, seed: 7 }, { write: (bytes) => void parts.push(bytes.slice()) }, quietJob)
  const walked = await parseMinidump(new MemorySource(new Uint8Array(Buffer.concat(parts)), 'out.dmp'), { mode: 'strict' }, quietJob)
  expect(lfhContainers(walked).rows).toBeGreaterThan(10)
  expect(buckets).toEqual(walkedFrontEnd(walked))
})

test('buckets of several heaps are added up', async () => {
  const { request } = await runSimulation(await traceOfWorkload('workload:G2', quietJob), { heap: 'nt-lfh', profile: 'win10-x64', overrides: { heapPer: 'thread' } }, quietJob)
  const bucketsAfter = (threads: number): readonly FrontEndBucket[] => {
    const heap = createHeap(request, new AddressSpace(undefined, limitsOf(request)), { internal: () => undefined })
    for (heap.thread = 0; heap.thread < threads; heap.thread++) for (let i = 0; i < 60; i++) heap.alloc(100)
    return bucketsOf(heap)
  }
  const [one] = bucketsAfter(1)
  expect(one!.busy).toBeGreaterThan(20)
  expect(bucketsAfter(3)).toEqual([{ slotBytes: one!.slotBytes, subSegments: 3 * one!.subSegments, slots: 3 * one!.slots, busy: 3 * one!.busy, bytes: 3 * one!.bytes }])
})

test('a heap for each thread: as one heap where the trace tells no threads; where it does, the run cannot tell them and says so', async () => {
  const untold = await traceOfWorkload('workload:G2', quietJob)
  const told = new Trace(untold.origin, { thread: true })
  for (let event = 0; event < untold.events; event++) {
    told.op.push(untold.op.at(event))
    told.object.push(untold.object.at(event))
    told.size.push(untold.size.at(event))
    told.thread!.push((event >>> 4) % 3)
  }
  told.objects = untold.objects
  const bucketsOfRun = async (trace: Trace, heapPer: string): Promise<unknown> => {
    const run = await runSimulation(trace, { heap: 'nt-lfh', profile: 'win10-x64', overrides: { heapPer } }, quietJob)
    return frontEndOfRun(run, run.events, quietJob)
  }
  expect(await bucketsOfRun(untold, 'thread')).toEqual(await bucketsOfRun(untold, 'process'))
  expect(await bucketsOfRun(told, 'thread')).toEqual({ reason: expect.stringContaining('threads or call sites decided them') as unknown })
})

test.each(['lfh', 'segment-heap'])('%s: busy slots are busy blocks of the moment, free slots its cached ones', async (heap) => {
  const run = await runOf(heap, undefined, 'workload:G1')
  const event = Math.floor(run.events / 2)
  const buckets = await frontEndOfRun(run, event, quietJob)
  if ('reason' in buckets) throw new Error(buckets.reason)
  const { blocks } = snapshotAt(run, event)
  const cached = Array.from({ length: blocks.length }, (_, row) => row).filter((row) => blocks.state.at(row) === BlockState.Cached)
  expect(buckets.length).toBeGreaterThan(0)
  expect(buckets.reduce((sum, { slots, busy }) => sum + slots - busy, 0)).toBe(cached.length)
  for (const { busy, slots, slotBytes, bytes } of buckets) {
    expect(busy).toBeLessThanOrEqual(slots)
    expect(slots * slotBytes).toBeLessThanOrEqual(bytes)
  }
})
