import { expect, test } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { quietJob } from '../base/job-context'
import { parseMinidump } from '../importers/minidump/parse'
import { checkSnapshot } from '../model/integrity'
import { BlockState } from '../model/snapshot'
import { snapshotAt } from '../model/snapshot-at'
import { exportDump } from './export-dump'
import { buildsOfProfile } from '../sim/heap-bytes/nt-heap-plan'
import { runSimulation, traceOfWorkload } from './run-simulation'
import { foundBlocks, heapAfterCalls, NT_LAYOUTS, simulatedBlocks, walkImage } from './testing/nt-images'

test('every layout of an NT heap belongs to a profile', () => {
  expect(NT_LAYOUTS).toHaveLength(31)
  for (const { profile } of NT_LAYOUTS) expect(profile).toBeDefined()
})

test.each(NT_LAYOUTS)('$build, $bits bits: the bytes of a simulated heap walk back to its blocks, slots, ranges and counters', async ({ bits, build, profile }) => {
  const heap = heapAfterCalls(profile, 1200, 3)
  const walked = await walkImage(heap, bits, build)
  const [report] = walked.heapReports
  expect(report!.findings).toEqual([])
  expect(report!.counters.filter(({ equal }) => !equal)).toEqual([])
  expect([report!.segments, report!.virtualAllocBlocks, report!.frontEnd]).toEqual([heap.backEnd.segments.length, heap.backEnd.virtualBlocks.size, 'lfh'])
  expect(foundBlocks(walked)).toEqual(simulatedBlocks(heap))
})

test.each(['win7-x86', 'win81-x64', 'win10-x64', 'win11-x86'])('a run with %s becomes a dump of the very heap: the same blocks at the same addresses', async (profile) => {
  const run = await runSimulation(await traceOfWorkload('workload:G2', quietJob), { heap: 'nt-lfh', profile, overrides: {} }, quietJob)
  const event = Math.floor(run.events / 2)
  const parts: Uint8Array[] = []
  const bits = profile.endsWith('x64') ? 64 : 32
  const build = buildsOfProfile('nt-lfh', profile).at(-1)!
  await exportDump(run, event, { bits, build, seed: 7 }, { write: (bytes) => void parts.push(bytes.slice()) }, quietJob)
  const opened = await parseMinidump(new MemorySource(new Uint8Array(Buffer.concat(parts)), 'out.dmp'), { mode: 'strict' }, quietJob)
  expect(checkSnapshot(opened)).toEqual([])
  expect(opened.heapReports[0]!.findings).toEqual([])
  const busyOf = ({ blocks }: typeof opened): number[][] =>
    Array.from({ length: blocks.length }, (_, row) => row)
      .filter((row) => blocks.state.at(row) === BlockState.Busy)
      .map((row) => [blocks.address.at(row), blocks.size.at(row)])
      .sort((a, b) => a[0]! - b[0]!)
  const expected = busyOf(snapshotAt(run, event))
  expect(expected.length).toBeGreaterThan(500)
  expect(busyOf(opened)).toEqual(expected)
})
