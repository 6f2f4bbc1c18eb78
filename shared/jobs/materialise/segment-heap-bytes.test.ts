import { describe, expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import { NONE, PAGE_BYTES, UNKNOWN_SIZE } from '../../base/units'
import { BuiltMemory } from '../../dumpfile/built-memory'
import { FIRST_BUILD, type Layout, layoutsWith } from '../../heapwalk/layouts/choose-layout'
import type { Bits, BuildKey } from '../../heapwalk/layouts/structure-table'
import { MemoryView } from '../../heapwalk/memory-view'
import { type ProcessHeaps, walkHeaps } from '../../heapwalk/walk-heaps'
import { BlockKind, BlockState } from '../../model/snapshot'
import type { SegmentHeap } from '../../sim/heaps/segment-heap/segment-heap'
import { heapDefinitions } from '../../sim/profiles'
import { HeapUnderTest } from '../../sim/testing/heap-under-test'
import { segmentHeapBytes } from '../../sim/heap-bytes/segment-heap-bytes'

const OPERATIONS = 10_000
/** Two layouts of one build that differ only in what no walk reads: the later one is named. */
const READ_AS: Partial<Record<BuildKey, BuildKey>> = { win10_1809: 'win10_1809_upd' }
/** Every layout with page descriptors; the heap of 1507 can be named and not walked. */
const layouts = ([64, 32] as const).flatMap((bits) => layoutsWith(bits, 'SEGMENT_HEAP').filter((layout) => layout.has('HEAP_PAGE_RANGE_DESCRIPTOR') && layout.size('HEAP_PAGE_RANGE_DESCRIPTOR') > 0))

function profileOf(bits: Bits, build: BuildKey): string {
  return heapDefinitions.find(({ id }) => id === 'segment-heap')!.profiles.find(({ values }) => values['build'] === build && values['bits'] === String(bits))!.id
}

/** 10,000 requests of all sizes, about 1,500 blocks alive at the end. */
function workedHeap(profile: string, seed: number): HeapUnderTest {
  const heap = new HeapUnderTest('segment-heap', profile, { seed, vsDecommitPages: 4, keepPages: 100, keepShift: 10 })
  const random = mulberry32(seed)
  const live: number[] = []
  const below = (limit: number): number => Math.floor(random() * limit)
  const sizeDrawn = (): number => {
    const kind = random()
    return kind < 0.7 ? below(400) : kind < 0.93 ? below(6000) : kind < 0.985 ? below(100_000) : kind < 0.998 ? below(600_000) : 500_000 + below(2_000_000)
  }
  for (let i = 0; i < OPERATIONS; i++) {
    const kind = random()
    if (live.length > 0 && kind < 0.42) heap.free(live.splice(below(live.length), 1)[0]!)
    else if (live.length > 0 && kind < 0.47) {
      const at = below(live.length)
      live[at] = heap.realloc(live[at]!, sizeDrawn())
    } else live.push(heap.alloc(sizeDrawn()))
  }
  // Leaves large blocks of every kind alive.
  for (const bytes of [150_000, 600_000, 9_000_000, 9_100_000]) heap.alloc(bytes)
  return heap
}

/** By address. */
type Rows = Map<number, readonly [size: number, state: number, kind: number, requested: number]>

function rowsOf({ blocks }: ProcessHeaps, states: readonly number[]): Rows {
  const rows: Rows = new Map()
  for (let row = 0; row < blocks.length; row++) {
    if (states.includes(blocks.state.at(row))) rows.set(blocks.address.at(row), [blocks.size.at(row), blocks.state.at(row), blocks.kind!.at(row), blocks.requested.at(row)])
  }
  return rows
}

/** Busy blocks and empty slots as the simulator has them. */
function simulatedRows(heap: HeapUnderTest, move: number, build: BuildKey): Rows {
  const { address, size, linkA, linkC } = heap.heap.blocks
  const rows: Rows = new Map()
  for (const [block, requested] of heap.busy) {
    const isSlot = linkC[block]! < 0
    const kind = isSlot ? BlockKind.LfhSlot : linkC[block]! > 0 ? BlockKind.VsChunk : linkA[block] === 2 ? BlockKind.VirtualAlloc : BlockKind.PageRange
    rows.set(address[block]! + move, [size[block]!, BlockState.Busy, kind, isSlot && build === 'win11_24H2' ? UNKNOWN_SIZE : Math.max(1, requested)])
  }
  for (const [at, bytes] of heap.cached.values()) rows.set(at + move, [bytes, BlockState.Cached, BlockKind.LfhSlot, 0])
  return rows
}

/** The heap's own counters, out of its bytes. */
function storedCounters(view: MemoryView, layout: Layout, heap: number): Record<string, number> {
  const hasContexts = layout.optionalOffset('SEGMENT_HEAP', 'SegContexts') !== undefined
  const at = (member: string): number => heap + layout.offset('SEGMENT_HEAP', member)
  const statistics = (member: string): number => view.word(hasContexts ? at('MemStats') + layout.offset('HEAP_RUNTIME_MEMORY_STATS', member) : at(member), layout.bits)
  return {
    reserved: statistics('TotalReservedPages'),
    committed: statistics('TotalCommittedPages'),
    freeCommitted: statistics('FreeCommittedPages'),
    largeReserved: view.word(at('LargeReservedPages'), layout.bits),
    largeCommitted: view.word(at('LargeCommittedPages'), layout.bits),
  }
}

describe.each(layouts)('$key, $bits bits', (layout) => {
  const { key: build, bits } = layout
  const move = bits === 64 ? 0x1f200000000 : 0

  test(`after ${OPERATIONS} requests a walk over the bytes gives what the simulator has`, async () => {
    const heap = workedHeap(profileOf(bits, build), FIRST_BUILD[build])
    const inside = heap.heap as SegmentHeap
    const image = segmentHeapBytes(inside, (block) => heap.busy.get(block)!, { build, moveBytes: move, seed: 3 })
    const memory = new BuiltMemory(image.memory)
    const walked = await walkHeaps({ memory, bits, build: FIRST_BUILD[build], tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)
    const report = walked.heapReports[0]!
    expect(report).toMatchObject({ flavour: 'segment-heap', layout: READ_AS[build] ?? build, findings: [], confidence: 'inferred' })
    expect(report.counters.filter(({ equal }) => !equal)).toEqual([])

    expect(rowsOf(walked, [BlockState.Busy, BlockState.Cached])).toEqual(simulatedRows(heap, move, build))
    const free = [...rowsOf(walked, [BlockState.Free])].map(([address, [bytes]]): [number, number] => [address - move - heap.heap.base, bytes])
    expect(free.sort((a, b) => a[0] - b[0])).toEqual(heap.freeRanges())

    const { narrow, wide, slots } = inside
    const large: number[] = []
    inside.walkLarge((block) => large.push(heap.sizeOf(block)))
    const subSegments = slots.subSegments.filter((sub) => sub !== undefined)
    expect(report).toMatchObject({
      segments: narrow.segmentCount + wide.segmentCount,
      reservedBytes: narrow.segmentCount * narrow.segmentBytes + wide.segmentCount * wide.segmentBytes,
      committedBytes: (narrow.committedPages + wide.committedPages) * PAGE_BYTES,
      virtualAllocBlocks: large.length,
      lfh: { subSegments: subSegments.length, freeBlocks: subSegments.reduce((sum, { free: count }) => sum + count, 0) },
    })
    const largePages = large.reduce((sum, bytes) => sum + bytes / PAGE_BYTES, 0)
    const reservedLarge = large.reduce((sum, bytes) => sum + Math.ceil((bytes + PAGE_BYTES) / 0x10000) * 16, 0)
    expect(storedCounters(new MemoryView(memory), layout, heap.heap.base + move)).toEqual({
      reserved: report.reservedBytes / PAGE_BYTES,
      committed: narrow.committedPages + wide.committedPages,
      freeCommitted: narrow.freePages + wide.freePages,
      largeReserved: reservedLarge,
      largeCommitted: largePages,
    })
    // Nothing is proved by a heap that lacks one of the ways.
    const kinds = new Set([...simulatedRows(heap, move, build).values()].map(([, , kind]) => kind))
    expect(kinds).toEqual(new Set([BlockKind.LfhSlot, BlockKind.VsChunk, BlockKind.PageRange, BlockKind.VirtualAlloc]))
    expect(heap.heap.base).not.toBe(NONE)
  })
})
