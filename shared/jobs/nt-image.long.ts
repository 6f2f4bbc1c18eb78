import { expect, test } from 'vitest'
import { foundBlocks, heapAfterCalls, NT_LAYOUTS, simulatedBlocks, walkImage } from './testing/nt-images'

test.each(NT_LAYOUTS)('$build, $bits bits: after 10,000 random calls the bytes walk back to the simulated heap', { timeout: 120_000 }, async ({ bits, build, profile }) => {
  for (const seed of [1, 2]) {
    const heap = heapAfterCalls(profile, 10_000, seed)
    const walked = await walkImage(heap, bits, build)
    const [report] = walked.heapReports
    expect(report!.findings).toEqual([])
    expect(report!.counters.filter(({ equal }) => !equal)).toEqual([])
    expect(report!.segments).toBe(heap.backEnd.segments.length)
    expect(foundBlocks(walked)).toEqual(simulatedBlocks(heap))
  }
})
