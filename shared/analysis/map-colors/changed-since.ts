import { Column, CHUNK_LENGTH, CHUNK_SHIFT, sizeColumn } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import type { Address } from '../../base/units'
import { BlockState, type BlockTable, type Snapshot } from '../../model/snapshot'
import type { ColorSet } from './color-spans'

/*
 * What became of every byte between two moments of one run:
 *
 *   earlier   [AAAA][BBBB]......[CCCC]
 *   later     [AAAA]....[DDDDDD][EEEE]
 *              kept freed taken  replaced      a block is the same where address and birth are
 */
export const Change = { Kept: 1, Taken: 2, Replaced: 3, Freed: 4 } as const
export type Change = (typeof Change)[keyof typeof Change]
const NAMES = ['kept', 'taken', 'replaced', 'freed'] as const
const LETTERS = ['K', 'T', 'R', 'F'] as const
const STEPS_PER_CHECKPOINT = 1 << 15

/** Busy bytes of either moment by what became of them. Filters are those of the moment `shown`. Throws `cancelled`. */
export async function changedBetween(shown: Snapshot, other: Snapshot, job: JobContext): Promise<ColorSet> {
  const isShownLater = (shown.event ?? 0) >= (other.event ?? 0)
  const [earlier, later] = isShownLater ? [other, shown] : [shown, other]
  const writer = new ChangeWriter()
  const before = new BusyBlocks(earlier.blocks)
  const after = new BusyBlocks(later.blocks)
  let at = 0
  for (let step = 1; before.row < before.rows || after.row < after.rows; step++) {
    at = Math.max(at, Math.min(before.start, after.start))
    const isBefore = before.start <= at
    const isAfter = after.start <= at
    const end = Math.min(isBefore ? before.end : before.start, isAfter ? after.end : after.start)
    if (isBefore || isAfter) writer.put(at, end, !isAfter ? Change.Freed : !isBefore ? Change.Taken : before.isSame(after) ? Change.Kept : Change.Replaced)
    at = end
    if (before.end <= at) before.next()
    if (after.end <= at) after.next()
    if (step % STEPS_PER_CHECKPOINT === 0) {
      job.progress({ done: before.row + after.row, total: before.rows + after.rows, unit: 'blocks' })
      await job.checkpoint()
    }
  }
  return writer.finish(isShownLater ? (earlier.event ?? 0) : null)
}

/** Steps through the busy blocks of a table. The current one in plain fields: the loop above reads them for every step. */
class BusyBlocks {
  readonly #blocks: BlockTable
  readonly rows: number
  row = -1
  start: Address = Infinity
  end: Address = Infinity

  constructor(blocks: BlockTable) {
    this.#blocks = blocks
    this.rows = blocks.length
    this.next()
  }

  next(): void {
    const { state, address, size } = this.#blocks
    let row = this.row + 1
    while (row < this.rows && state.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)] !== BlockState.Busy) row++
    this.row = row
    const isEnd = row >= this.rows
    this.start = isEnd ? Infinity : address.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!
    this.end = isEnd ? Infinity : this.start + size.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!
  }

  isSame(other: BusyBlocks): boolean {
    if (this.start !== other.start) return false
    const own = this.#blocks.birth
    const theirs = other.#blocks.birth
    return own === undefined || theirs === undefined ? this.end === other.end : own.at(this.row) === theirs.at(other.row)
  }
}

/** Joins neighbours of one kind, so that a heap that hardly changed has few spans. */
class ChangeWriter {
  readonly #address = new Column('f64')
  readonly #size = sizeColumn()
  readonly #color = new Column('u8')
  readonly #bytes = new Float64Array(NAMES.length + 1)
  #from: Address = 0
  #to: Address = 0
  #change: Change | 0 = 0

  put(from: Address, to: Address, change: Change): void {
    this.#bytes[change]! += to - from
    if (change === this.#change && from === this.#to) {
      this.#to = to
      return
    }
    this.#flush()
    this.#from = from
    this.#to = to
    this.#change = change
  }

  #flush(): void {
    if (this.#change === 0) return
    this.#address.push(this.#from)
    this.#size.push(this.#to - this.#from)
    this.#color.push(this.#change)
  }

  /** `since`: event the shown moment comes after; null when it comes before the other, whose blocks no filter of it can tell. */
  finish(since: number | null): ColorSet {
    this.#flush()
    const filters = since === null ? [] : [`state = busy and birth <= ${since}`, `state = busy and birth > ${since}`]
    const entries = NAMES.map((name, i) => ({ name, letter: LETTERS[i]!, filter: filters[i] ?? null, bytes: this.#bytes[i + 1]!, count: null }))
    return { [Symbol.toStringTag]: 'ColorSet', spans: { address: this.#address, size: this.#size, length: this.#address.length, color: this.#color.slice() as Uint8Array }, entries }
  }
}
