import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import { UNKNOWN_SIZE } from '../../base/units'
import { parseMinidump } from '../../importers/minidump/parse'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { Op, Trace } from '../../model/trace'
import { snapshotAt } from '../../model/snapshot-at'
import { resolveRequest } from '../../sim/profiles'
import { replayTrace } from '../../sim/replay/replay'
import { exactLayoutOf, exportDump } from '../export-dump'
import { traceOfWorkload } from '../run-simulation'
import { exportSimulatedDump } from './simulated-dump'

async function dumpOf(workload: string, profile: string, event: number | undefined): Promise<Snapshot> {
  const parts: Uint8Array[] = []
  const trace = await traceOfWorkload(`workload:${workload}`, quietJob)
  await exportSimulatedDump(trace, resolveRequest('segment-heap', profile, {}), event, 1, { write: (bytes) => parts.push(bytes.slice()) }, quietJob)
  return parseMinidump(new MemorySource(new Uint8Array(Buffer.concat(parts)), 'out.dmp'), { mode: 'strict' }, quietJob)
}

class Parts {
  readonly #parts: Uint8Array[] = []

  write(bytes: Uint8Array): void {
    this.#parts.push(bytes.slice())
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

const busyRows = ({ blocks }: Snapshot): number[][] => {
  const rows = Array.from({ length: blocks.length }, (_, row) => row).filter((row) => blocks.state.at(row) === BlockState.Busy)
  return rows.map((row) => [blocks.address.at(row), blocks.size.at(row), blocks.requested.at(row)])
}

describe('a trace in a simulated segment heap, as a dump', () => {
  test.each([
    ['G2', 'win11-22h2', 5000],
    ['G5', 'win10-1607', 4000],
    ['G8', 'win10-2004-x86', undefined],
    ['G3', 'win11-24h2', 9000],
  ] as const)('%s, %s: opens with the blocks of the run, each where it was', async (workload, profile, event) => {
    const dump = await dumpOf(workload, profile, event)
    const run = await replayTrace(await traceOfWorkload(`workload:${workload}`, quietJob), resolveRequest('segment-heap', profile, {}), quietJob)
    const expected = busyRows(snapshotAt(run, event ?? run.events))
    const move = profile.endsWith('x86') ? 0 : 0x1f400000000
    const got = busyRows(dump)
    const told = (row: number): number | undefined => (got[row]?.[2] === UNKNOWN_SIZE ? UNKNOWN_SIZE : Math.max(1, expected[row]![2]!))
    expect(got.length).toBe(expected.length)
    expect(got.every(([address, size, requested], row) => address === expected[row]![0]! + move && size === expected[row]![1] && requested === told(row))).toBe(true)
    expect(dump.heapReports).toHaveLength(1)
    expect(dump.heapReports[0]).toMatchObject({ flavour: 'segment-heap', findings: [] })
    expect(dump.heaps[0]!.name).toMatch(/^default heap/)
  })

  test.each(['win11-22h2', 'win10-2004-x86'])('a saved run of %s gives the same file as its trace', async (profile) => {
    const trace = await traceOfWorkload('workload:G2', quietJob)
    const request = resolveRequest('segment-heap', profile, {})
    const run = await replayTrace(trace, request, quietJob)
    const [ofTrace, ofRun] = [new Parts(), new Parts()]
    await exportSimulatedDump(trace, request, 6000, 1, ofTrace, quietJob)
    const layout = exactLayoutOf(run)!
    expect(await exportDump(run, 6000, { ...layout, seed: 1 }, ofRun, quietJob)).toEqual([])
    expect(Buffer.compare(ofRun.bytes(), ofTrace.bytes())).toBe(0)
    // In another Windows the same blocks lie in an NT heap, and the answer says so.
    expect(await exportDump(run, 100, { bits: 64, build: 'win7', seed: 1 }, new Parts(), quietJob)).toEqual([{ code: 'heap-manager', count: 0, text: expect.stringContaining('win7 was asked for') as unknown }])
  })

  test('a saved run whose blocks lie where threads decided is refused, with the way out; a build without known structures is told', async () => {
    const trace = new Trace({ file: 'threads', format: 'test', partial: false, notes: [] }, { thread: true })
    for (let i = 0; i < 400; i++) {
      trace.op.push(Op.Alloc)
      trace.object.push(i)
      trace.size.push(40)
      trace.thread!.push(i % 3)
    }
    trace.objects = 400
    const run = await replayTrace(trace, resolveRequest('segment-heap', 'win11-22h2', {}), quietJob)
    await expect(exportDump(run, undefined, { ...exactLayoutOf(run)!, seed: 1 }, new Parts(), quietJob)).rejects.toMatchObject({ code: 'layout-undecided', facts: { trace: 'threads' } })
    const old = await replayTrace(trace, resolveRequest('segment-heap', 'win10-1507', {}), quietJob)
    expect(exactLayoutOf(old)).toBeUndefined()
    expect(await exportDump(old, undefined, { bits: 64, build: 'win10_1507', seed: 1 }, new Parts(), quietJob)).toEqual([{ code: 'heap-manager', count: 0, text: expect.stringContaining('win10_1507') as unknown }])
  })

  test.each([
    ['usage', 'segment-heap', 'win10-1507', 0],
    ['usage', 'first-fit', 'csapp', 0],
    ['event-out-of-range', 'segment-heap', 'win11-22h2', 10 ** 9],
  ])('is refused with %s: %s %s', async (code, heap, profile, event) => {
    const trace = await traceOfWorkload('workload:G7', quietJob)
    await expect(exportSimulatedDump(trace, resolveRequest(heap, profile, {}), event, 1, { write: () => {} }, quietJob)).rejects.toMatchObject({ code })
  })
})
