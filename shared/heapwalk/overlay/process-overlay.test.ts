import { describe, expect, it } from 'vitest'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { openDump } from '../../importers/minidump/testing/dump-data'
import { smallDump } from '../../importers/minidump/testing/small-dumps'
import type { BlockPlace } from './block-place'
import { ProcessOverlay } from './process-overlay'

function placeOf({ blocks }: Snapshot, row: number): BlockPlace {
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
