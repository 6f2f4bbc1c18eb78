import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareRecordings, recordings, verdictsOf } from './testing/recordings'

/* Recordings of real programs whose difference is known: what the comparison says of them. compare-recordings.long.ts takes the larger ones, in every heap. */
describe.skipIf(!existsSync(recordings))('recorded programs', () => {
  it('python: a repeat is no change', async () => {
    const { comparison } = await compareRecordings('py-4000.r1', 'py-4000.r2', 'kath-nt31')
    expect(verdictsOf(comparison)).toEqual(['same', 'same', 'same'])
  })
})
