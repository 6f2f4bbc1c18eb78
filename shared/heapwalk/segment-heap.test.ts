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

test('the builds that have it: twelve of 64 bits, nine of 32', () => {
  expect(builds.filter(({ bits }) => bits === 64)).toHaveLength(12)
  expect(builds.filter(({ bits }) => bits === 32)).toHaveLength(9)
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

describe('damage of what describes ranges', () => {
  const image = (): SegmentHeapImage => randomHeap(64, 'win10_2004', 5)
  const pieceAt = (built: SegmentHeapImage, address: number): { view: DataView; at: number } => {
    const piece = built.pieces.find((candidate) => address >= candidate.address && address < candidate.address + candidate.bytes.length)!
    return { view: new DataView(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength), at: address - piece.address }
  }
  /** Blocks that were placed outside [from, to) and are not found, the free ends of segments left aside. */
  const lost = async (built: SegmentHeapImage, from: number, to: number): Promise<{ codes: string[]; missing: number }> => {
    const { heapReports, blocks } = await walk(built, 'win10_2004')
    const sizes = new Map(Array.from({ length: blocks.length }, (_, row) => [blocks.address.at(row), blocks.size.at(row)]))
    const outside = built.placed.filter(({ address, size, kind, requested }) => (address < from || address >= to) && (kind !== BlockKind.PageRange || requested > 0 || size < 0x30000))
    return { codes: heapReports[0]!.findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code), missing: outside.filter(({ address, size }) => sizes.get(address) !== size).length }
  }

  it.each([0, 1, 100, 255])('a range that claims %i units loses no other range', async (units) => {
    for (const index of [0, 3, 7]) {
      const built = image()
      const { address, bytes, descriptor } = built.ranges[index]!
      const unitSizeAt = built.layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'UnitSize')
      const { view, at } = pieceAt(built, descriptor + unitSizeAt)
      if (view.getUint8(at) === units) continue
      view.setUint8(at, units)
      const { codes, missing } = await lost(built, address, address + bytes)
      expect(codes).toContain('range-damaged')
      expect(missing, `range ${index}`).toBe(0)
    }
  })

  it('a sub-segment whose count of free blocks is wrong stays closed, alone', async () => {
    const built = image()
    const { address, bytes } = built.ranges.find(({ use }) => use === 'lfh')!
    const { view, at } = pieceAt(built, address + built.subLayout.offset('HEAP_LFH_SUBSEGMENT', 'FreeCount'))
    view.setUint16(at, view.getUint16(at, true) + 1, true)
    const { codes, missing } = await lost(built, address, address + bytes)
    expect(codes).toContain('lfh-bitmap')
    expect(missing).toBe(0)
  })

  it('a broken link in the list of segments loses none of them', async () => {
    const built = image()
    const { view, at } = pieceAt(built, built.segments[0]!)
    view.setUint32(at, 0x12345678, true)
    const { codes, missing } = await lost(built, 0, 0)
    expect(codes).toContain('segment-list-broken')
    expect(missing).toBe(0)
  })
})
