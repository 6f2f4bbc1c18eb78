import { describe, expect, test } from 'vitest'
import { bytesOf, hasData, openDump, REAL_DUMP } from '../importers/minidump/testing/dump-data'
import { BlockKind, type Snapshot } from '../model/snapshot'
import { layoutOf } from './layouts/choose-layout'
import { MemoryView } from './memory-view'
import { ntLayoutOf } from './nt/nt-layout'
import { slotCode } from './nt/slot-code'

/** What is left of each slot's first four bytes when everything but the key of the process is taken out, by bits of the heap. */
function keysOf(snapshot: Snapshot): Map<number, Set<number>> {
  const view = new MemoryView(snapshot.memory!)
  const { blocks, heaps, heapReports } = snapshot
  const keys = new Map<number, Set<number>>()
  let userBlocks = 0
  for (let row = 0; row < blocks.length; row++) {
    const report = heapReports[blocks.heap.at(row)]
    if (report === undefined || report.flavour !== 'nt-heap') continue
    const { bits } = report
    const nt = ntLayoutOf(layoutOf(bits, 'win7'))
    const entry = blocks.address.at(row)
    const kind = blocks.kind!.at(row)
    if (kind === BlockKind.LfhContainer) userBlocks = entry + nt.unit
    if (kind !== BlockKind.LfhSlot) continue
    const subSegment = view.pointer(userBlocks, bits)
    const key = (view.u32(entry + nt.header) ^ slotCode(nt, { heap: heaps[blocks.heap.at(row)]!.base, userBlocks, subSegment, entry })) >>> 0
    keys.set(bits, (keys.get(bits) ?? new Set()).add(key))
  }
  return keys
}

describe.skipIf(!hasData)('slots of a real Windows 7 process', () => {
  test('lead to their sub-segments under one key', async () => {
    const snapshot = await openDump(bytesOf(REAL_DUMP))
    expect(keysOf(snapshot)).toEqual(new Map([[32, new Set([0x7b0db7db])]]))
    expect(snapshot.heapReports.flatMap(({ findings }) => findings.filter(({ code }) => code === 'lfh-slot-header'))).toEqual([])
  })
})
