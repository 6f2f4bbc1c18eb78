import { expect, test } from 'vitest'
import { quietJob } from '../../../base/job-context'
import { Op, Trace } from '../../../model/trace'
import type { ParameterValue, Run } from '../../../model/run'
import { resolveRequest } from '../../profiles'
import { NtGrown, NtPlaced } from '../../profiles/reasons/nt-reasons'
import { reasonsOf } from '../../profiles/reasons'
import { reasonSentence } from '../../profiles/reasons/reason-text'
import { replayTrace } from '../../replay/replay'

/** Positive numbers allocate so many bytes, negative ones free the object allocated as that many-th. */
async function told(heap: string, profile: string, calls: readonly number[], overrides: Record<string, ParameterValue> = {}): Promise<Run> {
  const trace = new Trace({ file: 'calls', format: 'test', partial: false, notes: [] })
  let objects = 0
  for (const call of calls) {
    if (call > 0) trace.objects = ++objects
    trace.op.push(call > 0 ? Op.Alloc : Op.Free)
    trace.object.push(call > 0 ? objects - 1 : -call - 1)
    trace.size.push(Math.max(0, call))
  }
  return replayTrace(trace, resolveRequest(heap, profile, overrides), quietJob, { explain: true })
}

const placedOf = ({ reasons, lifetimes }: Run): number[][] =>
  Array.from({ length: reasons!.code.length }, (_, row) => row)
    .filter((row) => lifetimes.occupant.at(row) === 0)
    .map((row) => [reasons!.code.at(row), reasons!.a.at(row), reasons!.b.at(row)])
const grownOf = ({ reasons }: Run): number[][] =>
  Array.from({ length: reasons!.grownCode.length }, (_, row) => [reasons!.grownEvent.at(row), reasons!.grownCode.at(row), reasons!.grownA.at(row), reasons!.grownB.at(row)])

test('the back end tells of exact hits, splits, committed pages, segments and reservations of their own', async () => {
  const run = await told('nt-lfh', 'win10-x64', [1000, 8, -1, 1000, -3, 500, 20_000, 600_000, 600_000, 2_000_000], { lfh: false })
  expect(placedOf(run).map(([code]) => code)).toEqual([
    NtPlaced.Split, NtPlaced.Split, NtPlaced.Exact, NtPlaced.Split, NtPlaced.Committed, NtPlaced.Committed, NtPlaced.Segment, NtPlaced.Virtual,
  ])
  expect(placedOf(run)[3]).toEqual([NtPlaced.Split, 1008, 496])
  expect(grownOf(run).map(([event, code]) => [event, code])).toEqual([[0, NtGrown.Initial], [7, NtGrown.Commit], [8, NtGrown.Commit], [9, NtGrown.Segment], [10, NtGrown.Virtual]])
  const table = reasonsOf('nt-lfh')!
  expect(reasonSentence(table.placed[NtPlaced.Split]!, 1008, 496)).toContain('of 1,008 bytes; 496 bytes stayed free')
})

test('the front end tells bucket and sub-segment, and when it was made', async () => {
  const run = await told('nt-lfh', 'win10-x64', new Array<number>(22).fill(40))
  expect(placedOf(run).slice(18).map(([code, bucket]) => [code, bucket])).toEqual([[NtPlaced.LfhNewSubSegment, 3], [NtPlaced.LfhSlot, 3], [NtPlaced.LfhSlot, 3], [NtPlaced.LfhSlot, 3]])
  expect(placedOf(run)[18]![2]).toBe(0x13)
  expect(grownOf(run)).toContainEqual([17, NtGrown.FrontEnd, 17, 3])
})

test('giving memory back is told with what made it so', async () => {
  const calls = [100_000, 8, 100_000, 8, -1, -3]
  const run = await told('nt-lfh', 'win10-x64', calls, { lfh: false })
  expect(grownOf(run).filter(([, code]) => code === NtGrown.Decommit).map(([event]) => event)).toEqual([5, 6])
})

test('a look-aside list tells how many blocks it has left', async () => {
  const run = await told('nt-xp', 'xp-x86', [40, 40, -1, -2, 40])
  expect(placedOf(run)[2]).toEqual([NtPlaced.Lookaside, 6, 1])
})
