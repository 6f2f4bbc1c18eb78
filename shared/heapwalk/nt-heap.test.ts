import { describe, expect, it, test } from 'vitest'
import { cancelledAfter, quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import type { HeapReport } from '../model/heap-report'
import { BlockKind, BlockState } from '../model/snapshot'
import { layoutsWith } from './layouts/choose-layout'
import type { Bits, BuildKey } from './layouts/structure-table'
import { ntLayoutOf } from './nt/nt-layout'
import type { PlannedBlock } from './materialise/nt-heap-image'
import { buildNtHeap, type SmallHeapImage } from './testing/nt-heap-image'
import { SparseMemory } from './testing/sparse-memory'
import { type ProcessHeaps, walkHeaps } from './walk-heaps'

const BASE = 0x530000
const BUILD_NUMBER: Partial<Record<BuildKey, number>> = { win7: 7601, win8: 9200, win81: 9600, win10_1507: 10240, win10_2004: 19045, win11_24H2: 26100 }
const builds = ([64, 32] as const).flatMap((bits) => layoutsWith(bits, 'HEAP').map(({ key }) => ({ bits, build: key })))

/** Blocks of any size, busy and free in turn at random, with a seeded key. */
function randomHeap(bits: Bits, build: BuildKey, seed: number): { image: SmallHeapImage; placed: PlannedBlock[] } {
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const placed: PlannedBlock[] = []
  // Two free blocks in a row would have been merged.
  for (let i = 0; i < 200; i++) placed.push({ units: 2 + below(30), busy: i % 2 === 0 || below(3) > 0, unused: 8 + below(8) })
  const key = Array.from({ length: 8 }, (_, i) => (i < 6 ? below(256) : 0))
  return { placed, image: buildNtHeap({ bits, build, address: BASE, key, blocks: placed, committedPages: 16, reservedPages: 64 }) }
}

function walk(image: SmallHeapImage, build = 0): Promise<ProcessHeaps> {
  const memory = new SparseMemory().add(image.address, image.bytes, image.uncommittedBytes)
  return walkHeaps({ memory, bits: image.layout.bits, build, tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)
}

const differing = (report: HeapReport): string[] => report.counters.filter(({ equal }) => !equal).map(({ name }) => name)

test('every layout has what the walk needs', () => {
  expect(builds).toHaveLength(31)
  for (const { bits, build } of builds) expect(ntLayoutOf(layoutsWith(bits, 'HEAP').find(({ key }) => key === build)!).heapSize).toBeGreaterThan(0)
})

test.each(builds)('$build, $bits bits: the walk gives back every block that was placed', async ({ bits, build }) => {
  const { image, placed } = randomHeap(bits, build, 7)
  const { heapReports, blocks } = await walk(image, BUILD_NUMBER[build] ?? 0)
  const [report] = heapReports
  expect(report).toMatchObject({ address: BASE, bits, confidence: 'verified', discovery: 'scan', segments: 1, uncommittedRanges: 1, findings: [] })
  expect(differing(report!)).toEqual([])
  const { unit } = image.layout
  placed.forEach((block, i) => {
    const row = i + 1
    expect([blocks.address.at(row), blocks.size.at(row), blocks.state.at(row)]).toEqual([image.entries[i]!, block.units * unit, block.busy ? BlockState.Busy : BlockState.Free])
    expect(blocks.requested.at(row)).toBe(block.busy ? block.units * unit - block.unused! : 0)
  })
  expect(blocks.kind!.at(placed.length + 2)).toBe(BlockKind.UncommittedMarker)
})

describe('damage', () => {
  const recovered = async (bits: Bits, build: BuildKey, seed: number): Promise<void> => {
    const random = mulberry32(seed)
    const { image, placed } = randomHeap(bits, build, seed)
    const { unit, header } = image.layout
    const victim = 5 + Math.floor(random() * 190)
    // Header bytes 0 to 3 are under the checksum.
    const at = image.entries[victim]! - BASE + header + Math.floor(random() * 4)
    image.bytes[at]! ^= 1 << Math.floor(random() * 8)
    const { heapReports, blocks } = await walk(image)
    const finding = heapReports[0]!.findings.find(({ code }) => code === 'checksum')!
    expect(finding).toMatchObject({ severity: 'damage', address: image.entries[victim]!, lastGood: image.entries[victim - 1]! })
    expect(heapReports[0]!.confidence).toBe('uncertain')
    const found = new Set(blocks.address.slice())
    image.entries.forEach((entry, i) => {
      if (i !== victim) expect(found.has(entry), `${bits} ${build} seed ${seed}: entry ${i}, ${placed[i]?.units ?? 0} units of ${unit}`).toBe(true)
    })
  }

  it.each(builds)('of one bit in a header of $build, $bits bits, loses that block alone', async ({ bits, build }) => {
    for (let seed = 100; seed < 110; seed++) await recovered(bits, build, seed)
  })

  it('of the stored key is repaired from the heap’s own entry', async () => {
    const { image } = randomHeap(64, 'win10_2004', 3)
    image.bytes[image.layout.heap.Encoding + 8]! ^= 0xff
    const { heapReports } = await walk(image, 19045)
    expect(heapReports[0]!.findings.map(({ code }) => code)).toEqual(['key-derived'])
    expect(differing(heapReports[0]!)).toEqual([])
  })

  it('of a list that runs in a circle ends the list, not the walk', async () => {
    const { image } = randomHeap(32, 'win7', 4)
    const { FreeLists } = image.layout.heap
    const view = new DataView(image.bytes.buffer)
    const first = view.getUint32(FreeLists, true) - BASE
    const second = view.getUint32(first, true) - BASE
    view.setUint32(second, BASE + first, true)
    const { heapReports, blocks } = await walk(image)
    expect(heapReports[0]!.findings.map(({ code }) => code)).toContain('free-list-broken')
    expect(blocks.length).toBe(image.entries.length + 2)
  })

  it('of counters shows as figures that differ', async () => {
    const { image } = randomHeap(32, 'win7', 5)
    new DataView(image.bytes.buffer).setUint32(image.layout.heap.TotalFreeSize, 1, true)
    const { heapReports } = await walk(image)
    expect(differing(heapReports[0]!)).toEqual(['totalFreeUnits'])
    expect(heapReports[0]!.confidence).toBe('inferred')
  })

  it('of a missing page loses what lies on it', async () => {
    const { image } = randomHeap(64, 'win10_2004', 6)
    const hole = 0x3000
    const memory = new SparseMemory().add(BASE, image.bytes.slice(0, hole)).add(BASE + hole + 0x1000, image.bytes.slice(hole + 0x1000), image.uncommittedBytes)
    const { heapReports, blocks } = await walkHeaps({ memory, bits: 64, build: 19045, tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)
    expect(heapReports[0]!.findings.map(({ code }) => code)).toContain('memory-missing')
    const found = new Set(blocks.address.slice())
    const behind = image.entries.filter((entry) => entry >= BASE + hole + 0x1000)
    expect(behind.filter((entry) => !found.has(entry)).length).toBeLessThanOrEqual(1)
  })
})

describe('the layout', () => {
  it('is found by the header length when the build is wrong', async () => {
    const { image } = randomHeap(64, 'win10_2004', 8)
    const { heapReports } = await walk(image, 7601)
    expect(heapReports[0]).toMatchObject({ layout: 'win10_1809', confidence: 'verified' })
    expect(heapReports[0]!.findings.map(({ code }) => code)).toEqual(['layout-of-other-build'])
  })

  it('that fits none is said to be unverified', async () => {
    const { image } = randomHeap(64, 'win10_2004', 9)
    new DataView(image.bytes.buffer).setUint16(image.layout.heap.HeaderValidateLength, 0x999, true)
    const { heapReports } = await walk(image, 19045)
    expect(heapReports[0]).toMatchObject({ layout: 'win10_2004', confidence: 'inferred' })
    expect(heapReports[0]!.findings.map(({ code }) => code)).toEqual(['layout-unverified'])
  })
})

test('a walk can be cancelled', async () => {
  const { image } = randomHeap(64, 'win10_2004', 10)
  const memory = new SparseMemory().add(image.address, image.bytes, image.uncommittedBytes)
  await expect(walkHeaps({ memory, bits: 64, build: 0, tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
})
