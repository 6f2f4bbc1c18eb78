import { beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, hasData, openDump, REAL_DUMP } from '../importers/minidump/testing/dump-data'
import { BlockKind, BlockState, type Snapshot } from '../model/snapshot'
import { lfhBucketBytes, lfhBucketOfUnits } from '../sim/heaps/nt/lfh-sizes'
import { NT_HEADER_BYTES, NtKind, unitsOfRequest } from '../sim/heaps/nt/nt-rules'
import { NtUnderTest } from '../sim/heaps/nt/testing/nt-under-test'

/*
 * The heaps of a real process (a 32-bit program on Windows 7 x64: NT heaps of both bitnesses), asked for again block by
 * block in address order: a heap of the matching profile must put each where Windows did and give it as many bytes.
 */
interface Entry {
  /** From the base of its heap. */
  readonly at: number
  size: number
  /** null: no block of the program. */
  readonly requested: number | null
  readonly isFree: boolean
  readonly isContainer: boolean
}
interface RealBlock {
  readonly size: number
  readonly requested: number
}

describe.skipIf(!hasData)('heaps of a real Windows 7 process', () => {
  let snapshot: Snapshot
  beforeAll(async () => {
    snapshot = await openDump(bytesOf(REAL_DUMP))
  })

  const busyOf = (heap: number, kind: BlockKind): RealBlock[] => {
    const { blocks } = snapshot
    return Array.from({ length: blocks.length }, (_, row) => row)
      .filter((row) => blocks.heap.at(row) === heap && blocks.kind!.at(row) === kind && blocks.state.at(row) === BlockState.Busy)
      .map((row) => ({ size: blocks.size.at(row), requested: blocks.requested.at(row) }))
  }

  /** Entries of the back end between the heap's header and its last descriptor; a container of slots is one. */
  const entriesOf = (heap: number): Entry[] => {
    const { blocks, heaps } = snapshot
    const entries: Entry[] = []
    for (let row = 0; row < blocks.length; row++) {
      const [kind, state] = [blocks.kind!.at(row), blocks.state.at(row)]
      const at = blocks.address.at(row) - heaps[heap]!.base
      if (blocks.heap.at(row) !== heap || at <= 0 || kind === BlockKind.VirtualAlloc) continue
      if (kind === BlockKind.UncommittedMarker) return entries
      const size = blocks.size.at(row)
      const isPart = kind === BlockKind.LfhSlot || kind === BlockKind.LfhContainer
      const before = entries.at(-1)
      if (isPart && before?.isContainer === true) before.size += size
      else entries.push({ at, size, requested: state === BlockState.Busy && !isPart ? blocks.requested.at(row) : null, isFree: state === BlockState.Free, isContainer: isPart })
    }
    return entries
  }

  test('the back end lays them out again at the same addresses, with the same sizes, overhead and free blocks', () => {
    const compared = { busy: 0, free: 0, rests: 0 }
    snapshot.heaps.forEach(({ base, granularity }, heap) => {
      const real = entriesOf(heap)
      const { reservedBytes } = snapshot.segments.find((segment) => segment.base === base)!
      const committed = real.at(-1)!.at + real.at(-1)!.size + (granularity === 16 ? 0x40 : 0x20)
      const simulated = new NtUnderTest('nt-lfh', granularity === 16 ? 'win7-x64' : 'win7-x86', { lfh: false, reserve: reservedBytes, spare: 0, commit: committed })
      const wholeOf = (size: number): number => simulated.alloc(size - NT_HEADER_BYTES)
      const restOf = ({ size, requested }: Entry): number => (requested === null ? 0 : size / granularity - unitsOfRequest(requested, granularity))
      // The last free entry is what the others leave.
      const blocks = real.slice(0, real.at(-1)!.isFree ? -1 : undefined).map((entry) => (entry.requested === null || restOf(entry) > 0 ? wholeOf(entry.size) : simulated.alloc(entry.requested)))
      // A rest of one unit stays in a block that was taken out of a hole (nt-heap.md 3.2): the program had freed a larger one there.
      blocks.forEach((block, i) => {
        if (restOf(real[i]!) === 0) return
        simulated.free(block)
        expect(simulated.alloc(real[i]!.requested!)).toBe(block)
        compared.rests++
      })
      blocks.forEach((block, i) => real[i]!.isFree && simulated.free(block))
      const given = simulated.chain().filter((slot) => simulated.kindOf(slot) === NtKind.Block).map((slot) => [simulated.offsetOf(slot), simulated.sizeOf(slot), simulated.isFree(slot)])
      expect(given).toEqual(real.map(({ at, size, isFree }) => [at, size, isFree]))
      const busy = real.filter(({ requested }) => requested !== null)
      compared.busy += busy.length
      compared.free += real.filter(({ isFree }) => isFree).length
      const [stored] = snapshot.heapReports[heap]!.counters.filter(({ name }) => name === 'totalFreeUnits')
      expect(simulated.nt.backEnd.lists.units).toBe(stored!.stored)
    })
    expect(compared).toEqual({ busy: 369, free: 12, rests: 1 })
  })

  test('slots of the front end have the size of the bucket of their request', () => {
    snapshot.heaps.forEach(({ granularity }, heap) => {
      const [sizes, buckets] = [lfhBucketBytes(granularity), lfhBucketOfUnits(granularity)]
      for (const { size, requested } of busyOf(heap, BlockKind.LfhSlot)) expect(sizes[buckets[unitsOfRequest(requested, granularity)]!]).toBe(size)
    })
    expect(busyOf(4, BlockKind.LfhSlot)).toHaveLength(152)
  })
})
