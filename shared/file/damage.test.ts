import { beforeAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { CHUNK_LENGTH } from '../base/column'
import { quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import type { AnyDocument } from '../model/run'
import { TraceBuilder, type Trace } from '../model/trace'
import { readZipDirectory } from './container/zip-reader'
import { META_NAME } from './meta'
import { readOwnFile } from './read-own-file'
import { forgeries, mutations, rebuilt, tally, truncations, written } from './testing/damage'
import { initParquetForTests, longTrace, plain } from './testing/documents'
import { smallRun, smallSnapshot } from './testing/small-documents'

beforeAll(initParquetForTests)

describe('a damaged own file', () => {
  it('cut after any byte gives a coded error or a partial document', async () => {
    const document = longTrace(5)
    const bytes = await written(document)
    const counts = await tally(truncations(bytes, 3), plain(document))
    expect(counts.same).toBe(0)
    // The directory alone is lost, or names besides: the tables are all there.
    expect(counts.partial).toBeGreaterThan(100)
    expect(counts.error).toBeGreaterThan(500)
  })

  it.each([
    ['trace', () => longTrace(50), 1],
    ['snapshot', smallSnapshot, 2],
    ['run', smallRun, 3],
  ] as const)('a mutated %s gives a coded error, a partial document, or nothing lost', async (_kind, make, seed) => {
    const document = make()
    const counts = await tally(mutations(await written(document), 150, seed), plain(document))
    expect(counts.error + counts.partial + counts.same).toBe(150)
    expect(counts.error).toBeGreaterThan(50)
  })

  it('says which table is damaged, what was expected, and where', async () => {
    const bytes = await written(smallRun())
    const member = readZipDirectory(new MemorySource(bytes)).members.get('lifetimes.parquet')!
    bytes[member.offset + 10]! ^= 1
    const error = await readOwnFile(new MemorySource(bytes, 'run.heapscape'), quietJob).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'format-corrupt',
      facts: { table: 'lifetimes' },
      where: { file: 'run.heapscape', offset: member.offset },
    })
    expect((error as Error).message).toMatch(/^The file is damaged: expected checksum [0-9a-f]{8}, got [0-9a-f]{8}\.$/)
  })

  it('without its call site names opens without call sites', async () => {
    const trace = longTrace(50)
    const bytes = await written(trace)
    const member = readZipDirectory(new MemorySource(bytes)).members.get('sites.parquet')!
    bytes[member.offset + 10]! ^= 1
    const back = (await readOwnFile(new MemorySource(bytes), quietJob)) as Trace
    expect(back.site).toBeUndefined()
    expect(back.sites.names).toEqual([])
    expect(plain(back.address)).toEqual(plain(trace.address))
    expect(back.origin).toMatchObject({ partial: true, notes: [{ code: 'file-damaged', count: 1, firstOffset: member.offset }] })
  })

  it('ends a trace before the first damaged row group', async () => {
    const random = mulberry32(5)
    const builder = new TraceBuilder({ file: 'long', format: 'test', partial: false, notes: [] })
    for (let row = 0; row < CHUNK_LENGTH + 400_000; row++) builder.alloc(Math.floor(random() * 4096))
    const trace = builder.finish(builder.trace.origin)
    const bytes = await written(trace)
    const member = readZipDirectory(new MemorySource(bytes)).members.get('events.parquet')!
    // The sizes of the second row group (12 random bits each) are the last 600 KB before the footer.
    bytes[member.offset + member.size - 200_000]! ^= 1
    const back = (await readOwnFile(new MemorySource(bytes), quietJob)) as Trace
    expect([back.events, back.hash, back.origin.partial]).toEqual([CHUNK_LENGTH, '', true])
    expect(back.objects).toBe(CHUNK_LENGTH)
    expect(Buffer.compare(Buffer.from(back.size.slice().buffer), Buffer.from(trace.size.slice(0, CHUNK_LENGTH).buffer))).toBe(0)
  })
})

describe('a forged own file, its checksums right', () => {
  /** The file with its meta.json rewritten. */
  async function forged(document: AnyDocument, edit: (meta: Record<string, unknown>) => void): Promise<Uint8Array> {
    const bytes = await written(document)
    return rebuilt(bytes, (name, content) => {
      if (name !== META_NAME) return content
      const meta = JSON.parse(new TextDecoder().decode(content)) as Record<string, unknown>
      edit(meta)
      return new TextEncoder().encode(JSON.stringify(meta))
    })
  }

  it.each<[string, (meta: Record<string, never>) => void, string]>([
    ['a newer version', (meta) => Object.assign(meta, { version: 2 }), 'format-too-new'],
    ['version 0', (meta) => Object.assign(meta, { version: 0 }), 'format-corrupt'],
    ['another format', (meta) => Object.assign(meta, { format: 'other' }), 'format-corrupt'],
    ['an unknown kind', (meta) => Object.assign(meta, { kind: 'heap' }), 'format-corrupt'],
    ['a table of another kind', (meta) => Object.assign(meta, { kind: 'trace' }), 'format-corrupt'],
    ['no tables', (meta) => Object.assign(meta, { tables: [] }), 'format-corrupt'],
    ['more rows than the table has', (meta) => Object.assign(meta['tables']![0] as object, { rows: 41 }), 'format-corrupt'],
    ['4 milliard rows', (meta) => Object.assign(meta['tables']![0] as object, { rows: 4e9 }), 'format-corrupt'],
    ['a negative size', (meta) => Object.assign(meta['tables']![0] as object, { bytes: -1 }), 'format-corrupt'],
    ['fewer events than the lives tell of', (meta) => Object.assign(meta['document']!, { events: 1 }), 'format-corrupt'],
    ['no heap record', (meta) => Object.assign(meta['document']!, { heaps: [{}] }), 'format-corrupt'],
  ])('with %s is refused', async (_what, edit, code) => {
    const bytes = await forged(smallRun(), edit as (meta: Record<string, unknown>) => void)
    await expect(readOwnFile(new MemorySource(bytes), quietJob)).rejects.toMatchObject({ code })
  })

  it('with tables that its Parquet reader gives up on is refused, and files opened meanwhile and afterwards are as they were', async () => {
    const [trace, run] = [longTrace(50), smallRun()]
    const [sound, other] = [await written(trace), await written(run)]
    let refused = 0
    let traps = 0
    for (const bytes of forgeries(sound, 150, 11)) {
      const [opened, meanwhile] = await Promise.allSettled([readOwnFile(new MemorySource(bytes, 'forged'), quietJob), readOwnFile(new MemorySource(other), quietJob)])
      if (opened.status === 'rejected') {
        expect(opened.reason).toMatchObject({ code: 'format-corrupt' })
        refused++
      }
      const told = opened.status === 'rejected' ? String(opened.reason) : JSON.stringify(opened.value.origin.notes)
      if (told.includes('gives up on')) traps++
      expect(meanwhile.status === 'fulfilled' && plain(meanwhile.value)).toEqual(plain(run))
    }
    expect(refused).toBeGreaterThan(30)
    // Some of them end the module's call in the middle: that is what this is about.
    expect(traps).toBeGreaterThan(0)
    expect(plain(await readOwnFile(new MemorySource(sound), quietJob))).toEqual(plain(trace))
  })
})
