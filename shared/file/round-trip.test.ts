import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { CHUNK_LENGTH, Column } from '../base/column'
import { cancelledAfter, quietJob } from '../base/job-context'
import type { AnyDocument } from '../model/run'
import { openOwnFile } from './open-own-file'
import { readOwnFile } from './read-own-file'
import { documents, initParquetForTests, longTrace, MemorySink, plain, runs, snapshots, traces, views } from './testing/documents'
import { writeOwnFile, type WriteOptions } from './write-own-file'

beforeAll(initParquetForTests)

async function written(document: AnyDocument, options: WriteOptions = {}): Promise<Uint8Array> {
  const sink = new MemorySink()
  await writeOwnFile(document, sink, quietJob, options)
  return sink.bytes()
}

describe('own file', () => {
  it.each([
    ['traces', traces],
    ['snapshots', snapshots],
    ['runs', runs],
  ] as const)('gives %s back as they were', async (_kind, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary as fc.Arbitrary<AnyDocument>, async (document) => {
        const back = await readOwnFile(new MemorySource(await written(document)), quietJob)
        expect(plain(back)).toEqual(plain(document))
        expect(back.constructor).toBe(document.constructor)
      }),
      { numRuns: 40, seed: 7 },
    )
  })

  it('keeps the view record and the name of the writing program', async () => {
    await fc.assert(
      fc.asyncProperty(documents, views, async (document, view) => {
        const options = view === undefined ? { tool: 'Heapscape 9.9' } : { tool: 'Heapscape 9.9', view }
        const file = openOwnFile(new MemorySource(await written(document, options)))
        expect(file.view).toEqual(view === undefined ? undefined : JSON.parse(JSON.stringify(view)))
        expect([file.meta.tool, file.meta.version, file.meta.kind, file.cutShort]).toEqual(['Heapscape 9.9', 1, document.kind, false])
      }),
      { numRuns: 30, seed: 7 },
    )
  })

  it('gives equal bytes for equal documents', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const first = await written(document)
        const copy = await readOwnFile(new MemorySource(first), quietJob)
        expect(Buffer.compare(await written(document), first)).toBe(0)
        expect(Buffer.compare(await written(copy), first)).toBe(0)
      }),
      { numRuns: 30, seed: 7 },
    )
  })

  it('goes through several row groups, and its columns come back in chunks', async () => {
    const trace = longTrace(CHUNK_LENGTH + 12_345)
    const back = (await readOwnFile(new MemorySource(await written(trace)), quietJob)) as typeof trace
    for (const name of ['op', 'object', 'size', 'address', 'site', 'thread', 'time'] as const) {
      expect(back[name]!.chunks.map((chunk) => chunk.length)).toEqual([CHUNK_LENGTH, 12_345])
      expect(Buffer.compare(bytesOf(back[name]!), bytesOf(trace[name]!))).toBe(0)
    }
  })

  it('reads only what the asked columns need', async () => {
    const bytes = await written(longTrace(CHUNK_LENGTH))
    const source = new MemorySource(bytes)
    let read = 0
    const counting = { name: 'counted', size: source.size, close: () => {}, read: (offset: number, length: number) => ((read += length), source.read(offset, length)) }
    const file = openOwnFile(counting)
    const [op] = await file.readColumns('events', ['op'], quietJob)
    expect(op!.length).toBe(CHUNK_LENGTH)
    expect(read).toBeLessThan(bytes.length / 4)
  })

  it('stops when it is cancelled, writing or reading', async () => {
    const trace = longTrace(1000)
    await expect(writeOwnFile(trace, new MemorySink(), cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
    const bytes = await written(trace)
    await expect(readOwnFile(new MemorySource(bytes), cancelledAfter(2))).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('packs a column of one value tightly, and still opens it', async () => {
    const trace = longTrace(0)
    const rows = CHUNK_LENGTH
    for (let row = 0; row < rows; row++) {
      for (const name of ['op', 'object', 'size', 'address', 'site', 'thread', 'time'] as const) trace[name]!.push(0)
    }
    const bytes = await written(trace)
    expect(bytes.length).toBeLessThan(30_000)
    expect(((await readOwnFile(new MemorySource(bytes), quietJob)) as typeof trace).events).toBe(rows)
  })
})

const bytesOf = (column: Column): Uint8Array => {
  const values = column.slice()
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
