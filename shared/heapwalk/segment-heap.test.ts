import { describe, expect, it, test } from 'vitest'
import { quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import { UNKNOWN_SIZE } from '../base/units'
import { BlockKind } from '../model/snapshot'
import { FIRST_BUILD, layoutsWith } from './layouts/choose-layout'
import type { Bits, BuildKey } from './layouts/structure-table'
import { buildSegmentHeap, type SegmentHeapImage } from './testing/segment-heap-image'
import { type ProcessHeaps, walkHeaps } from './walk-heaps'

/** Two layouts of one build that differ only in what no walk reads: the later one is named. */
const READ_AS: Partial<Record<BuildKey, BuildKey>> = { win10_1809: 'win10_1809_upd' }
/** Builds whose page descriptors are known; before them a heap can be named and not walked. */
const builds = ([64, 32] as const).flatMap((bits) =>
  layoutsWith(bits, 'SEGMENT_HEAP')
    .filter((layout) => layout.has('HEAP_PAGE_RANGE_DESCRIPTOR') && layout.size('HEAP_PAGE_RANGE_DESCRIPTOR') > 0)
    .map(({ key }) => ({ bits, build: key })),
)

function randomHeap(bits: Bits, build: BuildKey, seed: number): SegmentHeapImage {
  const random = mulberry32(seed)
  const draw = (): number => Math.floor(random() * 0x100000000)
  // Above 4 GB on 64 bits, where the two ways of shifting an address differ.
  const base = bits === 64 ? 0x1f200000000 : 0x10000000
  return buildSegmentHeap({ bits, build, seed, address: base + 0x110000, segmentsAt: base + 0x1000000, heapKey: { low: draw(), high: bits === 64 ? draw() : 0 }, lfhKey: draw() })
}

const walk = (image: SegmentHeapImage, build: BuildKey): Promise<ProcessHeaps> =>
  walkHeaps({ memory: image.memory, bits: image.layout.bits, build: FIRST_BUILD[build], tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)

test('the builds that have it: twelve of 64 bits, six of 32', () => {
  expect(builds.filter(({ bits }) => bits === 64)).toHaveLength(12)
  expect(builds.filter(({ bits }) => bits === 32)).toHaveLength(6)
})

describe.each(builds)('$build, $bits bits', ({ bits, build }) => {
  it('gives back every block that was placed, under keys nobody told', async () => {
    for (const seed of [1, 2, 3]) {
      const image = randomHeap(bits, build, seed)
      const { heapReports, blocks } = await walk(image, build)
      expect(heapReports[0], `seed ${seed}`).toMatchObject({ flavour: 'segment-heap', bits, layout: READ_AS[build] ?? build, findings: [], confidence: 'inferred', virtualAllocBlocks: 2 })
      expect(heapReports[0]!.counters.filter(({ equal }) => !equal)).toEqual([])
      const rows = new Map(Array.from({ length: blocks.length }, (_, row) => [blocks.address.at(row), row]))
      const walked = image.placed.map(({ address }) => {
        const row = rows.get(address) ?? -1
        return row < 0 ? undefined : { address, size: blocks.size.at(row), state: blocks.state.at(row), kind: blocks.kind!.at(row), requested: blocks.requested.at(row) }
      })
      // The memory behind the last used unit is not committed; there the free range ends.
      const expected = image.placed.filter(({ kind, requested, size }) => kind !== BlockKind.PageRange || requested > 0 || size < 0x30000)
      expect(walked.filter((block) => block !== undefined && expected.some(({ address }) => address === block.address))).toEqual(expected.map((block) => ({ ...block, requested: Number.isNaN(block.requested) ? UNKNOWN_SIZE : block.requested })))
    }
  })
})
