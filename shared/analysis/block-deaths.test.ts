import { describe, expect, it } from 'vitest'
import { quietJob } from '../base/job-context'
import { Column } from '../base/column'
import { STILL_ALIVE } from '../base/units'
import { randomRun } from '../model/testing/run-sketch'
import { snapshotAt } from '../model/snapshot-at'
import { NO_EVENT } from '../model/snapshot'
import { deathOfBlock, deathsOfCut } from './block-deaths'
import { BlockView, keepFiltered } from './block-query'
import { BlockValues } from './block-values'
import { conditionText } from './filter/block-condition'
import { readFilter } from './filter/read-filter'
import { lifetimeValues } from './lifetime-blocks'

const run = randomRun(5, 200)
const cutValues = (event: number): BlockValues => {
  const snapshot = snapshotAt(run, event)
  return new BlockValues(snapshot, undefined, () => deathsOfCut(run, snapshot))
}

/** Event that ends the lifetime alive at `event` at the address, looked up row by row. */
function plainDeath(address: number, event: number): number | undefined {
  const { address: addresses, birth, death } = run.lifetimes
  for (let row = 0; row < run.lifetimes.length; row++) {
    if (addresses.at(row) === address && birth.at(row) <= event && death.at(row) > event) return death.at(row) === STILL_ALIVE ? Infinity : death.at(row)
  }
  return undefined
}

const reversedColumn = (column: Column): Column => {
  const values = column.slice()
  values.reverse()
  return Column.from(values)
}

describe('deaths of blocks', () => {
  it('are those of the lifetimes alive at the cut, and unknown of free space', () => {
    for (const event of [0, 50, 120, 200]) {
      const values = cutValues(event)
      const { blocks } = values.snapshot
      for (let row = 0; row < blocks.length; row++) {
        const death = values.at('death', row)
        if (blocks.birth!.at(row) === NO_EVENT) expect(death).toBeNaN()
        else expect(death).toBe(plainDeath(blocks.address.at(row), event))
        expect(values.at('lifetime', row)).toEqual(death - (blocks.birth!.at(row) === NO_EVENT ? NaN : blocks.birth!.at(row)))
      }
    }
  })

  it('of one block is found alone, as among all of them, also in runs that are not in order of birth', () => {
    for (const order of [[0, 1], [1, 0]] as const) {
      const sketch = randomRun(11, 150)
      if (order[0] === 1) Object.assign(sketch.lifetimes, Object.fromEntries((['address', 'size', 'requested', 'birth', 'death', 'occupant', 'object'] as const).map((column) => [column, reversedColumn(sketch.lifetimes[column])])))
      let found = 0
      for (const event of [40, 149]) {
        const snapshot = snapshotAt(sketch, event)
        const all = new BlockValues(snapshot, undefined, () => deathsOfCut(sketch, snapshot))
        const single = new BlockValues(snapshot, undefined, () => deathsOfCut(sketch, snapshot), (row) => deathOfBlock(sketch, snapshot, row))
        for (let row = 0; row < snapshot.blocks.length; row++) {
          if (deathOfBlock(sketch, snapshot, row) !== undefined) found++
          for (const column of ['death', 'lifetime'] as const) expect(single.at(column, row)).toEqual(all.at(column, row))
        }
      }
      if (order[0] === 0) expect(found).toBeGreaterThan(5)
    }
  })

  it('never comes after every event, in filters and in orders', async () => {
    const values = cutValues(185)
    const kept = async (where: string): Promise<number> => (await keepFiltered(values, { where }, undefined, quietJob)).count
    const born = await kept('birth is known')
    expect(await kept('death = never') + await kept('death < never')).toBe(born)
    expect(await kept('death > 190')).toBe(await kept('death = never') + await kept('death in 191..100000'))
    expect(await kept('death = never')).toBeGreaterThan(0)
    const view = await BlockView.make(values, { sort: 'death', descending: true, filter: {} }, await keepFiltered(values, {}, undefined, quietJob), quietJob)
    const order = Array.from({ length: view.total }, (_, place) => values.at('death', view.rowAt(place))).map((death) => (Number.isNaN(death) ? -1 : death))
    expect(order).toEqual([...order].sort((a, b) => b - a || 0))
    expect(order[0]).toBe(Infinity)
  })

  it('are read back from the text that states them', () => {
    for (const text of ['death = never', 'death in 5..never', 'lifetime < 1000 or freed = never']) expect(readFilter(conditionText(readFilter(text)!))).toEqual(readFilter(text))
    expect(() => readFilter('birth = never')).toThrow()
  })

  it('of all lifetimes stand beside them row by row, internal and cached ones under their states', async () => {
    const values = lifetimeValues(run)
    for (let row = 0; row < values.rows; row++) {
      const death = run.lifetimes.death.at(row)
      expect(values.at('death', row)).toBe(death === STILL_ALIVE ? Infinity : death)
    }
    const { occupant } = run.lifetimes
    const count = async (where: string): Promise<number> => (await keepFiltered(values, { where }, undefined, quietJob)).count
    expect([await count('state = busy'), await count('state = internal'), await count('state = cached'), await count('state = free')])
      .toEqual([0, 1, 2].map((kind) => [...occupant.slice()].filter((one) => one === kind).length).concat(0))
  })

  it('of a snapshot that belongs to no run are unknown', () => {
    const snapshot = snapshotAt(run, 100)
    expect(new BlockValues(snapshot).at('death', 0)).toBeNaN()
  })
})
