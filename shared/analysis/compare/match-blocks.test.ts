import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Column } from '../../base/column'
import { BlockState, Snapshot } from '../../model/snapshot'
import { buildHeap, type PlainBlock } from '../../model/testing/drawn-heap'
import { matchBlocks, strongestKey } from './match-blocks'

const busy = (size: number, site?: number): PlainBlock => ({ state: BlockState.Busy, size, requested: size, ...(site === undefined ? {} : { site }) })
const heapOf = (...sizes: readonly number[]): Snapshot => buildHeap([sizes.map((size) => busy(size))])

function withBirths(snapshot: Snapshot, births: readonly number[]): Snapshot {
  snapshot.blocks.birth = new Column('u32')
  for (const birth of births) snapshot.blocks.birth.push(birth)
  return snapshot
}

const withSites = (snapshot: Snapshot, siteNames: readonly string[]): Snapshot => new Snapshot({ ...snapshot, siteNames })

describe('matchBlocks', () => {
  it('takes blocks of one size for a multiset, as in the worked example', () => {
    const match = matchBlocks(heapOf(64, 64, 64, 128), heapOf(64, 128, 128, 256), 'size')
    expect(match).toMatchObject({ confidence: 'weak', matched: 2, gone: 2, added: 2, requestedChange: 256 })
    const groups = match.groups.map(({ sizeBytes, matched, gone, added }) => ({ sizeBytes, matched, gone, added }))
    expect(groups).toEqual([
      { sizeBytes: 256, matched: 0, gone: 0, added: 1 },
      { sizeBytes: 64, matched: 1, gone: 2, added: 0 },
      { sizeBytes: 128, matched: 1, gone: 0, added: 1 },
    ])
  })

  it('calls an address that holds another block reused, not kept', () => {
    const before = withBirths(heapOf(64, 64, 64), [1, 2, 3])
    const after = withBirths(heapOf(64, 64), [1, 9])
    expect(strongestKey(before, after, 'same-process')).toBe('address')
    expect(matchBlocks(before, after, 'address')).toMatchObject({ confidence: 'exact', matched: 1, reused: 1, gone: 2, added: 1 })
  })

  it('finds the same allocation of one trace at another address', () => {
    const before = withBirths(heapOf(64, 32), [1, 2])
    const after = withBirths(heapOf(32, 64, 16), [2, 1, 3])
    expect(strongestKey(before, after, 'same-trace')).toBe('allocation')
    expect(matchBlocks(before, after, 'allocation')).toMatchObject({ matched: 2, gone: 0, added: 1 })
  })

  it('pairs call sites by their text, whatever number each side gives them', () => {
    const before = withSites(buildHeap([[busy(64, 0), busy(64, 1)]]), ['parse', 'render'])
    const after = withSites(buildHeap([[busy(64, 0), busy(64, 0), busy(100, -1)]]), ['render'])
    expect(strongestKey(before, after, 'other')).toBe('site-size')
    const { groups } = matchBlocks(before, after, 'site-size')
    expect(groups.map(({ site, sizeBytes, matched, gone, added }) => [site, sizeBytes, matched, gone, added])).toEqual([
      ['unknown', 100, 0, 0, 1],
      ['parse', 64, 0, 1, 0],
      ['render', 64, 1, 0, 1],
    ])
    expect(matchBlocks(before, after, 'site-class').groups[0]).toMatchObject({ site: 'unknown', sizeBytes: 112 })
  })

  it('refuses a key that a side cannot answer', () => {
    expect(() => matchBlocks(heapOf(8), heapOf(8), 'allocation')).toThrow(/births unknown/)
    expect(() => matchBlocks(heapOf(8), heapOf(8), 'site-size')).toThrow(/call sites unknown/)
  })

  it('loses no block and no byte, whatever the two hold', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(sizes, sizes, fc.constantFrom('size' as const, 'class' as const), (a, b, key) => {
        const match = matchBlocks(heapOf(...a), heapOf(...b), key)
        expect(match.matched + match.gone).toBe(a.length)
        expect(match.matched + match.added).toBe(b.length)
        const total = (sizesOf: readonly number[]): number => sizesOf.reduce((sum, size) => sum + size, 0)
        expect(match.groups.reduce((sum, group) => sum + group.bytesB - group.bytesA, 0)).toBe(total(b) - total(a))
        expect(match.requestedChange).toBe(total(b) - total(a))
      }),
    )
  })
})
