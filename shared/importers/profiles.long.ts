import { describe, expect, test } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { HeapscapeError } from '../base/errors'
import { quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import { checkProfile } from '../model/check-profile'
import type { AnyDocument } from '../model/run'
import { importSource } from './import-source'
import { realBytes, realFiles } from './testing/real-profiles'

/*
 * Real files of the formats that become profiles, cut and changed: real ones have forms and sizes that small samples lack.
 */
const FOLDERS = ['massif', 'dhat', 'jemalloc', 'pprof-heap', 'tcmalloc', 'umdh'] as const
const CUTS = 64
const LINE_FEED = 10
const MUTATIONS = 24
/** Slowest single opening that still counts as "no hang". */
const TIME_LIMIT_MS = 20_000

const files = FOLDERS.flatMap((folder) => realFiles(folder).map((file) => ({ folder, file })))

/** A sound document, or the code of an error; whatever else is thrown fails the test. */
async function openOrCode(bytes: Uint8Array): Promise<AnyDocument | string> {
  const start = performance.now()
  try {
    return await importSource(new MemorySource(bytes, 'unknown'), { mode: 'compatible' }, quietJob)
  } catch (error) {
    if (error instanceof HeapscapeError && error.code !== 'internal') return error.code
    throw error
  } finally {
    expect(performance.now() - start).toBeLessThan(TIME_LIMIT_MS)
  }
}

const violationsOf = (document: AnyDocument | string): string[] => (typeof document !== 'string' && document.kind === 'profile' ? checkProfile(document) : [])

describe.skipIf(files.length === 0)('real profiles, damaged', () => {
  test.each(files)('$folder/$file: cut at 64 places', async ({ folder, file }) => {
    const bytes = realBytes(folder, file)
    for (let cut = 1; cut < CUTS; cut++) {
      const at = Math.floor((bytes.length * cut) / CUTS)
      // Cut exactly between two lines it is a shorter text, not a damaged one.
      const document = await openOrCode(bytes.subarray(0, bytes[at - 1] === LINE_FEED ? at - 1 : at))
      expect(violationsOf(document), `cut ${cut}`).toEqual([])
      if (typeof document !== 'string') expect(document.origin.partial, `cut ${cut}`).toBe(true)
    }
  })

  test.each(files)('$folder/$file: 24 seeded mutations', async ({ folder, file }) => {
    const random = mulberry32(4711)
    const bytes = realBytes(folder, file)
    for (let round = 0; round < MUTATIONS; round++) {
      const copy = bytes.slice()
      for (let edit = 0; edit < 20; edit++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
      expect(violationsOf(await openOrCode(copy)), `round ${round}`).toEqual([])
    }
  })
})
