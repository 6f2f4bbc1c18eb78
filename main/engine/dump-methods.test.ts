import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quietJob } from '../../shared/base/job-context'
import type { SnapshotDocument } from '../../shared/ipc/engine-api'
import { BlockKind, BlockState } from '../../shared/model/snapshot'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const SAMPLES = join(import.meta.dirname, '../../shared/importers/minidump/samples')
const HEAP = 0x530000
const BY_ADDRESS = { sort: 'address', descending: false, filter: {} } as const

describe('questions about a dump', () => {
  let handlers: EngineHandlers
  let sound: SnapshotDocument
  let damaged: SnapshotDocument

  beforeAll(async () => {
    const sources = new PathTable()
    handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets: new PathTable(), tell: () => undefined })
    const open = async (name: string): Promise<SnapshotDocument> => {
      sources.register(name, { path: join(SAMPLES, name), name })
      return (await handlers.open({ sourceId: name }, quietJob)) as SnapshotDocument
    }
    sound = await open('one-heap-x86.dmp')
    damaged = await open('damaged-entry.dmp')
  })
  afterAll(async () => {
    for (const { id } of [sound, damaged]) await handlers.close({ documentId: id }, quietJob)
  })

  it('opens with reports of its heaps, and its bytes stay readable', async () => {
    expect(sound).toMatchObject({ kind: 'snapshot', hasBytes: true, heapReports: [{ address: HEAP, flavour: 'nt-heap', confidence: 'verified' }] })
    expect(damaged.heapReports[0]!.findings.map(({ code }) => code)).toContain('checksum')
    const { bytes, decoded, fields } = await handlers.dumpBytes({ documentId: sound.id, address: HEAP, length: 4096, against: null }, quietJob)
    expect(bytes).toHaveLength(4096)
    expect(fields.find(({ field }) => field === 'Signature')).toMatchObject({ structure: 'HEAP' })
    expect(bytes).not.toEqual(decoded)
  })

  it('says of an address its region, its block and the header as stored and decoded', async () => {
    const page = await handlers.blockPage({ documentId: sound.id, event: null, query: { ...BY_ADDRESS, filter: { states: [BlockState.Busy] } }, columns: ['size', 'kind'], offset: 0, count: 1 }, quietJob)
    const address = page.address[0]!
    const place = await handlers.dumpPlace({ documentId: sound.id, address: address + 9 }, quietJob)
    expect(place).toMatchObject({ block: { address, bytes: page.values.size![0], kind: BlockKind.BackEnd, heap: 0 }, region: { address: HEAP } })
    expect(place.block!.header!.decoded[0]! * 8).toBe(page.values.size![0])
    expect(page.values.kind![0]).toBe(BlockKind.BackEnd)
  })

  it('narrows map, table and figures to one heap, which here is all', async () => {
    const whole = await handlers.moment({ documentId: sound.id, event: null }, quietJob)
    const one = await handlers.moment({ documentId: sound.id, event: null, heap: 0 }, quietJob)
    expect(one).toEqual(whole)
    const [totals] = await handlers.dumpHeaps({ documentId: sound.id }, quietJob)
    expect(totals).toMatchObject({ committedBytes: whole.measures!.metrics.M2_footprintBytes, freeShare: whole.measures!.metrics.M5_freeShare, scatter: whole.measures!.metrics.M6_scatter })
  })

  it('answers tables page by page and finds the row of an address', async () => {
    const table = { documentId: sound.id, heap: null, table: 'free', order: { column: 'size', descending: true } } as const
    const page = await handlers.dumpRows({ ...table, offset: 0, count: 100 }, quietJob)
    expect(page.total).toBe(2)
    expect(page.numbers['size']![0]).toBeGreaterThan(page.numbers['size']![1]!)
    expect(await handlers.dumpRowAt({ ...table, table: 'segments', order: null, address: HEAP + 5000 }, quietJob)).toEqual({ row: 0 })
  })

  it('marks the bytes that differ from another dump, line by line', async () => {
    const changed = await handlers.dumpChangedLines({ documentId: damaged.id, against: sound.id, from: HEAP, to: HEAP + 4096, count: 10 }, quietJob)
    expect(changed.total).toBe(1)
    const { changed: marks } = await handlers.dumpBytes({ documentId: damaged.id, address: changed.lines[0]!, length: 16, against: sound.id }, quietJob)
    expect(marks.reduce((sum, mark) => sum + mark, 0)).toBe(1)
  })

  it('compares two dumps of a process: what was kept, changed, appeared and vanished, by heap, size and page', async () => {
    const pair = { a: sound.id, b: damaged.id }
    const difference = await handlers.dumpCompare(pair, quietJob)
    expect(difference.heaps).toMatchObject([{ address: HEAP, presence: 'both' }])
    const all = { ...pair, table: 'places', only: null, order: null } as const
    const page = await handlers.dumpDifferenceRows({ ...all, offset: 0, count: 100 }, quietJob)
    expect(page.total).toBe(Object.values(difference.changes).reduce((sum, count) => sum + count, 0))
    const kept = await handlers.dumpDifferenceRows({ ...all, only: 0, offset: 0, count: 100 }, quietJob)
    expect(kept.total).toBe(difference.changes.kept)
    expect(await handlers.dumpDifferenceRowAt({ ...all, address: page.numbers['address']![1]! }, quietJob)).toEqual({ row: 1 })
    const sizes = await handlers.dumpDifferenceRows({ ...all, table: 'sizes', offset: 0, count: 100 }, quietJob)
    expect(sizes.numbers['countA']!.reduce((sum, count) => sum + count, 0)).toBe(difference.heaps[0]!.blocksA)
  })

  it('finds bytes, and nothing where they are not', async () => {
    const { bytes } = await handlers.dumpBytes({ documentId: sound.id, address: HEAP + 8, length: 8, against: null }, quietJob)
    expect(await handlers.dumpSearch({ documentId: sound.id, pattern: bytes, from: 0 }, quietJob)).toEqual({ address: HEAP + 8 })
    expect(await handlers.dumpSearch({ documentId: sound.id, pattern: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), from: 0 }, quietJob)).toEqual({ address: null })
  })

  it('refuses documents of other kinds', async () => {
    const trace = await handlers.openWorkload({ workload: 'G1' }, quietJob)
    expect(() => handlers.dumpHeaps({ documentId: trace.id }, quietJob)).toThrow(/expected snapshot, got trace/)
  })
})
