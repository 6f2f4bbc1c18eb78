import { describe, expect, it } from 'vitest'
import { quietJob } from '../../base/job-context'
import type { ProcessMemory } from '../../model/process-memory'
import { RegionTable } from '../../model/region-table'
import { Snapshot } from '../../model/snapshot'
import { drawHeap } from '../../model/testing/drawn-heap'
import { compareDumps } from './compare-dumps'
import { PLACE_CHANGE_NAMES } from './match-by-place'

/** All bytes are `value`, except where told. */
function memoryOf(value: number, told: Readonly<Record<number, number>> = {}): ProcessMemory {
  return {
    regions: () => new RegionTable(),
    owners: () => [],
    read: (address, length) => Uint8Array.from({ length }, (_, i) => told[address + i] ?? value),
  }
}

const withMemory = (snapshot: Snapshot, memory: ProcessMemory): Snapshot => new Snapshot({ ...snapshot, memory })

describe('blocks of two moments', () => {
  it('are kept, reused, vanished or appeared by their places', async () => {
    //                 one block of A each: kept, gone, larger in B
    const a = drawHeap('[AA][BB][CC][..]')
    const b = drawHeap('[AA][..][CCCCCC]')
    const { changes, heaps, sizes, pages, places } = await compareDumps(a, b, quietJob)
    expect(changes).toEqual({ kept: 1, changed: 0, reused: 1, vanished: 1, appeared: 0 })
    expect(heaps).toHaveLength(1)
    expect(heaps[0]).toMatchObject({ presence: 'both', blocksA: 3, blocksB: 2, changes })
    expect(sizes.reduce((sum, { countA }) => sum + countA, 0)).toBe(3)
    expect(sizes.reduce((sum, { countB }) => sum + countB, 0)).toBe(2)
    expect(pages.reduce((sum, page) => sum + page.changes.reused + page.changes.vanished, 0)).toBe(2)
    expect(Array.from(places.change.slice(), (change) => PLACE_CHANGE_NAMES[change])).toEqual(['kept', 'vanished', 'reused'])
    const back = await compareDumps(b, a, quietJob)
    expect(back.changes).toEqual({ ...changes, vanished: 0, appeared: 1 })
  })

  it('that kept their place and not their bytes have changed', async () => {
    const a = drawHeap('[AA][BB]')
    const second = a.blocks.address.at(1)
    const same = await compareDumps(withMemory(a, memoryOf(1)), withMemory(drawHeap('[AA][BB]'), memoryOf(1)), quietJob)
    expect([same.changes.kept, same.changes.changed, same.contentCompared]).toEqual([2, 0, 2])
    const other = await compareDumps(withMemory(a, memoryOf(1)), withMemory(drawHeap('[AA][BB]'), memoryOf(1, { [second + a.blocks.size.at(1) - 1]: 2 })), quietJob)
    expect([other.changes.kept, other.changes.changed, other.contentCompared]).toEqual([1, 1, 2])
  })

  it('of strangers are not compared', async () => {
    const a = drawHeap('[AA]')
    const moved = new Snapshot({ ...a, heaps: a.heaps.map((heap) => ({ ...heap, base: heap.base + 0x1000000 })) })
    await expect(compareDumps(a, moved, quietJob)).rejects.toMatchObject({ code: 'not-comparable' })
  })
})
