import { describe, expect, test } from 'vitest'
import type { Column } from '../../../base/column'
import { quietJob } from '../../../base/job-context'
import { mulberry32 } from '../../../base/random'
import type { ParameterValue } from '../../../model/run'
import { RegionState } from '../../../model/region-table'
import { TraceBuilder } from '../../../model/trace'
import { resolveRequest } from '../../profiles'
import { reasonsOf } from '../../profiles/reasons'
import { reasonSentence } from '../../profiles/reasons/reason-text'
import { replayTrace } from '../../replay/replay'
import { HeapUnderTest } from '../../testing/heap-under-test'
import { SlotState } from '../block-slots'
import type { SegmentHeap } from './segment-heap'
import { RangeUse } from './segment-rules'

const X64 = 'win11-22h2'
const make = (overrides: Record<string, ParameterValue> = {}, profile = X64): HeapUnderTest => new HeapUnderTest('segment-heap', profile, { baseSpread: 1, ...overrides })
const inside = (heap: HeapUnderTest): SegmentHeap => heap.heap as SegmentHeap
const many = (heap: HeapUnderTest, count: number, bytes: number): number[] => Array.from({ length: count }, () => heap.alloc(bytes))
/** What serves a block. */
function routeOf(heap: HeapUnderTest, block: number): string {
  const { linkA, linkC } = heap.heap.blocks
  if (linkC[block]! < 0) return 'slot'
  if (linkC[block]! > 0) return 'chunk'
  return ['pages', 'wide pages', 'large'][linkA[block]!]!
}

describe('requests go the way their size says (segment-heap.md 2)', () => {
  test.each([
    ['win10-1703', 0, 'chunk'],
    ['win10-1703', 16_368, 'chunk'],
    ['win10-1703', 131_072, 'chunk'],
    ['win10-1703', 131_073, 'pages'],
    ['win10-1703', 520_192, 'pages'],
    ['win10-1703', 520_193, 'large'],
    [X64, 520_192, 'pages'],
    [X64, 520_193, 'wide pages'],
    [X64, 8_323_072, 'wide pages'],
    [X64, 8_323_073, 'large'],
  ])('[seg-routing] [seg-contexts] %s: %i bytes are %s', (profile, bytes, route) => {
    const heap = make({}, profile)
    expect(routeOf(heap, heap.alloc(bytes))).toBe(route)
  })

  test('0 bytes are 1 byte, and the largest slot request has 16,368', () => {
    const heap = make({ activeAt: 1 })
    expect([0, 1, 16, 17, 16_368].map((bytes) => heap.sizeOf(heap.alloc(bytes)))).toEqual([16, 16, 16, 32, 16_384])
    expect(routeOf(heap, heap.alloc(16_369))).toBe('chunk')
  })
})

describe('activation of a bucket (segment-heap.md 5)', () => {
  test('[seg-activation] the 17th living allocation is the first from slots, and all later ones are', () => {
    const heap = make()
    expect(many(heap, 20, 40).map((block) => routeOf(heap, block))).toEqual([...Array<string>(16).fill('chunk'), ...Array<string>(4).fill('slot')])
  })

  test('[seg-activation-total] so is the 2,040th request, however few live', () => {
    const heap = make()
    const routes = Array.from({ length: 2041 }, () => {
      const block = heap.alloc(40)
      const route = routeOf(heap, block)
      heap.free(block)
      return route
    })
    expect(routes.indexOf('slot')).toBe(2039)
    expect(routes.slice(2039)).toEqual(['slot', 'slot'])
  })

  test('blocks of another bucket do not count, and freed ones no longer', () => {
    const heap = make()
    many(heap, 16, 64)
    const [freed] = many(heap, 16, 40)
    heap.free(freed!)
    expect(routeOf(heap, heap.alloc(40))).toBe('chunk')
    expect(routeOf(heap, heap.alloc(33))).toBe('slot')
  })

  test('never, when the front end is off', () => {
    const heap = make({ lfh: false })
    expect(new Set(many(heap, 3000, 40).map((block) => routeOf(heap, block)))).toEqual(new Set(['chunk']))
  })
})

describe('slots (segment-heap.md 5)', () => {
  const first = (profile: string, bytes: number) => {
    const heap = make({ activeAt: 1 }, profile)
    const block = heap.alloc(bytes)
    return { heap, sub: inside(heap).slots.subSegments.find((sub) => sub !== undefined)!, block }
  }

  test('the first block of a sub-segment lies behind header and two bits for each block', () => {
    for (const [profile, at, word] of [[X64, 0x38, 64], ['win10-2004-x86', 0x24, 32]] as const) {
      for (const bytes of [8, 40, 500, 5000]) {
        const { sub } = first(profile, bytes)
        expect(sub.firstOffset, `${profile} ${bytes}`).toBe(Math.ceil((at + (word / 8) * Math.ceil((2 * sub.count) / word)) / 16) * 16)
        expect(sub.firstOffset + sub.count * sub.slotBytes).toBeLessThanOrEqual(sub.bytes)
        expect(sub.firstOffset + (sub.count + 1) * sub.slotBytes).toBeGreaterThan(sub.bytes)
      }
    }
    // 0x40 for up to 32 blocks.
    const { sub } = first(X64, 1000)
    expect([sub.count <= 32, sub.firstOffset]).toEqual([true, 0x40])
  })

  test('[seg-slot-placement] a slot is drawn among the free ones of the first word that has any, from the hint on', () => {
    const { heap, sub, block } = first(X64, 40)
    const taken = [block]
    const places = (): number[] => taken.map((slot) => sub.blocks.indexOf(slot))
    while (taken.length < 32) taken.push(heap.alloc(40))
    // The first 32 fill the first word, in no order.
    expect([...places()].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, i) => i))
    expect(places()).not.toEqual([...places()].sort((a, b) => a - b))
    taken.push(heap.alloc(40))
    expect(places().at(-1)! >= 32 && places().at(-1)! < 64).toBe(true)
    expect(sub.hint).toBe(1)
    // A freed slot lowers the hint: its word is the first to have room, and the slot the only one in it.
    heap.free(taken[7]!)
    expect(sub.hint).toBe(0)
    expect(heap.alloc(40)).toBe(taken[7])
  })

  test('other seeds draw other slots, the same seed the same', () => {
    const drawn = (seed: number): number[] => {
      const heap = make({ activeAt: 1, seed })
      const taken = many(heap, 32, 40)
      const { blocks } = inside(heap).slots.subSegments[1]!
      return taken.map((block) => blocks.indexOf(block))
    }
    expect(drawn(3)).toEqual(drawn(3))
    expect(drawn(3)).not.toEqual(drawn(4))
  })

  test('threads share a sub-segment until they have contended for it; then each has its own', () => {
    const heap = make({ activeAt: 1, affinitySlots: 4, affinityAt: 10 })
    const at = (thread: number): number => {
      inside(heap).thread = thread
      heap.alloc(40)
      return inside(heap).slots.lastSubSegment
    }
    const early = Array.from({ length: 10 }, (_, i) => at(i % 2))
    expect(new Set(early).size).toBe(1)
    at(0)
    const [a, b, c] = [at(0), at(1), at(2)]
    expect(new Set([a, b, c]).size).toBe(3)
    expect(at(4)).toBe(a)
  })
})

describe('chunks (segment-heap.md 4)', () => {
  test('[seg-chunk-size] a chunk has a header of 16 bytes and whole granules of 16; 8 with 32 bits', () => {
    const sizes = (profile: string): number[] => {
      const heap = make({ lfh: false }, profile)
      return [0, 1, 16, 17, 32, 100].map((bytes) => heap.sizeOf(heap.alloc(bytes)))
    }
    expect(sizes(X64)).toEqual([32, 32, 32, 48, 48, 128])
    expect(sizes('win10-2004-x86')).toEqual([16, 16, 24, 32, 40, 112])
  })

  test.each([
    [100, 0x10000],
    [32_720, 0x20000],
    [32_660, 0x10000],
    [65_000, 0x20000],
    [66_000, 0x40000],
    [131_072, 0x40000],
  ])('[seg-chunk-sub-segment] a sub-segment for %i bytes has %i bytes: twice the chunk and 72, a power of two between 64 and 256 KB', (bytes, size) => {
    const heap = make({ lfh: false })
    heap.alloc(bytes)
    expect(inside(heap).chunks.subSegments[1]!.bytes).toBe(size)
  })

  test('[seg-chunk-sub-segment-less] without room for a full one the back end gives less, down to chunk + 4,167 in whole pages', () => {
    const heap = make({ lfh: false, guardPages: false })
    // Leaves 24 of 254 pages.
    many(heap, 2, 115 * 4096 - 5)
    heap.alloc(80_000)
    expect(inside(heap).narrow.segmentCount).toBe(1)
    expect(inside(heap).chunks.subSegments[1]!.bytes).toBe(24 * 4096)
    const tight = make({ lfh: false, guardPages: false })
    many(tight, 1, 118 * 4096 - 5)
    many(tight, 1, 117 * 4096 - 5)
    tight.alloc(80_000)
    expect([inside(tight).narrow.segmentCount, inside(tight).chunks.subSegments[1]!.bytes]).toEqual([2, 0x40000])
  })

  test('its first page is committed, further ones when chunks need them', () => {
    const heap = make({ lfh: false })
    heap.alloc(100)
    const { address } = inside(heap).chunks.subSegments[1]!
    const pages = (): number[] => Array.from({ length: 17 }, (_, i) => (heap.space.stateAt(address + i * 4096) === RegionState.Committed ? 1 : 0))
    expect(pages().indexOf(0)).toBe(1)
    heap.alloc(9000)
    expect(pages().indexOf(0)).toBe(3)
    // The guard page never is.
    many(heap, 55, 1000)
    expect(pages().slice(-2)).toEqual([1, 0])
  })

  test('[seg-chunk-fit] the smallest free chunk that is large enough serves; a rest below 32 bytes stays inside', () => {
    const heap = make({ lfh: false })
    const [a, , b, , c] = [3000, 10, 1000, 10, 2000, 10].map((bytes) => heap.alloc(bytes))
    const addressOf = (block: number): number => heap.heap.blocks.address[block]!
    const [atB, atC] = [addressOf(b!), addressOf(c!)]
    for (const block of [a!, b!, c!]) heap.free(block)
    expect(addressOf(heap.alloc(1500))).toBe(atC)
    // 1,024 bytes are free at b: 992 + 16 leave 16, 976 + 16 leave 32.
    const whole = heap.alloc(992)
    expect([addressOf(whole), heap.sizeOf(whole)]).toEqual([atB, 1024])
    heap.free(whole)
    expect(heap.sizeOf(heap.alloc(976))).toBe(992)
  })

  test('[seg-chunk-cost] of equal sizes the chunk that needs fewer pages committed serves', () => {
    const heap = make({ lfh: false, vsDecommitPages: 65 })
    const { address } = heap.heap.blocks
    const a = heap.alloc(20_000)
    heap.alloc(10)
    // Leaves the untouched end of the sub-segment as long as that block, and first in the index.
    heap.alloc(0x10000 - 0x30 - 20_016 - 32 - 20_016 - 16)
    const atA = address[a]!
    heap.free(a)
    const free = heap.freeRanges().map(([at]) => at + heap.heap.base)
    expect(free[0]).toBe(atA)
    const tail = heap.heap.blocks.after[heap.heap.blocks.after[heap.heap.blocks.after[a]!]!]!
    expect([heap.sizeOf(tail), inside(heap).chunks.costOf(tail) > 0, inside(heap).chunks.costOf(a)]).toEqual([20_016, true, 0])
    expect(address[heap.alloc(20_000)]).toBe(atA)
    expect(address[heap.alloc(20_000)]).toBeGreaterThan(atA)
  })

  test('many whole free pages inside a freed chunk are decommitted, and committed again when they are needed', () => {
    const heap = make({ lfh: false, vsDecommitPages: 4 })
    const block = heap.alloc(30_000)
    heap.alloc(10)
    const page = Math.ceil(heap.heap.blocks.address[block]! / 4096) * 4096
    heap.free(block)
    expect([heap.space.stateAt(page), inside(heap).chunks.costOf(block)]).toEqual([RegionState.Reserved, 6])
    expect(heap.alloc(30_000)).toBe(block)
    expect(heap.space.stateAt(page)).toBe(RegionState.Committed)
  })

  test('[seg-chunk-merge] freed chunks merge with both neighbours, and an empty sub-segment goes back', () => {
    const heap = make({ lfh: false })
    const blocks = many(heap, 5, 5000)
    for (const block of [blocks[1]!, blocks[3]!, blocks[2]!]) heap.free(block)
    const free = heap.freeRanges().filter(([, bytes]) => bytes >= 15_000 && bytes < 20_000)
    expect(free).toHaveLength(1)
    heap.free(blocks[0]!)
    heap.free(blocks[4]!)
    expect(inside(heap).chunks.subSegments.filter((sub) => sub !== undefined)).toEqual([])
  })
})

describe('page ranges (segment-heap.md 3)', () => {
  test('[seg-page-segments] segments of 1 MB at multiples of 1 MB, two units of them the header; since 1709 also 16 MB with one', () => {
    const heap = make()
    heap.alloc(200_000)
    heap.alloc(600_000)
    const { narrow, wide } = inside(heap)
    expect([narrow.bases[0]! % 0x100000, narrow.segmentBytes, narrow.unitBytes, narrow.firstUnit]).toEqual([0, 0x100000, 0x1000, 2])
    expect([wide.bases[0]! % 0x1000000, wide.segmentBytes, wide.unitBytes, wide.firstUnit]).toEqual([0, 0x1000000, 0x10000, 1])
    const old = make({}, 'win10-1703')
    old.alloc(600_000)
    expect(inside(old).wide.segmentCount).toBe(0)
  })

  test('[seg-range-fit] the smallest free range that is large enough serves, of equal ones the most committed; the rest stays free', () => {
    const heap = make({ keepPages: 40, keepShift: 31 })
    const page = 4096
    const [a, , b, , c] = [40, 33, 40, 33, 50, 33].map((pages) => heap.alloc(pages * page))
    const { address } = heap.heap.blocks
    const [atA, atB, atC] = [address[a!]!, address[b!]!, address[c!]!]
    // The first keeps its pages, the second is one too many.
    heap.free(a!)
    heap.free(b!)
    expect([heap.space.stateAt(atA), heap.space.stateAt(atB)]).toEqual([RegionState.Committed, RegionState.Reserved])
    heap.free(c!)
    expect(address[heap.alloc(45 * page)]).toBe(atC)
    expect(address[heap.alloc(40 * page)]).toBe(atA)
    expect(address[heap.alloc(35 * page)]).toBe(atB)
    expect(heap.freeRanges().some(([at]) => at + heap.heap.base === atB + 35 * page)).toBe(false)
  })

  test('nothing fits: a new segment; freed neighbours merge, and of several empty segments one stays', () => {
    const heap = make()
    const blocks = many(heap, 5, 500_000)
    expect(inside(heap).narrow.segmentCount).toBe(3)
    for (const block of blocks) heap.free(block)
    expect(inside(heap).narrow.segmentCount).toBe(1)
    const uses: [number, number][] = []
    inside(heap).narrow.walkSegment(inside(heap).narrow.bases.findIndex((base) => base >= 0), (_range, units, use) => uses.push([units, use]))
    expect(uses).toEqual([[254, RangeUse.Free]])
  })
})

describe('large blocks and guard pages (segment-heap.md 6, 7)', () => {
  test('[seg-large] a large block has a reservation of its own at a multiple of 64 KB, with a guard page', () => {
    const heap = make()
    const block = heap.alloc(9_000_001)
    const address = heap.heap.blocks.address[block]!
    expect([address % 0x10000, heap.sizeOf(block)]).toEqual([0, 9_003_008])
    expect(heap.space.reservedEnd(address)).toBeGreaterThanOrEqual(address + 9_003_008 + 4096)
    expect(heap.space.stateAt(address + 9_003_008)).toBe(RegionState.Reserved)
    heap.free(block)
    expect(heap.space.stateAt(address)).toBe(RegionState.Free)
  })

  test('[seg-guard-pages] sub-segments of slots from 64 KB on end with one too, smaller ones do not', () => {
    const heap = make({ activeAt: 1 })
    many(heap, 3000, 1000)
    const { slots, narrow } = inside(heap)
    for (const sub of slots.subSegments) {
      if (sub === undefined) continue
      expect(narrow.unitsOf(sub.range) * 4096 - sub.bytes).toBe(sub.bytes >= 0x10000 ? 4096 : 0)
      if (sub.bytes >= 0x10000) expect(heap.space.stateAt(sub.address + sub.bytes)).toBe(RegionState.Reserved)
    }
    expect(slots.subSegments.some((sub) => sub !== undefined && sub.bytes >= 0x10000)).toBe(true)
    expect(slots.subSegments.some((sub) => sub !== undefined && sub.bytes < 0x10000)).toBe(true)
  })

  test('[seg-base] the base lies at a random multiple of 64 KB, by the seed', () => {
    const bases = Array.from({ length: 20 }, (_, seed) => new HeapUnderTest('segment-heap', X64, { seed }).heap.base)
    expect(bases.every((base) => base % 0x10000 === 0)).toBe(true)
    expect(new Set(bases).size).toBeGreaterThan(10)
  })
})

test('chunks and page ranges are chosen as a walk over all free ones would', () => {
  const heap = make({ lfh: false, vsDecommitPages: 3, keepPages: 30, keepShift: 20 })
  const { chunks, narrow } = inside(heap)
  const random = mulberry32(21)
  const live: number[] = []
  const met = { chunks: 0, ranges: 0 }
  for (let i = 0; i < 4000; i++) {
    if (live.length > 60 || (live.length > 0 && random() < 0.45)) {
      heap.free(live.splice(Math.floor(random() * live.length), 1)[0]!)
      continue
    }
    const bytes = random() < 0.5 ? Math.floor(random() * 130_000) : 131_073 + Math.floor(random() * 300_000)
    const isChunk = bytes <= 131_072
    const best = isChunk ? bestChunks(inside(heap), chunks.chunkBytes(bytes)) : bestRanges(inside(heap), Math.ceil(bytes / 4096))
    const block = heap.alloc(bytes)
    live.push(block)
    if (best.length === 0) continue
    met[isChunk ? 'chunks' : 'ranges']++
    expect(best).toContain(heap.heap.blocks.address[block])
  }
  expect(Math.min(met.chunks, met.ranges)).toBeGreaterThan(300)
  expect(narrow.segmentCount).toBeGreaterThan(3)
})

/** Addresses of the free chunks that are smallest and, of those, cheapest. */
function bestChunks({ blocks, chunks }: SegmentHeap, need: number): number[] {
  const free: { address: number; key: number }[] = []
  for (const sub of chunks.subSegments) {
    for (let chunk = sub?.first ?? 0; chunk !== 0; chunk = blocks.after[chunk]!) {
      if (blocks.state[chunk] === SlotState.Free && blocks.size[chunk]! >= need) free.push({ address: blocks.address[chunk]!, key: blocks.size[chunk]! * 100 + chunks.costOf(chunk) })
    }
  }
  return leastOf(free)
}

/** Addresses of the free page ranges that are smallest and, of those, committed most. */
function bestRanges({ narrow }: SegmentHeap, units: number): number[] {
  const free: { address: number; key: number }[] = []
  narrow.bases.forEach((base, segment) => {
    if (base < 0) return
    narrow.walkSegment(segment, (range, length, use) => {
      if (use !== RangeUse.Free || length < units) return
      let committed = 0
      narrow.walkCommitted(range, length, (_address, bytes) => (committed += bytes / 4096))
      free.push({ address: narrow.addressOf(range), key: length * 1000 - committed })
    })
  })
  return leastOf(free)
}

function leastOf(all: readonly { readonly address: number; readonly key: number }[]): number[] {
  const least = Math.min(...all.map(({ key }) => key))
  return all.filter(({ key }) => key === least).map(({ address }) => address)
}

describe('resizing', () => {
  test('a chunk gives back its tail and grows into the free chunk behind; a slot stays while its bucket fits', () => {
    const heap = make({ lfh: false })
    const block = heap.alloc(5000)
    expect([heap.realloc(block, 1000), heap.sizeOf(block)]).toEqual([block, 1024])
    expect([heap.realloc(block, 30_000), heap.sizeOf(block)]).toEqual([block, 30_016])
    const slots = make({ activeAt: 1 })
    const slot = slots.alloc(1100)
    expect(slots.realloc(slot, 1150)).toBe(slot)
    expect(slots.realloc(slot, 1153)).not.toBe(slot)
  })

  test('a page range gives back units and is moved to grow', () => {
    const heap = make()
    const block = heap.alloc(400_000)
    expect([heap.realloc(block, 200_000), heap.sizeOf(block)]).toEqual([block, 200_704])
    expect(heap.realloc(block, 300_000)).not.toBe(block)
  })
})

describe('reasons', () => {
  const told = async (sizes: readonly number[], frees: readonly number[] = []): Promise<{ placed: string[]; grown: string[] }> => {
    const builder = new TraceBuilder({ file: 'steps', format: 'test', partial: false, notes: [] })
    const objects = sizes.map((size) => builder.alloc(size))
    for (const at of frees) builder.free(objects[at]!)
    const run = await replayTrace(builder.finish(builder.trace.origin), resolveRequest('segment-heap', X64, { activeAt: 3 }), quietJob, { explain: true })
    const { code, a, b, grownCode, grownA, grownB } = run.reasons!
    const texts = reasonsOf('segment-heap')!
    const rows = (column: Column): number[] => Array.from({ length: column.length }, (_, row) => row)
    return {
      placed: rows(code).filter((row) => code.at(row) > 0).map((row) => reasonSentence(texts.placed[code.at(row)]!, a.at(row), b.at(row))),
      grown: rows(grownCode).map((row) => reasonSentence(texts.grown[grownCode.at(row)]!, grownA.at(row), grownB.at(row))),
    }
  }

  test('each block says which of the four ways it took, the slots from the activating request on', async () => {
    const { placed } = await told([40, 40, 40, 40, 200_000, 9_000_000])
    expect(placed[0]).toBe('No free chunk was large enough: the start of a new sub-segment, of which 65,424 bytes stayed free.')
    expect(placed[1]).toBe('Best fit: split from a free chunk of 65,424 bytes; 65,360 bytes stayed free behind it.')
    expect(placed[2]).toBe('This was request number 3 of its size, with which the bucket of 48 bytes became active: a slot of its first sub-segment.')
    expect(placed[3]).toMatch(/^The bucket of 48 bytes is active: slot \d+ of its sub-segment/)
    expect(placed[4]).toBe('Too large for chunks: 49 units of 4,096 bytes from the smallest free page range that has them.')
    expect(placed[5]).toBe('Too large for page ranges: a reservation of its own, 9,003,008 bytes committed and 4,096 bytes of guard page.')
  })

  test('growth and giving back say why', async () => {
    const { grown } = await told([40, 30_000, 400_000, 9_000_000], [3, 2])
    expect(grown).toEqual([
      'The heap started with 16,384 bytes for its own structures.',
      'No free page range had 69,632 bytes: a segment of 1,048,576 bytes was reserved.',
      'No free chunk had 64 bytes: a sub-segment of 65,536 bytes was made, of which one page is committed.',
      'The chunk of 30,048 bytes reached pages that were not committed: 28,672 bytes more.',
      'A page range of 401,408 bytes was taken; 401,408 bytes of it had to be committed.',
      'A block of 9,003,008 bytes got a reservation of its own.',
      'A large block of 9,003,008 bytes was freed: its reservation was released.',
      'Free page ranges had more than 262,144 bytes committed: the 401,408 bytes of the range just freed were decommitted.',
    ])
  })
})

describe.each(['win10-1703', X64, 'win10-1703-x86', 'win10-2004-x86'])('%s under 4,000 random requests', (profile) => {
  test('tiles its memory, and ends as it began but for one segment of each context and the slots in use', () => {
    const heap = make({ vsDecommitPages: 3, keepPages: 20, keepShift: 10, activeAt: 5 }, profile)
    const random = mulberry32(7)
    const live: number[] = []
    for (let i = 0; i < 4000; i++) {
      const draw = random()
      if (live.length > 0 && draw < 0.45) {
        const [block] = live.splice(Math.floor(random() * live.length), 1)
        heap.free(block!)
      } else if (live.length > 0 && draw < 0.5) {
        const at = Math.floor(random() * live.length)
        live[at] = heap.realloc(live[at]!, sizeDrawn(random))
      } else live.push(heap.alloc(sizeDrawn(random)))
      if (i % 100 === 0) {
        const { joined, overlaps } = heap.tiling()
        expect({ joined, overlaps }).toEqual({ joined: heap.committed(), overlaps: 0 })
      }
    }
    for (const block of live) heap.free(block)
    const { narrow, wide, chunks, slots, rules } = inside(heap)
    expect(chunks.subSegments.filter((sub) => sub !== undefined)).toEqual([])
    expect(slots.subSegments.every((sub) => sub === undefined || sub.free === sub.count)).toBe(true)
    expect(wide.segmentCount).toBeLessThanOrEqual(1)
    expect(wide.committedPages - wide.freePages).toBe(wide.segmentCount * rules.headerPages)
    const slotBytes = slots.subSegments.reduce((sum, sub) => sum + (sub?.bytes ?? 0), 0)
    expect((narrow.committedPages - narrow.freePages - rules.headerPages * narrow.segmentCount) * 4096).toBe(slotBytes)
    const { joined, overlaps } = heap.tiling()
    expect({ joined, overlaps }).toEqual({ joined: heap.committed(), overlaps: 0 })
  })
})

function sizeDrawn(random: () => number): number {
  const kind = random()
  if (kind < 0.6) return Math.floor(random() * 600)
  if (kind < 0.85) return Math.floor(random() * 20_000)
  if (kind < 0.95) return Math.floor(random() * 150_000)
  return kind < 0.99 ? Math.floor(random() * 700_000) : Math.floor(random() * 10_000_000)
}
