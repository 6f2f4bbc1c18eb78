import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { heapDefinitions } from '../sim/profiles'
import { compareRecordings, recordings, verdictsOf } from './testing/recordings'

/* Recordings of real programs whose difference is known: what the comparison says of them, and whom it blames. */
describe.skipIf(!existsSync(recordings))('recorded programs', () => {
  const HEAPS = heapDefinitions.map(({ id }) => id)

  it.each(HEAPS)('sqlite on a file: a cache of 8000 KiB instead of 256 pages is a change in %s, of blocks that hold a page', async (heap) => {
    const { comparison, explanation, peak } = await compareRecordings('sqlite-20k-file-c256.r1', 'sqlite-20k-file-c8000.r1', heap)
    expect(peak).toBe('worse')
    expect(comparison.issues.map(({ code }) => code)).toEqual(['workload-drift', 'other-trace'])
    // Its pages of 4 KiB are requested with a header of sqlite's own.
    expect(explanation.bySize.causes[0]).toMatchObject({ kind: 'group', key: 'up to 5120 bytes' })
    expect(explanation.bySize.causes[0]!.live).toBeGreaterThan(2_000_000)
    expect(explanation.ratio!.demandEffect + explanation.ratio!.footprintEffect).toBeCloseTo(explanation.ratio!.change, 9)
  })

  it.each(HEAPS)('sqlite in memory: the same pair is no change in %s', async (heap) => {
    expect(verdictsOf((await compareRecordings('sqlite-20k-c256.r1', 'sqlite-20k-c8000.r1', heap)).comparison)).toEqual(['same', 'same', 'same'])
  })

  it('python without an allocator of its own is a change, of blocks up to 512 bytes, which that allocator keeps from the heap', async () => {
    const { explanation, comparison } = await compareRecordings('py-4000.r1', 'py-4000-pymalloc-off.r1', 'first-fit')
    expect(verdictsOf(comparison)).toContain('worse')
    const small = explanation.bySize.causes.filter(({ key }) => Number(/up to (\d+)/.exec(key)?.[1]) <= 512)
    const blamed = small.reduce((sum, { contribution }) => sum + contribution, 0)
    expect(blamed).toBeGreaterThan(0.7 * explanation.bySize.change)
  })

  it.each([
    ['sqlite-20k-c256.r1', 'sqlite-20k-c256.r2'],
    ['sqlite-20k-c8000.r1', 'sqlite-20k-c8000.r2'],
    ['py-4000.r1', 'py-4000.r2'],
    ['py-4000-pymalloc-off.r1', 'py-4000-pymalloc-off.r2'],
  ])('%s and its repeat are alike', async (a, b) => {
    expect(verdictsOf((await compareRecordings(a, b, 'first-fit')).comparison)).toEqual(['same', 'same', 'same'])
  })
})
