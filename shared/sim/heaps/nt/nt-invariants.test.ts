import { describe, expect, test } from 'vitest'
import { mulberry32 } from '../../../base/random'
import { heapDefinitions } from '../../profiles'
import { NO_BLOCK } from '../heap'
import { NtKind } from './nt-rules'
import { NtUnderTest } from './testing/nt-under-test'

/*
 * NT heaps whose thresholds are so low that pages are given back, segments come and go and sizes move to the front end
 * all the time: after every few calls blocks tile the committed memory and the counters of nt-heap.md 3.5 hold.
 */
const STRESS = { decommitTotal: 0, decommitBlock: 4096, reserve: 65536, segmentReserve: 65536, segmentLimit: 0x40000, commitStep: 4096 }
const EAGER = { armAt: 2, lfhCache: 1 }

const cases = heapDefinitions
  .filter(({ id }) => id === 'nt-xp' || id === 'nt-lfh')
  .flatMap(({ id, profiles }) => profiles.map((profile) => ({ id: id as 'nt-xp' | 'nt-lfh', profile: profile.id })))

function expectSound(heap: NtUnderTest): void {
  const { joined, overlaps } = heap.tiling()
  expect({ joined, overlaps }).toEqual({ joined: heap.committed(), overlaps: 0 })
  const { backEnd, blocks, granularityBytes } = heap.nt
  const chain = heap.chain()
  const free = chain.filter((slot) => heap.isFree(slot))
  // Sum of the free blocks = TotalFreeSize, and the list has each once, by size.
  expect(backEnd.lists.units * granularityBytes).toBe(free.reduce((sum, slot) => sum + heap.sizeOf(slot), 0))
  const listed: number[] = []
  backEnd.lists.walk((slot) => listed.push(slot))
  expect(new Set(listed)).toEqual(new Set(free))
  expect(listed.map((slot) => heap.sizeOf(slot))).toEqual(free.map((slot) => heap.sizeOf(slot)).sort((a, b) => a - b))
  // Reserved - committed = sum of the uncommitted ranges; each begins at a page.
  const segments = heap.segmentBytes().reduce((sum, bytes) => sum + bytes, 0)
  const uncommitted = heap.uncommitted().reduce((sum, [, bytes]) => sum + bytes, 0)
  const inSegments = chain.filter((slot) => heap.kindOf(slot) !== NtKind.Uncommitted).reduce((sum, slot) => sum + heap.sizeOf(slot), 0)
  expect(inSegments).toBe(segments - uncommitted)
  expect(backEnd.committedBytes).toBe(heap.committedBytes)
  for (const [at] of heap.uncommitted()) expect(at % 4096).toBe(0)
  expectMerged(heap, chain, backEnd.largestUnits * granularityBytes)
  for (const slot of chain) if (blocks.before[slot] !== 0) expect(blocks.after[blocks.before[slot]!]).toBe(slot)
}

/** Free neighbours are one block, unless it would be too large. */
function expectMerged(heap: NtUnderTest, chain: readonly number[], largest: number): void {
  chain.forEach((slot, i) => {
    const next = chain[i + 1]
    if (next === undefined || !heap.isFree(slot) || !heap.isFree(next)) return
    expect(heap.sizeOf(slot) + heap.sizeOf(next)).toBeGreaterThan(largest)
  })
}

function randomCalls(heap: NtUnderTest, seed: number, calls: number, check: (call: number) => void): void {
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const size = (): number => [below(60), below(60), below(600), below(5000), below(40_000), below(3) === 0 ? 600_000 + below(800_000) : 24][below(6)]!
  let busy: number[] = []
  for (let call = 0; call < calls; call++) {
    const growing = call % 600 < 400
    const kind = below(10)
    if (busy.length === 0 || kind < (growing ? 6 : 3)) {
      const block = heap.alloc(size())
      if (block !== NO_BLOCK) busy.push(block)
    } else if (kind < 9) {
      const [block] = busy.splice(below(busy.length), 1)
      heap.free(block!)
    } else {
      const at = below(busy.length)
      const moved = heap.realloc(busy[at]!, size())
      if (moved !== NO_BLOCK) busy[at] = moved
    }
    check(call)
  }
  for (const block of busy) heap.free(block)
  busy = []
}

describe.each(cases)('$id $profile', ({ id, profile }) => {
  const overrides = { ...STRESS, capacity: 6 << 20, ...(id === 'nt-lfh' ? EAGER : {}) }

  test('keeps its tiling and its counters through decommits, segments and sub-segments', () => {
    const heap = new NtUnderTest(id, profile, overrides)
    let most = 0
    randomCalls(heap, 7, 1500, (call) => {
      most = Math.max(most, heap.nt.backEnd.segments.length)
      if (call % 100 === 99) expectSound(heap)
    })
    expectSound(heap)
    expect(most).toBeGreaterThan(2)
    expect(heap.nt.backEnd.virtualBlocks.size).toBe(0)
  })

  test('returns to what it had when everything is freed, but for what front ends keep', () => {
    const heap = new NtUnderTest(id, profile, { ...overrides, ...(id === 'nt-lfh' ? { lfh: false } : { lookasideDepth: 0 }) })
    const before = heap.nt.backEnd.committedBytes
    let most = 0
    randomCalls(heap, 11, 600, () => (most = Math.max(most, heap.nt.backEnd.segments.length)))
    expectSound(heap)
    const { segments, rules } = heap.nt.backEnd
    // A committed run of one page between given-back ranges is below the threshold and keeps its segment.
    if (rules.releaseSegments) expect(segments.length).toBeLessThan(most)
    else expect(segments.length).toBe(most)
    for (const range of heap.chain()) expect(heap.kindOf(range) === NtKind.Block && !heap.isFree(range)).toBe(false)
    expect(heap.nt.backEnd.committedBytes).toBeLessThan(before + segments.length * 0x20000)
  })
})

test('a heap that may not grow fails beyond its reservation, and has no front end', () => {
  const heap = new NtUnderTest('nt-lfh', 'win10-x64', { growable: false, reserve: 65536, spare: 0, armAt: 0 })
  expect(heap.alloc(70_000)).toBe(NO_BLOCK)
  expect(heap.alloc(2_000_000)).toBe(NO_BLOCK)
  for (let i = 0; i < 100; i++) expect(heap.isFromLfh(heap.alloc(16))).toBe(false)
})
