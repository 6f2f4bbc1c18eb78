import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import { UNKNOWN_SIZE } from '../../base/units'
import { parseMinidump } from '../../importers/minidump/parse'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { snapshotAt } from '../../model/snapshot-at'
import { resolveRequest } from '../../sim/profiles'
import { replayTrace } from '../../sim/replay/replay'
import { traceOfWorkload } from '../run-simulation'
import { exportSimulatedDump } from './simulated-dump'

async function dumpOf(workload: string, profile: string, event: number | undefined): Promise<Snapshot> {
  const parts: Uint8Array[] = []
  const trace = await traceOfWorkload(`workload:${workload}`, quietJob)
  await exportSimulatedDump(trace, resolveRequest('segment-heap', profile, {}), event, 1, { write: (bytes) => parts.push(bytes.slice()) }, quietJob)
  return parseMinidump(new MemorySource(new Uint8Array(Buffer.concat(parts)), 'out.dmp'), { mode: 'strict' }, quietJob)
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

  test.each([
    ['usage', 'segment-heap', 'win10-1507', 0],
    ['usage', 'first-fit', 'csapp', 0],
    ['event-out-of-range', 'segment-heap', 'win11-22h2', 10 ** 9],
  ])('is refused with %s: %s %s', async (code, heap, profile, event) => {
    const trace = await traceOfWorkload('workload:G7', quietJob)
    await expect(exportSimulatedDump(trace, resolveRequest(heap, profile, {}), event, 1, { write: () => {} }, quietJob)).rejects.toMatchObject({ code })
  })
})
