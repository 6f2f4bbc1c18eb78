import { describe, expect, it, test } from 'vitest'
import { layoutOf } from './layouts/choose-layout'
import type { Bits, BuildKey } from './layouts/structure-table'
import { walkList } from './list'
import { MemoryView } from './memory-view'
import { decodeEntry, deriveKey, heapEntryBytes } from './nt/entry'
import { frontEndName } from './nt/flag-names'
import { ntLayoutOf } from './nt/nt-layout'
import { SparseMemory } from './testing/sparse-memory'

/*
 * Bytes of real heaps, published in debugger logs. Only F1, F2 (the key stands in the heap) and F7 (the key was printed)
 * test the checksum; in F3, F4, F5 and F10 the key comes from the plain text, so they only keep what is known.
 */
const bytes = (text: string): Uint8Array => Uint8Array.from(text.trim().split(/\s+/), (byte) => parseInt(byte, 16))
const dwords = (text: string): Uint8Array => {
  const values = text.trim().split(/\s+/)
  const out = new Uint8Array(values.length * 4)
  values.forEach((value, i) => new DataView(out.buffer).setUint32(i * 4, parseInt(value, 16), true))
  return out
}
const shown = (raw: string, key: string): string => {
  const { units, flags, previousUnits, unusedBytes, hasChecksum } = decodeEntry(bytes(raw), bytes(key))
  return `${units.toString(16)} units, flags ${flags.toString(16)}, previous ${previousUnits.toString(16)}, unused ${unusedBytes.toString(16)}${hasChecksum ? '' : ', checksum wrong'}`
}

describe('F1: Windows 7, 32 bits, heap 0x560000 (independent)', () => {
  const KEY = 'a1 43 11 3b 78 40 00 00'
  const HEADER = `
    3b1143a1 00004078 0f99011e 00000000  0000fe00 eeffeeff 00100000 00002000  00000200 00002000 00000149 7ffdefff  01380004 00000000 00000000 00000000
    00560fe8 00560fe8 0000000f fffffff8  005600a0 005600a0 00560010 00560010  00560150 00000000 00560150 00000000  00000000 005605a0 005605a0 00560138`

  test.each([
    ['a3 43 10 38 c9 40 00 08', '2 units, flags 1, previous b1, unused 8'],
    ['e8 42 11 73 7a 40 00 00', '149 units, flags 0, previous 2, unused 0'],
    ['a3 43 10 38 7a 40 00 08', '2 units, flags 1, previous 2, unused 8'],
    ['9e 42 11 05 7a 40 00 00', '13f units, flags 0, previous 2, unused 0'],
    ['a3 43 11 39 c9 40 00 00', '2 units, flags 0, previous b1, unused 0'],
  ])('%s', (raw, expected) => expect(shown(raw, KEY)).toBe(expected))

  test('one flipped bit in any of the first four bytes fails the checksum', () => {
    for (let byte = 0; byte < 4; byte++) {
      for (let bit = 0; bit < 8; bit++) {
        const raw = bytes('a3 43 10 38 c9 40 00 08')
        raw[byte]! ^= 1 << bit
        expect(decodeEntry(raw, bytes(KEY)).hasChecksum).toBe(false)
      }
    }
  })

  it('has its members where the layout of Windows 7 says', () => {
    const { heap } = ntLayoutOf(layoutOf(32, 'win7'))
    const view = new MemoryView(new SparseMemory().add(0x560050, dwords(HEADER)))
    const at = (offset: number): number => view.u32(0x560000 + offset)
    expect([at(heap.Signature), at(heap.TotalFreeSize), view.u16(0x560000 + heap.HeaderValidateLength), at(heap.BlocksIndex), at(heap.FreeLists)]).toEqual([0xeeffeeff, 0x149, 0x138, 0x560150, 0x5605a0])
    expect([...view.bytes(0x560000 + heap.Encoding, 8)!]).toEqual([...bytes(KEY)])
  })

  it('chains free blocks by size, of equals the last freed first, which is the one that came back', () => {
    // The head is not in the log; its links follow from its neighbours'.
    const memory = new SparseMemory()
      .add(0x5600c4, dwords('005605d0 005605f0'))
      .add(0x560588, dwords('391143a3 000040c9 005605f0 005605b0'))
      .add(0x5605a8, dwords('391143a3 0000407a 00560590 005605d0'))
      .add(0x5605c8, dwords('391143a3 0000407a 005605b0 005600c4'))
      .add(0x5605e8, dwords('0511429e 0000407a 005600c4 00560590'))
    expect(walkList(new MemoryView(memory), 0x5600c4, 32, 100)).toEqual({ nodes: [0x5605d0, 0x5605b0, 0x560590, 0x5605f0], broken: undefined, at: 0x5600c4 })
  })
})

test('F2: the key stored in a heap is the one its own entry gives (independent)', () => {
  const raw = dwords('fb722164 0100dfea')
  const key = dwords('4b7321d5 0000dfea')
  expect([...deriveKey(raw, heapEntryBytes(0x588, 8))]).toEqual([...key])
  expect(decodeEntry(raw, key)).toMatchObject({ units: 0xb1, flags: 1, previousUnits: 0, unusedBytes: 1, hasChecksum: true })
})

test('F3: heap 0x5c0000 of putty (regression: the key is derived)', () => {
  expect([...deriveKey(bytes('c7 f5 32 bc c9 aa 00 01'), heapEntryBytes(0x588, 8))]).toEqual([...bytes('76 f5 33 0c c9 aa 00 00')])
  const layout = layoutOf(32, 'win7')
  expect([layout.size('HEAP'), layout.offset('HEAP', 'Signature'), layout.size('HEAP_COUNTERS'), layout.size('HEAP_SEGMENT')]).toEqual([312, 100, 84, 64])
})

test('F4: an entry with tail fill, and slots of the front end (regression)', () => {
  expect(shown('8e f4 5f 15 c6 3e 00 18', '8a f4 58 16 cc 3e 00 00')).toBe('4 units, flags 7, previous a, unused 18')
  const statuses = ['4f8adefe 88001769', '2d252b1f 8c002500', '2d262b1c 88002600'].map((slot) => dwords(slot)[7]!)
  expect(statuses.map((status) => [status > 0x80, status & 0x7f])).toEqual([[true, 8], [true, 0xc], [true, 8]])
})

test('F5: heap 0xd60000 with debug flags (regression)', () => {
  expect(shown('87 73 f5 64 5d b9 00 18', 'a4 73 f2 40 cd b9 00 00')).toBe('23 units, flags 7, previous 90, unused 18')
})

test('F6: 19 slots of 3 units fit the container of 1,024 bytes behind its header', () => {
  const layout = layoutOf(64, 'win10_2004')
  const first = Math.ceil((layout.offset('HEAP_USERDATA_HEADER', 'BitmapData') + 8) / 16) * 16
  expect(Math.floor((1024 - 16 - first) / 48)).toBe(0x13)
})

test('F7: a 64-bit header with its key (independent)', () => {
  const key = Uint8Array.of(0x37, 0x0e, 0x56, 0xe6, 0x99, 0x8b, 0, 0)
  expect(decodeEntry(bytes('32 0e 57 e2 ed 8b 00 14'), key)).toEqual({ units: 5, flags: 1, previousUnits: 0x74, segmentOffset: 0, unusedBytes: 0x14, hasChecksum: true })
})

test('F8: the two links of a descriptor are 16 bytes apart on 64 bits', () => {
  expect(ntLayoutOf(layoutOf(64, 'win7')).ucr.SegmentEntry).toBe(0x4a1fe0 - 0x4a1fd0)
})

test('F9: a default heap ends one page short, and its uncommitted range begins behind the descriptor’s page', () => {
  expect(0x2c8274e0000 + 0xff * 0x1000).toBe(0x2c8275df000)
  expect(0x2c8275df000 - 0x8b * 0x1000).toBe(0x2c827554000)
  expect(layoutOf(64, 'win10_2004').size('HEAP')).toBe(0x2c0)
})

test.each<[number, Bits, BuildKey]>([[0x258, 32, 'win10_2004'], [0x248, 32, 'win10_1511']])('F10: header length %i belongs to the layout (regression)', (length, bits, build) => {
  expect(layoutOf(bits, build).size('HEAP')).toBe(length)
  expect([...deriveKey(bytes('81 72 5b c0 99 30 00 01'), heapEntryBytes(0x4a8, 8))]).toEqual([...bytes('14 72 5a 54 99 30 00 00')])
})

test('F11: the first entry of a 64-bit heap on Windows 7 begins behind 0xa70 bytes, which its size says', () => {
  expect(decodeEntry(heapEntryBytes(0xa70, 16), new Uint8Array(8))).toMatchObject({ units: 0xa7, flags: 1, unusedBytes: 1, hasChecksum: true })
})

test('F12: the front end of Windows XP is known by name; its entries are not read', () => {
  expect([0, 1, 2, 3].map(frontEndName)).toEqual(['none', 'look-aside', 'lfh', 'unknown 3'])
})
