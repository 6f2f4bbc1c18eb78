import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ParameterValue } from '../../model/run'
import { heapDefinitions } from '../profiles'
import { HeapUnderTest } from '../testing/heap-under-test'
import { NO_BLOCK } from './heap'

/*
 * Every heap, every profile, and the variants of merging, reallocating and trimming, under random programs:
 * after each event the busy, free and internal ranges tile the committed memory exactly.
 */
interface Case {
  readonly name: string
  readonly heap: string
  readonly profile: string
  readonly overrides: Record<string, ParameterValue>
}

/** Their empty pages keep the blocks they were cut into. */
const KEEPING_PAGES = ['mimalloc-like', 'slab']

const VARIANTS: readonly Record<string, ParameterValue>[] = [
  { realloc: 'in-place-forward' },
  { realloc: 'in-block', growExact: true },
  { coalesce: 'deferred', deferCount: 5 },
  { coalesce: 'never' },
  { trim: 256, capacity: 20_000 },
  { tcacheCount: 2, mmapThreshold: 2000, trimThreshold: 4096, topPad: 0, maxFast: 64 },
  { dynamic: false, mmapThreshold: 5000, consolidateAt: 256 },
  { eagerCommit: true, capacity: 2 ** 25 },
  { smallMost: 2048, mediumMost: 4096, largeMost: 8000, mediumPage: 65536, segmentBytes: 2 ** 18 },
  { emptyKept: 0, largest: 2048, objectsMin: 2, colour: 64, slabHeader: 24 },
  { mergeFreed: false, serialized: false },
  { heapPer: 'thread', heapsMost: 3 },
  { heapPer: 'site', heapsMost: 1024 },
  { coalesce: 'deferred', deferCount: 3, trim: 64, realloc: 'in-place-forward', growExact: true },
]

const cases: Case[] = heapDefinitions.flatMap((definition) => {
  const names = new Set(definition.parameters.map((parameter) => parameter.name))
  const variants = VARIANTS.filter((variant) => Object.keys(variant).every((name) => names.has(name)))
  // Profiles that differ only in the layout of their bytes place alike.
  const behaviours = new Map(definition.profiles.map((profile) => [JSON.stringify({ ...profile.values, build: 0 }), profile.id]))
  const all = [...behaviours.values()].map((profile) => ({ profile, overrides: { capacity: 1 << 20 } }))
  const varied = variants.map((overrides) => ({ profile: definition.defaultProfile, overrides: { ...overrides, capacity: overrides['capacity'] ?? 2 ** 30 } }))
  return [...all, ...varied].map(({ profile, overrides }) => ({
    name: `${definition.id} ${profile} ${JSON.stringify(overrides)}`,
    heap: definition.id,
    profile,
    overrides,
  }))
})

interface Step {
  readonly kind: 'alloc' | 'free' | 'realloc'
  readonly size: number
  readonly pick: number
}

const sizes = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 9000 }))
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ kind: fc.constantFrom('alloc' as const, 'alloc' as const, 'free' as const, 'realloc' as const), size: sizes, pick: fc.nat() }),
  { minLength: 1, maxLength: 60, size: 'max' },
)

function carryOut(heap: HeapUnderTest, step: Step): void {
  const busy = [...heap.busy.keys()]
  // Heaps that tell threads and sites apart get many; nothing but theirs knows of them.
  if (heap.heap.thread !== undefined) heap.heap.thread = step.pick % 5
  if (heap.heap.site !== undefined) heap.heap.site = step.size % 7
  if (step.kind === 'alloc' || busy.length === 0) heap.alloc(step.size)
  else if (step.kind === 'free') heap.free(busy[step.pick % busy.length]!)
  else heap.realloc(busy[step.pick % busy.length]!, step.size)
}

function expectSound(heap: HeapUnderTest): void {
  const { joined, overlaps } = heap.tiling()
  expect({ joined, overlaps }).toEqual({ joined: heap.committed(), overlaps: 0 })
  const internal = heap.internal.length > 0 && heap.internal[0]![0] === heap.heap.base ? heap.internal[0]![1] : 0
  for (const [block, bytes] of heap.busy) {
    expect(heap.sizeOf(block)).toBeGreaterThanOrEqual(bytes + heap.heap.headerBytes)
    expect((heap.offsetOf(block) - internal) % heap.heap.granularityBytes).toBe(0)
  }
}

describe.each(cases)('$name', ({ heap: id, profile, overrides }) => {
  const make = (): HeapUnderTest => new HeapUnderTest(id, profile, overrides)

  test('tiles its memory after every event and returns to empty', () => {
    fc.assert(
      fc.property(steps, (program) => {
        const heap = make()
        for (const step of program) {
          carryOut(heap, step)
          expectSound(heap)
        }
        for (const block of [...heap.busy.keys()]) heap.free(block)
        if (KEEPING_PAGES.includes(id)) return expectSound(heap)
        expectSound(heap)
        const merges = !('coalesce' in overrides) && !['simple-segregated', 'lookaside', 'lfh', 'ptmalloc-like', 'segment-heap', 'nt-xp', 'nt-lfh'].includes(id)
        if (merges) expect(heap.freeRanges()).toHaveLength(heap.committedBytes > heap.internal.reduce((sum, [, bytes]) => sum + bytes, 0) ? heap.committed().length : 0)
      }),
      { numRuns: 8, seed: 1 },
    )
  })

  test('is unharmed by a request that cannot be met', () => {
    fc.assert(
      fc.property(steps, (program) => {
        const [plain, refused] = [make(), make()]
        for (const step of program) {
          carryOut(plain, step)
          carryOut(refused, step)
          // A first request makes the heap of its site even when it fails; the first heap is there already.
          if (refused.heap.site !== undefined) refused.heap.site = refused.heap.thread = -1
          expect(refused.alloc(2 ** 47)).toBe(NO_BLOCK)
          const victim = refused.busy.keys().next().value
          if (victim !== undefined) expect(refused.realloc(victim, 2 ** 47)).toBe(NO_BLOCK)
          expectSound(refused)
        }
        // A failed search merges what waits, so only heaps that merge at once must place alike afterwards.
        if (overrides['coalesce'] !== 'deferred') expect(refused.tiling()).toEqual(plain.tiling())
      }),
      { numRuns: 4, seed: 2 },
    )
  })
})

type Range = [number, number]
const RULES: readonly (readonly [string, (fits: Range[]) => Range])[] = [
  ['first-fit', (fits) => fits[0]!],
  ['best-fit', (fits) => fits.reduce((best, range) => (range[1] < best[1] ? range : best))],
  ['worst-fit', (fits) => fits.reduce((best, range) => (range[1] > best[1] ? range : best))],
]

test.each(RULES)('%s chooses what a walk over all free blocks would', (id, choose) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 2000 }), fc.nat()), { maxLength: 120, size: 'max' }), (program) => {
      const heap = new HeapUnderTest(id, 'pure')
      for (const [isAlloc, size, pick] of program) {
        const busy = [...heap.busy.keys()]
        if (!isAlloc && busy.length > 0) {
          heap.free(busy[pick % busy.length]!)
          continue
        }
        const fits = heap.freeRanges().filter(([, bytes]) => bytes >= Math.ceil(size / 8) * 8)
        const block = heap.alloc(size)
        if (fits.length > 0) expect(heap.offsetOf(block)).toBe(choose(fits)[0])
      }
    }),
    { numRuns: 60, seed: 3 },
  )
})

test('resized in its own block, a request stays while it fits and never takes in the free block behind', () => {
  const heap = new HeapUnderTest('first-fit', 'csapp', { realloc: 'in-block' })
  const block = heap.alloc(97)
  expect(heap.realloc(block, 104)).toBe(block)
  expect(heap.realloc(block, 40)).toBe(block)
  expect(heap.sizeOf(block)).toBe(48)
  expect(heap.offsetOf(heap.realloc(block, 100))).toBe(heap.heap.headerBytes + 56)
})

test('tlsf takes an older hole before the end of the heap, and leaves an end of any size', () => {
  const heap = new HeapUnderTest('tlsf', 'trimmed')
  const [hole, , end] = [heap.alloc(64), heap.alloc(64), heap.alloc(64)]
  heap.free(hole)
  heap.free(end)
  expect(heap.offsetOf(heap.alloc(64))).toBe(0)
  expect(heap.offsetOf(heap.alloc(56))).toBe(144)
  expect(heap.freeRanges()).toEqual([[208, 8]])
})
