import { beforeAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { HeapscapeError } from '../base/errors'
import { quietJob } from '../base/job-context'
import { readOwnFile } from './read-own-file'
import { forgeries, mutations, tally, truncations, written } from './testing/damage'
import { initParquetForTests, longTrace, plain } from './testing/documents'
import { smallRun, smallSnapshot } from './testing/small-documents'

beforeAll(initParquetForTests)

const KINDS = [
  ['trace', () => longTrace(50), 1],
  ['snapshot', smallSnapshot, 2],
  ['run', smallRun, 3],
] as const

describe('a damaged own file', () => {
  it.each(KINDS)('cut after every single byte: a %s gives a coded error or a partial document', async (_kind, make) => {
    const document = make()
    const bytes = await written(document)
    const counts = await tally(truncations(bytes), plain(document))
    expect(counts.same).toBe(0)
    expect(counts.partial).toBeGreaterThan(100)
    expect(counts.error + counts.partial).toBe(bytes.length)
  })

  it.each(KINDS)('1,000 mutations of a %s: coded error, partial, or nothing lost', async (_kind, make, seed) => {
    const document = make()
    const counts = await tally(mutations(await written(document), 1000, seed), plain(document))
    expect(counts.error + counts.partial + counts.same).toBe(1000)
    expect(counts.error).toBeGreaterThan(300)
  })

  it.each(KINDS)('700 forgeries of a %s, checksums right: an error, a partial document, or another document, never the end of the process', async (_kind, make, seed) => {
    const document = make()
    const bytes = await written(document)
    let refused = 0
    for (const forged of forgeries(bytes, 700, seed)) {
      await readOwnFile(new MemorySource(forged, 'forged'), quietJob).catch((error: unknown) => {
        if (!(error instanceof HeapscapeError) || error.code === 'internal') throw error
        refused++
      })
    }
    expect(refused).toBeGreaterThan(100)
    expect(plain(await readOwnFile(new MemorySource(bytes), quietJob))).toEqual(plain(document))
  })
})
