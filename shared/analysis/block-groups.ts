import { Column } from '../base/column'
import type { JobContext } from '../base/job-context'
import { NumberMap } from '../base/number-map'
import { NONE } from '../base/units'
import { BlockState } from '../model/snapshot'
import { columnFacts, type BlockGrouping } from './block-columns'
import { BATCH_ROWS, type BlockValues } from './block-values'
import { columnsOf, RowTable } from './dump/row-table'
import { conditionText, type BlockCondition } from './filter/block-condition'
import type { KeptRows } from './filter/evaluate-filter'
import { sizeClassOf, sizeClassUpper } from './metrics/size-classes'

/*
 * Blocks that are kept, added up by what they have in common:
 *
 *   by class    8  10  12  14  16  20 ...   size classes, powers of two in four steps
 *   by age      0  1  2..3  4..7  8..15 ...  events since the block was made, each step twice as wide
 *   by others   one group per value
 *
 * Blocks whose value is not known are one group of their own, the last.
 */
/** In the column `key` of a group table: the value is not known. */
export const UNKNOWN_GROUP = NONE

/** What is added up of a group; `requested` of those blocks whose request is known. */
export const GROUP_FIGURES = ['blocks', 'bytes', 'busy', 'requested', 'free', 'pins'] as const

/**
 * A row per group in order of its key: `key` (value of the column; least age of the group), `blocks`, `bytes` consumed, `busy`
 * blocks, `requested` bytes of those whose request is known, `free` bytes, `pins` bytes; and `name`.
 * Throws `cancelled`.
 */
export async function groupBlocks(values: BlockValues, kept: KeptRows, by: BlockGrouping, job: JobContext): Promise<RowTable> {
  const sums = new GroupSums()
  const batch = { key: new Float64Array(BATCH_ROWS), size: new Float64Array(BATCH_ROWS), state: new Float64Array(BATCH_ROWS), requested: new Float64Array(BATCH_ROWS), pins: new Float64Array(BATCH_ROWS) }
  for (let from = 0; from < values.rows; from += BATCH_ROWS) {
    const to = Math.min(values.rows, from + BATCH_ROWS)
    values.read(by, from, to, batch.key)
    values.read('size', from, to, batch.size)
    values.read('state', from, to, batch.state)
    values.read('requested', from, to, batch.requested)
    values.read('pins', from, to, batch.pins)
    if (by === 'age') toAgeSteps(batch.key, to - from)
    sums.add(batch, to - from, kept.mask?.subarray(from, to))
    job.progress({ done: to, total: values.rows, unit: 'blocks' })
    await job.checkpoint()
  }
  return sums.table((key) => groupName(by, key, values))
}

/** Least age of the step an age falls into: 0, 1, 2, 4, 8 ... */
function toAgeSteps(ages: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) if (ages[i]! > 1) ages[i] = 2 ** Math.floor(Math.log2(ages[i]!))
}

interface GroupBatch {
  readonly key: Float64Array
  readonly size: Float64Array
  readonly state: Float64Array
  readonly requested: Float64Array
  readonly pins: Float64Array
}

class GroupSums {
  readonly #columns = columnsOf({ key: 'f64', blocks: 'f64', bytes: 'f64', busy: 'f64', requested: 'f64', free: 'f64', pins: 'f64' })
  readonly #groups = new NumberMap()
  #sums: Float64Array = new Float64Array(SUMS * 1024)
  #count = 0

  add({ key, size, state, requested, pins }: GroupBatch, count: number, mask: Uint8Array | undefined): void {
    let lastKey = NaN
    let at = 0
    for (let i = 0; i < count; i++) {
      if (mask !== undefined && mask[i] === 0) continue
      const own = key[i]! >= 0 ? key[i]! : UNKNOWN_GROUP
      // Neighbours are often of one page, heap or site: then the group need not be looked up.
      if (own !== lastKey) {
        at = this.#placeOf(own)
        lastKey = own
      }
      const sums = this.#sums
      const isBusy = state[i] === BlockState.Busy
      sums[at]! += 1
      sums[at + 1]! += size[i]!
      if (isBusy) {
        sums[at + 2]! += 1
        if (requested[i]! >= 0) sums[at + 3]! += requested[i]!
        sums[at + 5]! += pins[i]!
      } else if (state[i] === BlockState.Free) sums[at + 4]! += size[i]!
    }
  }

  table(nameOf: (key: number) => string): RowTable {
    const keys = this.#columns.key.slice()
    const order = Array.from(keys, (_, group) => group).sort((a, b) => orderOf(keys[a]!) - orderOf(keys[b]!))
    const numbers: Record<string, Column> = { key: Column.of('f64', order.map((group) => keys[group]!)) }
    GROUP_FIGURES.forEach((name, i) => {
      numbers[name] = Column.of('f64', order.map((group) => this.#sums[group * SUMS + i]!))
    })
    return new RowTable(numbers, { name: order.map((group) => nameOf(keys[group]!)) })
  }

  #placeOf(key: number): number {
    // NumberMap knows no negative keys.
    let group = this.#groups.get(key + 1)
    if (group < 0) {
      group = this.#count++
      this.#groups.set(key + 1, group)
      this.#columns.key.push(key)
      if ((group + 1) * SUMS > this.#sums.length) {
        const larger = new Float64Array(this.#sums.length * 2)
        larger.set(this.#sums)
        this.#sums = larger
      }
    }
    return group * SUMS
  }
}

const SUMS = GROUP_FIGURES.length
const orderOf = (key: number): number => (key === UNKNOWN_GROUP ? Infinity : key)

function groupName(by: BlockGrouping, key: number, { snapshot }: BlockValues): string {
  if (key === UNKNOWN_GROUP) return 'unknown'
  const { unit, names } = columnFacts(by)
  if (unit === 'name') return names![key]!
  if (unit === 'text') return snapshot.siteNames[key]!
  if (unit === 'address') return `0x${key.toString(16)}`
  const range = rangeOfGroup(by, key)
  return range.from === range.to ? String(range.from) : `${range.from}..${range.to}`
}

/** Values of the column a group holds, both ends included. */
function rangeOfGroup(by: BlockGrouping, key: number): { from: number; to: number } {
  if (by === 'age') return { from: key, to: key < 2 ? key : 2 * key - 1 }
  if (by === 'class') return { from: key <= 8 ? 0 : sizeClassUpper(sizeClassOf(key) - 1) + 1, to: key }
  return { from: key, to: key }
}

/** Filter text that keeps the blocks of one group; `name` as in its row. */
export function groupFilter(by: BlockGrouping, key: number, name: string): string {
  const condition = (): BlockCondition => {
    if (key === UNKNOWN_GROUP) return { type: 'known', column: by, isKnown: false }
    if (columnFacts(by).unit === 'text') return { type: 'text', column: by, comparison: '=', text: name }
    if (by === 'age' && key > 1) return { type: 'in', column: by, ranges: [rangeOfGroup(by, key)] }
    return { type: 'compare', column: by, comparison: '=', value: key }
  }
  return conditionText(condition())
}
