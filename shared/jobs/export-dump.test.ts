import { describe, expect, it, test } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { quietJob } from '../base/job-context'
import { UNKNOWN_SIZE } from '../base/units'
import { writeMinidump } from '../dumpfile/write-minidump'
import { parseMinidump } from '../importers/minidump/parse'
import { checkSnapshot } from '../model/integrity'
import type { Run } from '../model/run'
import { BlockState, type Snapshot } from '../model/snapshot'
import { snapshotAt } from '../model/snapshot-at'
import { RegionState } from '../model/region-table'
import { SimulatedProcess } from '../sim/win32/simulated-process'
import { exportDump } from './export-dump'
import { runSimulation, traceOfWorkload } from './run-simulation'

const runOf = async (workload: string, heap: string): Promise<Run> => runSimulation(await traceOfWorkload(`workload:${workload}`, quietJob), { heap, overrides: {} }, quietJob)

class Bytes {
  readonly #parts: Uint8Array[] = []

  write(bytes: Uint8Array): void {
    this.#parts.push(bytes.slice())
  }

  open(): Promise<Snapshot> {
    return parseMinidump(new MemorySource(new Uint8Array(Buffer.concat(this.#parts)), 'out.dmp'), { mode: 'strict' }, quietJob)
  }
}

const requestsOf = ({ blocks }: Snapshot): number[] => {
  const busy = Array.from({ length: blocks.length }, (_, row) => row).filter((row) => blocks.state.at(row) === BlockState.Busy)
  return busy.map((row) => blocks.requested.at(row))
}

describe('the heaps of a run as a dump', () => {
  it.each([['win7', 32], ['win81', 32], ['win10_1607', 64], ['win10_2004', 64], ['win11_24H2', 64]] as const)('of %s, %i bits, open with the same blocks in the same order', async (build, bits) => {
    const run = await runOf('G2', 'first-fit')
    const half = Math.floor(run.events / 2)
    const out = new Bytes()
    await exportDump(run, half, { bits, build, seed: 7 }, out, quietJob)
    const opened = await out.open()
    expect(checkSnapshot(opened)).toEqual([])
    expect(opened.heapReports.map(({ flavour, confidence, discovery, findings }) => ({ flavour, confidence, discovery, findings }))).toEqual([{ flavour: 'nt-heap', confidence: 'verified', discovery: 'peb+scan', findings: [] }])
    expect(opened.heapReports[0]!.counters.filter(({ equal }) => !equal)).toEqual([])
    const expected = requestsOf(snapshotAt(run, half))
    expect(expected.length).toBeGreaterThan(100)
    expect(expected).not.toContain(UNKNOWN_SIZE)
    expect(requestsOf(opened)).toEqual(expected)
  })

  it('begin with the number of the event that made them', async () => {
    const run = await runOf('G1', 'buddy')
    const out = new Bytes()
    await exportDump(run, undefined, { bits: 64, build: 'win10_2004', seed: 1 }, out, quietJob)
    const opened = await out.open()
    const before = snapshotAt(run, run.events)
    const births = Array.from({ length: before.blocks.length }, (_, row) => row).filter((row) => before.blocks.state.at(row) === BlockState.Busy && before.blocks.requested.at(row) >= 4).map((row) => before.blocks.birth!.at(row))
    const stamps = Array.from({ length: opened.blocks.length }, (_, row) => row)
      .filter((row) => opened.blocks.state.at(row) === BlockState.Busy && opened.blocks.requested.at(row) >= 4)
      .map((row) => new DataView(opened.memory!.read(opened.blocks.address.at(row) + 16, 4).buffer).getUint32(0, true))
    expect(stamps).toEqual(births)
  })

  it('are refused for a trace', async () => {
    const trace = await traceOfWorkload('workload:G1', quietJob)
    await expect(exportDump(trace, undefined, { bits: 64, build: 'win7', seed: 1 }, new Bytes(), quietJob)).rejects.toMatchObject({ code: 'document-wrong-kind' })
  })
})

test('a simulated process is written with all its regions and bytes', async () => {
  const process = new SimulatedProcess()
  const heap = process.heapCreate(0, 0x1000, 0)
  process.heapAlloc(heap, 8, 100)
  const out = new Bytes()
  await writeMinidump({ memory: process, bits: 32, build: 7601, tebs: [], comment: 'test' }, out, quietJob)
  const opened = await out.open()
  const table = process.regions()
  let compared = 0
  for (let row = 0; row < table.length; row++) {
    if (table.state.at(row) !== RegionState.Committed) continue
    const here = process.read(table.base.at(row), table.size.at(row))
    expect(Buffer.compare(opened.memory!.read(table.base.at(row), here.length), here)).toBe(0)
    compared += here.length
  }
  expect(compared).toBeGreaterThan(0x1000)
})
