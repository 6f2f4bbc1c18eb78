import { describe, expect, it } from 'vitest'
import { RegionState } from '../../model/region-table'
import { windowsVersions } from '../profiles/windows-versions'
import { SimulatedProcess } from './simulated-process'

/* How heaps of Windows XP and later come and go (nt-heap.md 1 and 2), in processes of each kind. */
const VERSIONS = windowsVersions.filter(({ heap }) => heap !== 'kath-nt31').map(({ id }) => id).filter((_, index) => index % 3 === 0)

function committed(process: SimulatedProcess): number {
  const { state, size, length } = process.regions()
  let bytes = 0
  for (let row = 0; row < length; row++) if (state.at(row) === RegionState.Committed) bytes += size.at(row)
  return bytes
}

describe.each(VERSIONS)('%s', (version) => {
  it('[nt-create] a heap without sizes reserves 64 KB, rounds its first commit up to pages, and comes last in the list', () => {
    const process = new SimulatedProcess({ version })
    const heap = process.heapCreate(0, 0, 0)
    const [first, second] = process.heaps()
    expect([process.heaps().length, first!.isDefault, second!.handle]).toEqual([2, true, heap])
    if (second!.flavour !== 'segment-heap') expect(second!.reservedBytes).toBe(0x10000)
    const large = process.heapCreate(0, 0x18001, 0)
    const fixed = process.heapCreate(0, 0, 0x30000)
    const made = (handle: number) => process.heaps().find((known) => known.handle === handle)!
    if (made(large).flavour !== 'segment-heap') expect([made(large).reservedBytes, made(large).committedBytes]).toEqual([0x20000, 0x19000])
    expect([made(fixed).reservedBytes, made(fixed).flavour]).toEqual([0x30000, 'nt-heap'])
  })

  it('[nt-destroy] a destroyed heap gives everything back, large blocks too; the process heap stays', () => {
    const process = new SimulatedProcess({ version })
    const before = committed(process)
    const heap = process.heapCreate(0, 0, 0)
    for (let i = 0; i < 60; i++) process.heapAlloc(heap, 0, 100 + i * 700)
    process.heapAlloc(heap, 0, 3_000_000)
    expect(committed(process)).toBeGreaterThan(before + 3_000_000)
    expect([process.heapDestroy(heap), process.heaps().length, committed(process)]).toEqual([1, 1, before])
    expect([process.heapDestroy(process.getProcessHeap()), process.heaps().length]).toEqual([0, 1])
    expect(process.heapAlloc(heap, 0, 8)).toBe(0)
  })
})
