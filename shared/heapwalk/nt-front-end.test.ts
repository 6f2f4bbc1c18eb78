import { expect, test } from 'vitest'
import { quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import { BlockKind } from '../model/snapshot'
import { FIRST_BUILD, layoutsWith } from './layouts/choose-layout'
import type { Bits, BuildKey } from './layouts/structure-table'
import { materialiseNtHeap, type NtHeapImage, type NtItem } from './materialise/nt-heap-image'
import { SparseMemory } from './testing/sparse-memory'
import { type ProcessHeaps, walkHeaps } from './walk-heaps'

const builds = ([64, 32] as const).flatMap((bits) => layoutsWith(bits, 'HEAP').map(({ key }) => ({ bits, build: key })))

/** Three segments with containers, given-back pages between blocks, and two blocks with own reservations. */
function richHeap(bits: Bits, build: BuildKey, seed: number): NtHeapImage {
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const blocks = (count: number): NtItem[] => Array.from({ length: count }, (_, i) => ({ units: 2 + below(40), busy: i % 2 === 0 || below(3) > 0, unused: 8 + below(8) }))
  const container = (): NtItem => {
    const strideUnits = 2 + below(10)
    return { lfh: { strideUnits, slots: Array.from({ length: 10 + below(90) }, () => ({ busy: below(3) > 0, unused: 8 + below(8) })) } }
  }
  const items = (): NtItem[] => [...blocks(30), container(), ...blocks(10), { uncommittedPages: 1 + below(9) }, ...blocks(20), container(), container(), ...blocks(5)]
  const base = bits === 64 ? 0x21b40000000 : 0x1000000
  return materialiseNtHeap({
    bits,
    build,
    key: Array.from({ length: 8 }, (_, i) => (i < 6 ? below(256) : 0)),
    lfhKey: below(0x100000000),
    segments: [0, 1, 2].map((i) => ({ address: base + i * 0x400000, items: items(), reservedPages: 64 << i })),
    virtualBlocks: [{ address: base + 0x1000000, requested: 600_000 + below(5000) }, { address: base + 0x1200000, requested: 0x100000 - below(4000) }],
  })
}

function walk(image: NtHeapImage, bits: Bits, build: BuildKey): Promise<ProcessHeaps> {
  const memory = new SparseMemory()
  for (const { address, bytes, reservedBehind } of image.memory) memory.add(address, bytes, reservedBehind)
  return walkHeaps({ memory, bits, build: FIRST_BUILD[build], tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)
}

test.each(builds)('$build, $bits bits: front end, ranges given back and own reservations come back as they were laid', async ({ bits, build }) => {
  const image = richHeap(bits, build, bits + build.length)
  const { heapReports, blocks } = await walk(image, bits, build)
  const [report] = heapReports
  expect(report).toMatchObject({ confidence: 'verified', frontEnd: 'lfh', segments: 3, uncommittedRanges: 6, virtualAllocBlocks: 2, findings: [] })
  expect(report!.lfh.subSegments).toBe(9)
  expect(report!.counters.filter(({ equal }) => !equal)).toEqual([])
  const rows = new Map(Array.from({ length: blocks.length }, (_, row) => [blocks.address.at(row), row]))
  const walked = image.laid.map(({ address }) => {
    const row = rows.get(address)
    return row === undefined ? address : { address, size: blocks.size.at(row), state: blocks.state.at(row), kind: blocks.kind!.at(row), requested: blocks.requested.at(row) }
  })
  expect(walked).toEqual(image.laid)
})

test.each(builds)('$build, $bits bits: a slot whose header was written over is told at its place, its neighbours are as before', async ({ bits, build }) => {
  const image = richHeap(bits, build, 7)
  const slots = image.laid.filter(({ kind }) => kind === BlockKind.LfhSlot)
  const victim = slots[slots.length >> 1]!
  const piece = image.memory.find(({ address, bytes }) => victim.address >= address && victim.address < address + bytes.length)!
  // What an overrun of the slot before writes: the first two bytes of the header.
  piece.bytes.fill(0x41, victim.address - piece.address + (bits === 64 ? 8 : 0), victim.address - piece.address + (bits === 64 ? 10 : 2))
  const { heapReports, blocks } = await walk(image, bits, build)
  expect(heapReports[0]!.findings).toMatchObject([{ code: 'lfh-slot-header', severity: 'damage', address: victim.address, text: expect.stringContaining('does not lead to its container') as unknown }])
  expect(Array.from(blocks.kind!.slice()).filter((kind) => kind === BlockKind.LfhSlot)).toHaveLength(slots.length)
})

test.each([64, 32] as const)('a single container, %i bits, is sure where its slots confirm it', async (bits) => {
  const slots = Array.from({ length: 20 }, (_, i) => ({ busy: i % 3 > 0, unused: 8 }))
  const image = materialiseNtHeap({ bits, build: 'win10_2004', key: [1, 2, 3, 4, 5, 6, 0, 0], lfhKey: 0x1234abcd, segments: [{ address: 0x1000000, items: [{ lfh: { strideUnits: 3, slots } }], reservedPages: 16 }] })
  const { heapReports, blocks } = await walk(image, bits, 'win10_2004')
  expect(heapReports[0]).toMatchObject({ confidence: 'verified', findings: [] })
  const confidences = Array.from({ length: blocks.length }, (_, row) => row).filter((row) => blocks.kind!.at(row) === BlockKind.LfhSlot).map((row) => blocks.confidence!.at(row))
  expect(new Set(confidences)).toEqual(new Set([0]))
})

test('a heap that no layout fits is named and stays closed', async () => {
  const bytes = new Uint8Array(0x1000)
  new DataView(bytes.buffer).setUint32(0x10, 0xddeeddee, true)
  const { heapReports, heaps } = await walkHeaps({ memory: new SparseMemory().add(0x530000, bytes), bits: 64, build: 0, tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)
  expect(heapReports).toHaveLength(1)
  expect(heapReports[0]).toMatchObject({ flavour: 'segment-heap', layout: 'unknown', confidence: 'opaque', userBlocks: 0 })
  expect(heapReports[0]!.findings.map(({ code }) => code)).toEqual(['layout-unknown'])
  expect(heaps[0]!.confidence).toBe('opaque')
})
