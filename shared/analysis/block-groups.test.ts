import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Column } from '../base/column'
import { quietJob } from '../base/job-context'
import { NO_EVENT, type BlockState } from '../model/snapshot'
import { buildHeap } from '../model/testing/drawn-heap'
import { BLOCK_GROUPINGS } from './block-columns'
import { groupBlocks, groupFilter, GROUP_FIGURES } from './block-groups'
import { conditionOf, keepFiltered } from './block-query'
import { BlockValues } from './block-values'
import { keepRows } from './filter/evaluate-filter'

const block = fc.record({ state: fc.constantFrom(0, 1, 2, 3, 4), size: fc.integer({ min: 1, max: 900 }), requested: fc.nat(900), site: fc.integer({ min: -1, max: 2 }), birth: fc.oneof(fc.nat(100), fc.constant(NO_EVENT)) })

async function grouped(blocks: readonly { state: number; size: number; requested: number; site: number; birth: number }[], where: string | undefined) {
  const snapshot = Object.assign(buildHeap([blocks.map((one) => ({ ...one, state: one.state as BlockState }))], { pageBytes: 256 }), { siteNames: ['a', 'b', 'c'], event: 100 })
  snapshot.blocks.birth = Column.of('u32', blocks.map(({ birth }) => birth))
  const values = new BlockValues(snapshot, Float64Array.from(blocks, (_, row) => row))
  const kept = await keepFiltered(values, where === undefined ? {} : { where }, undefined, quietJob)
  return { values, kept, snapshot }
}

describe('groups of blocks', () => {
  it('add up to the whole, and the filter of a group keeps exactly its blocks', async () => {
    await fc.assert(fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 30 }), fc.constantFrom(...BLOCK_GROUPINGS), fc.constantFrom(undefined, 'state = busy or size > 300'), async (blocks, by, where) => {
      const { values, kept } = await grouped(blocks, where)
      const table = await groupBlocks(values, kept, by, quietJob)
      const sum = (figure: string): number => Array.from(table.numbers[figure]!.slice()).reduce((total, value) => total + value, 0)
      expect(sum('blocks')).toBe(kept.count)
      expect(sum('bytes')).toBe(kept.bytes)
      for (let group = 0; group < table.rows; group++) {
        const text = groupFilter(by, table.numbers['key']!.at(group), table.texts['name']![group]!)
        const own = await keepRows(values, conditionOf({ where: where === undefined ? text : `(${where}) and ${text}` }), undefined, quietJob)
        expect({ text, blocks: own.count, bytes: own.bytes }).toEqual({ text, blocks: table.numbers['blocks']!.at(group), bytes: table.numbers['bytes']!.at(group) })
      }
    }), { numRuns: 80 })
  })

  it('tell busy blocks, requests, free bytes and pins apart', async () => {
    const { values, kept } = await grouped([
      { state: 0, size: 64, requested: 50, site: 0, birth: 99 }, { state: 0, size: 64, requested: 60, site: 0, birth: 90 }, { state: 1, size: 32, requested: 0, site: -1, birth: NO_EVENT },
    ], undefined)
    const table = await groupBlocks(values, kept, 'site', quietJob)
    expect(table.texts['name']).toEqual(['a', 'unknown'])
    expect(GROUP_FIGURES.map((figure) => table.numbers[figure]!.at(0))).toEqual([2, 128, 2, 110, 0, 1])
    expect(GROUP_FIGURES.map((figure) => table.numbers[figure]!.at(1))).toEqual([1, 32, 0, 0, 32, 0])
    const ages = await groupBlocks(values, kept, 'age', quietJob)
    expect(ages.texts['name']).toEqual(['1', '8..15', 'unknown'])
  })
})
