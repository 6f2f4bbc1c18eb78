import { describe, expect, test } from 'vitest'
import { cancelledAfter, quietJob } from '../../../shared/base/job-context'
import { checkSnapshot } from '../../../shared/model/integrity'
import { RegionKind, RegionState } from '../../../shared/model/region-table'
import { BlockState, type Snapshot } from '../../../shared/model/snapshot'
import { blocksOf } from '../fake/fake-items'
import type { FakeProcess } from '../fake/fake-process'
import { FakeSystem } from '../fake/fake-system'
import { captureProcess } from './capture-process'
import type { Capture, CaptureRequest, CaptureSurroundings } from './capture-request'
import { changedPages } from './page-digests'

const PID = 4120
const editor: FakeProcess = { pid: PID, name: 'editor.exe', bits: 64, stages: [{ heaps: [blocksOf(300, 4, 3), blocksOf(40, 200)], otherBytes: 3 << 20 }] }
const REQUEST: CaptureRequest = { pid: PID, way: 'auto', keepBytes: false, digest: null, budgetBytes: 1 << 28, longestSuspensionMs: 2000 }

interface Watched extends CaptureSurroundings {
  readonly told: string[]
}

/** A clock that goes on by a millisecond each time it is asked. */
function surroundings(): Watched {
  let now = 0
  const told: string[] = []
  return {
    told,
    now: () => ++now,
    date: () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5)),
    beforeSuspend: ({ pid }) => {
      told.push(`hold ${pid}`)
      return Promise.resolve()
    },
    resumed: () => void told.push('let go'),
    arrayBytes: () => 0,
  }
}

const capture = (system: FakeSystem, request: Partial<CaptureRequest> = {}, at: CaptureSurroundings = surroundings()): Promise<Capture> => captureProcess(system, { ...REQUEST, ...request }, at, quietJob)
const busyBlocks = ({ blocks }: Snapshot): number => Array.from({ length: blocks.length }, (_, row) => blocks.state.at(row)).filter((state) => state === BlockState.Busy).length
const codes = ({ snapshot }: Capture): string[] => snapshot.origin.notes.map(({ code }) => code)

describe('a capture of a sound process', () => {
  test('from a clone finds heaps, blocks, owners and the system’s figures, and closes all handles', async () => {
    const system = new FakeSystem([editor])
    const { snapshot, facts, kept, digests } = await capture(system)
    expect(checkSnapshot(snapshot)).toEqual([])
    expect(snapshot.heapReports.map(({ confidence, findings }) => ({ confidence, findings }))).toEqual([{ confidence: 'verified', findings: [] }, { confidence: 'verified', findings: [] }])
    expect(busyBlocks(snapshot)).toBe(200 + 40)
    expect(facts).toMatchObject({ pid: PID, name: 'editor.exe', bits: 64, way: 'clone', suspendedMs: null, copiedBytes: 0, keptBytes: 0, capturedAt: '2026-01-02T03:04:05.000Z' })
    expect([kept, digests]).toEqual([null, null])
    expect(snapshot.owners).toEqual(expect.arrayContaining(['editor.exe', 'ntdll.dll', 'SortDefault.nls', `stack of thread ${PID + 4}`, 'process and thread blocks']))
    expect(snapshot.regionTotals).toContainEqual({ group: 'system', name: 'commit', regions: null, bytes: facts.counters!.commitBytes })
    expect(facts.sums.privateCommittedBytes).toBe(facts.counters!.commitBytes)
    expect(snapshot.origin.partial).toBe(false)
    expect(system.openHandles).toBe(0)
    expect(system.guardsTouched).toEqual([])
  })

  test('tells what regions are for', async () => {
    const { snapshot } = await capture(new FakeSystem([editor]))
    const { regions, owners } = snapshot
    const kindsOf = (owner: string): number[] => [...new Set(Array.from({ length: regions.length }, (_, row) => row).filter((row) => owners[regions.owner.at(row)] === owner && regions.state.at(row) === RegionState.Committed).map((row) => regions.kind!.at(row)))]
    expect(kindsOf('ntdll.dll')).toEqual([RegionKind.Image])
    expect(kindsOf(`stack of thread ${PID + 4}`)).toEqual([RegionKind.Stack])
    expect(kindsOf(snapshot.heaps[0]!.name)).toEqual([RegionKind.Heap])
  })

  test('holds the program up where no clone can be had, tells before it does, and lets it go', async () => {
    const system = new FakeSystem([{ ...editor, noClone: true }])
    const at = surroundings()
    const { snapshot, facts, ...rest } = await capture(system, {}, at)
    expect(facts.way).toBe('suspended')
    expect(facts.suspendedMs).toBeGreaterThan(0)
    expect(at.told).toEqual([`hold ${PID}`, 'let go'])
    expect(busyBlocks(snapshot)).toBe(240)
    expect(codes({ snapshot, facts, ...rest })).toContain('live-no-clone')
    expect(system.isSuspended(PID)).toBe(false)
    expect(system.openHandles).toBe(0)
  })

  test('gives the same heaps by each way', async () => {
    const seen = await Promise.all((['clone', 'suspended', 'running'] as const).map((way) => capture(new FakeSystem([editor]), { way })))
    expect(seen.map(({ facts }) => facts.way)).toEqual(['clone', 'suspended', 'running'])
    const tables = seen.map(({ snapshot: { blocks } }) => [blocks.address, blocks.size, blocks.requested, blocks.state].map((column) => Array.from(column.slice())))
    expect(tables[1]).toEqual(tables[0])
    expect(tables[2]).toEqual(tables[0])
    expect(codes(seen[2]!)).toContain('live-moving')
  })

  test('keeps bytes only when told to', async () => {
    const { kept, snapshot, facts } = await capture(new FakeSystem([editor]), { keepBytes: true })
    expect(snapshot.memory).toBeUndefined()
    expect(facts.keptBytes).toBe(facts.copiedBytes)
    const row = Array.from({ length: snapshot.blocks.length }, (_, i) => i).find((i) => snapshot.blocks.state.at(i) === BlockState.Busy)!
    const stamp = kept!.memory.read(snapshot.blocks.address.at(row) + 16, 4)
    expect(new DataView(stamp.buffer, stamp.byteOffset).getUint32(0, true)).toBeGreaterThan(0)
  })

  test('walks a 32-bit program under WOW64, and both its process blocks', async () => {
    const system = new FakeSystem([{ ...editor, bits: 32 }])
    const { snapshot, facts } = await capture(system)
    expect(facts.bits).toBe(32)
    expect(snapshot.heapReports.map(({ bits, confidence }) => ({ bits, confidence }))).toEqual([{ bits: 32, confidence: 'verified' }, { bits: 32, confidence: 'verified' }])
    expect(busyBlocks(snapshot)).toBe(240)
    expect(snapshot.origin.notes[0]!.text).toContain('x86 under WOW64')
  })
})

describe('a series', () => {
  test('knows by checksums which pages changed, without any bytes', async () => {
    const more = [...blocksOf(300, 4, 3), ...blocksOf(200, 8, Infinity, 5000)]
    const system = new FakeSystem([{ ...editor, stages: [editor.stages[0]!, { heaps: [more, editor.stages[0]!.heaps[1]!], otherBytes: 3 << 20 }] }])
    const digest = { seed: 77 }
    const [a, b, again] = [await capture(system, { digest }), await capture(system, { digest }), await capture(system, { digest })]
    const [heap, other] = b.snapshot.heaps
    expect(changedPages(a.digests!, b.digests!, heap!.base, heap!.base + 0x100000).changed.length).toBeGreaterThan(0)
    expect(changedPages(a.digests!, b.digests!, other!.base, other!.base + 0x100000).changed).toEqual(new Float64Array(0))
    const still = changedPages(b.digests!, again.digests!, 0, 2 ** 47)
    expect(still.changed.length).toBe(0)
    expect(still.compared).toBeGreaterThan(700)
    expect(a.kept).toBeNull()
  })

  test('sees every single byte that changes in a page', async () => {
    const { PageDigests } = await import('./page-digests')
    const page = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) & 0xff)
    const of = (bytes: Uint8Array): InstanceType<typeof PageDigests> => {
      const digests = new PageDigests()
      digests.add(0x10000, bytes, 5)
      return digests
    }
    const first = of(page)
    for (let at = 0; at < page.length; at++) {
      const other = page.slice()
      other[at]! ^= 1 << (at % 8)
      expect(changedPages(first, of(other), 0, 2 ** 47).changed.length, `byte ${at}`).toBe(1)
    }
  })
})

describe('a fault', () => {
  const refused = async (process: Partial<FakeProcess>, request: Partial<CaptureRequest> = {}): Promise<{ code: unknown; system: FakeSystem }> => {
    const system = new FakeSystem([{ ...editor, ...process }])
    const code = await capture(system, request).then(() => 'no failure', (error: { code: string }) => error.code)
    expect(system.openHandles).toBe(0)
    expect(system.guardsTouched).toEqual([])
    return { code, system }
  }

  test('of a process that ends between list and capture is told as that', async () => {
    const system = new FakeSystem([editor])
    const [listed] = system.list()
    system.end(PID)
    await expect(capture(system, { startedAt: listed!.startedAt })).rejects.toMatchObject({ code: 'live-process-ended' })
    expect(system.openHandles).toBe(0)
  })

  test('of an id that another process took over is told as that', async () => {
    expect((await refused({ startedAt: '2' }, { startedAt: '1' })).code).toBe('live-process-ended')
  })

  test.each([
    ['open', 2], ['facts', 1], ['regions', 1], ['regions', 2], ['suspend', 1], ['resume', 1],
  ] as const)('of a process that ends at its call %s, time %i, leaves no handle and nothing held up', async (call, time) => {
    expect((await refused({ noClone: true, endsAt: { call, time } })).code).toBe('live-process-ended')
  })

  test('of a process that ends while it is copied gives what was read, or says that it ended', async () => {
    for (const time of [1, 2, 3]) {
      const system = new FakeSystem([{ ...editor, noClone: true, endsAt: { call: 'read', time } }])
      const outcome = await capture(system).then((result) => (result.snapshot.origin.partial ? 'partial' : 'whole'), (error: { code: string }) => error.code)
      expect(['partial', 'live-process-ended']).toContain(outcome)
      expect(system.openHandles).toBe(0)
    }
  })

  test('of missing rights and of protection has a code of its own each', async () => {
    expect((await refused({ access: 'elevation' })).code).toBe('live-access-denied')
    expect((await refused({ access: 'protected' })).code).toBe('live-process-protected')
    expect((await refused({ noClone: true }, { way: 'clone' })).code).toBe('live-clone-unavailable')
  })

  test('of pages that become unreadable leaves them out, shows the rest and says so', async () => {
    const whole = await capture(new FakeSystem([editor]), { way: 'suspended' })
    const heap = whole.snapshot.heaps[0]!.base
    const system = new FakeSystem([{ ...editor, unreadable: [heap + 0x3000, 0x30000000000 + 0x5000] }])
    const part = await capture(system, { way: 'suspended' })
    expect(part.facts.unreadableBytes - whole.facts.unreadableBytes).toBe(2 * 4096)
    expect(part.facts.copiedBytes).toBe(whole.facts.copiedBytes - 2 * 4096)
    expect(part.snapshot.origin.partial).toBe(true)
    expect(codes(part)).toContain('live-unreadable')
    expect(checkSnapshot(part.snapshot)).toEqual([])
    expect(busyBlocks(part.snapshot)).toBeGreaterThan(120)
    expect(busyBlocks(part.snapshot)).toBeLessThan(240)
    expect(system.openHandles).toBe(0)
  })

  test('of a cancel lets the program go on', async () => {
    const system = new FakeSystem([{ ...editor, noClone: true }])
    const at = surroundings()
    await expect(captureProcess(system, REQUEST, at, cancelledAfter(2))).rejects.toMatchObject({ code: 'cancelled' })
    expect(at.told).toEqual([`hold ${PID}`, 'let go'])
    expect([system.isSuspended(PID), system.openHandles]).toEqual([false, 0])
  })

  test('of too long a copy lets the program go on and keeps what was copied', async () => {
    const system = new FakeSystem([{ ...editor, noClone: true, stages: [{ heaps: editor.stages[0]!.heaps, otherBytes: 100 << 20 }] }])
    const part = await capture(system, { longestSuspensionMs: 8 })
    expect(part.snapshot.origin.partial).toBe(true)
    expect(codes(part)).toContain('live-deadline')
    expect(part.facts.suspendedMs).toBeLessThan(30)
    expect(system.openHandles).toBe(0)
  })

  test('of tables beyond the budget ends the capture', async () => {
    let [asked, now] = [0, 0]
    const at = { ...surroundings(), arrayBytes: () => (asked++ === 0 ? 0 : 2 ** 40), now: () => (now += 200) }
    const system = new FakeSystem([{ ...editor, stages: [{ heaps: [blocksOf(60_000, 4)] }] }])
    await expect(capture(system, {}, at)).rejects.toMatchObject({ code: 'live-over-budget' })
    expect(system.openHandles).toBe(0)
  })
})

describe('a program of 10 GB with a budget of 1 GB', () => {
  const giant: FakeProcess = { ...editor, stages: [{ heaps: editor.stages[0]!.heaps, otherBytes: 10 * 2 ** 30 }] }
  const budgetBytes = 2 ** 30

  test('is walked from a clone without any copy', async () => {
    const { facts, snapshot } = await capture(new FakeSystem([giant]), { budgetBytes })
    expect(facts).toMatchObject({ copiedBytes: 0, way: 'clone' })
    expect(facts.sums.committedBytes).toBeGreaterThan(10 * 2 ** 30)
    expect(busyBlocks(snapshot)).toBe(240)
    expect(snapshot.origin.partial).toBe(false)
  })

  test('that is held up is copied heaps first, as far as the budget goes, and says what is missing', async () => {
    const system = new FakeSystem([{ ...giant, noClone: true }])
    const part = await capture(system, { budgetBytes, longestSuspensionMs: 1e9 })
    expect(part.facts.copiedBytes).toBe(budgetBytes)
    expect(busyBlocks(part.snapshot)).toBe(240)
    expect(part.snapshot.heapReports.every(({ confidence }) => confidence === 'verified')).toBe(true)
    expect(part.snapshot.origin.partial).toBe(true)
    expect(part.snapshot.origin.notes.find(({ code }) => code === 'live-budget')!.text).toMatch(/^\d+ bytes of private memory did not fit the budget; 1073741824 were copied, heaps first/)
    expect(system.openHandles).toBe(0)
  })

  test('keeps bytes of a clone up to the budget and walks the clone itself', async () => {
    const part = await capture(new FakeSystem([giant]), { budgetBytes, keepBytes: true })
    expect(part.facts.keptBytes).toBe(budgetBytes)
    expect(busyBlocks(part.snapshot)).toBe(240)
    expect(codes(part)).toContain('live-budget')
  })
})
