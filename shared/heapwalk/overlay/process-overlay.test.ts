import { describe, expect, it } from 'vitest'
import { quietJob } from '../../base/job-context'
import { BlockKind, BlockState, type Snapshot } from '../../model/snapshot'
import { openDump } from '../../importers/minidump/testing/dump-data'
import { smallDump } from '../../importers/minidump/testing/small-dumps'
import { FIRST_BUILD } from '../layouts/choose-layout'
import type { Bits, BuildKey } from '../layouts/structure-table'
import { materialiseNtHeap } from '../materialise/nt-heap-image'
import { buildSegmentHeap } from '../testing/segment-heap-image'
import { SparseMemory } from '../testing/sparse-memory'
import { type ProcessHeaps, walkHeaps } from '../walk-heaps'
import type { BlockPlace } from './block-place'
import { ProcessOverlay } from './process-overlay'

function placeOf({ blocks }: Pick<Snapshot, 'blocks'>, row: number): BlockPlace {
  return { address: blocks.address.at(row), size: blocks.size.at(row), requested: blocks.requested.at(row), state: blocks.state.at(row), kind: blocks.kind!.at(row) }
}

describe('overlay of an NT heap', async () => {
  const snapshot = await openDump(smallDump())
  const overlay = new ProcessOverlay(snapshot.memory!, snapshot.heapReports)
  const rows = Array.from({ length: snapshot.blocks.length }, (_, row) => row)
  const fieldsOf = (row: number) => overlay.fields(0, placeOf(snapshot, row))

  it('decodes every block header to the size that was walked', () => {
    const withHeader = rows.filter((row) => fieldsOf(row).some(({ structure, field }) => structure === 'block header' && field === 'checksum'))
    expect(withHeader.length).toBeGreaterThanOrEqual(6)
    // The first block is the heap itself, whose entry covers its header alone.
    for (const row of withHeader.slice(1)) {
      const size = fieldsOf(row).find(({ field }) => field === 'size')!
      expect(size.text).toContain(`${snapshot.blocks.size.at(row)} bytes`)
      expect(fieldsOf(row).find(({ field }) => field === 'checksum')!.text).toContain('right')
    }
  })

  it('gives raw and decoded bytes of a header: decoded ones are what the entry says', () => {
    const busy = rows.find((row) => snapshot.blocks.state.at(row) === BlockState.Busy)!
    const { raw, decoded, address } = overlay.entry(0, placeOf(snapshot, busy))!
    expect(raw).toEqual(snapshot.memory!.read(address, 8))
    expect((decoded[0]! | (decoded[1]! << 8)) * 8).toBe(snapshot.blocks.size.at(busy))
    expect(decoded[3]).toBe(decoded[0]! ^ decoded[1]! ^ decoded[2]!)
    expect([...raw]).not.toEqual([...decoded])
  })

  it('follows the links of free blocks to the next one', () => {
    const free = rows.filter((row) => snapshot.blocks.state.at(row) === BlockState.Free)
    const places = new Set(free.map((row) => snapshot.blocks.address.at(row) + 8))
    const targets = free.flatMap((row) => fieldsOf(row).flatMap(({ structure, target }) => (structure === 'free block' && target !== undefined ? [target] : [])))
    expect(targets).toHaveLength(2 * free.length)
    expect(targets.filter((target) => places.has(target)).length).toBeGreaterThanOrEqual(2)
  })

  it('names the members of the heap and what the program asked for', () => {
    const heap = fieldsOf(0)
    expect(heap.find(({ field }) => field === 'Signature')).toMatchObject({ structure: 'HEAP', bytes: 4, text: `${0xeeffeeff}, 0xEEFFEEFF` })
    const busy = rows.find((row) => snapshot.blocks.state.at(row) === BlockState.Busy)!
    expect(fieldsOf(busy).find(({ field }) => field === 'data')!.bytes).toBe(snapshot.blocks.requested.at(busy))
  })

  it('keeps fields of one structure apart and inside the block', () => {
    for (const row of rows) {
      const { address, size } = placeOf(snapshot, row)
      for (const field of fieldsOf(row)) {
        expect(field.address).toBeGreaterThanOrEqual(address)
        expect(field.address + field.bytes).toBeLessThanOrEqual(address + size)
      }
    }
  })
})

it('says of a damaged header that its checksum is wrong', async () => {
  const snapshot = await openDump(smallDump(true))
  const damage = snapshot.heapReports[0]!.findings.find(({ code }) => code === 'checksum')!
  const row = Array.from({ length: snapshot.blocks.length }, (_, i) => i).find((i) => snapshot.blocks.address.at(i) === damage.address)!
  const fields = new ProcessOverlay(snapshot.memory!, snapshot.heapReports).fields(0, placeOf(snapshot, row))
  expect(fields.find(({ field }) => field === 'checksum')!.text).toContain('wrong')
})

describe('headers that lead elsewhere or are encoded', () => {
  const walk = (memory: SparseMemory, bits: Bits, build: BuildKey): Promise<ProcessHeaps> =>
    walkHeaps({ memory, bits, build: FIRST_BUILD[build], tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)

  it.each([[64, 'win7'], [32, 'win8'], [64, 'win10_2004']] as const)('names container and sub-segment of each slot, %i bits, %s', async (bits, build) => {
    const slots = Array.from({ length: 12 }, (_, i) => ({ busy: i % 2 > 0, unused: 8 }))
    const image = materialiseNtHeap({ bits, build, key: [1, 2, 3, 4, 5, 6, 0, 0], lfhKey: 0x1234abcd, segments: [{ address: 0x1000000, items: [{ lfh: { strideUnits: 3, slots } }], reservedPages: 16 }] })
    const memory = new SparseMemory()
    for (const { address, bytes, reservedBehind } of image.memory) memory.add(address, bytes, reservedBehind)
    const { blocks, heapReports } = await walk(memory, bits, build)
    const overlay = new ProcessOverlay(memory, heapReports)
    const texts: string[] = []
    for (let row = 0; row < blocks.length; row++) {
      if (blocks.kind!.at(row) === BlockKind.LfhSlot) texts.push(overlay.fields(0, placeOf({ blocks }, row)).find(({ field }) => field.endsWith('encoded'))!.text)
    }
    expect(texts).toHaveLength(12)
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toMatch(/^container 0x10\w+, sub-segment 0x10\w+; key 0x1234ABCD, as the slot beside it$/)
  })

  it.each([[64, 'win10_2004'], [64, 'win11_24H2'], [32, 'win10_1607'], [32, 'win10_1903']] as const)('decodes the chunks of a Segment Heap, %i bits, %s', async (bits, build) => {
    const base = bits === 64 ? 0x1f200000000 : 0x10000000
    const { memory } = buildSegmentHeap({ bits, build, seed: 4, address: base + 0x110000, segmentsAt: base + 0x1000000, heapKey: { low: 0x8badf00d, high: bits === 64 ? 0x1234 : 0 }, lfhKey: 99 })
    const { blocks, heapReports } = await walk(memory, bits, build)
    const overlay = new ProcessOverlay(memory, heapReports)
    let chunks = 0
    for (let row = 0; row < blocks.length; row++) {
      if (blocks.kind!.at(row) !== BlockKind.VsChunk) continue
      chunks++
      const place = placeOf({ blocks }, row)
      const { text } = overlay.fields(0, place).find(({ field }) => field === 'sizes, encoded')!
      expect(text).toContain(`${place.size} bytes; before it`)
      expect(text.includes('in use')).toBe(place.state === BlockState.Busy)
      const { raw, decoded } = overlay.entry(0, place)!
      expect([...raw]).not.toEqual([...decoded])
      const units = bits === 64 ? decoded[2]! | (decoded[3]! << 8) : ((decoded[0]! | (decoded[1]! << 8)) >> 1) & 0x7fff
      expect(units * (bits === 64 ? 16 : 8)).toBe(place.size)
    }
    expect(chunks).toBeGreaterThan(50)
  })
})
