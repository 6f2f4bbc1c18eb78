import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { RowIndex } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { firstOnSamePage } from './pin-blame'

/**
 * How much of the page each block begins on is used (M11), in percent of the page's committed bytes, of rows [from, to) into
 * `out`; NaN for uncommitted ones.
 *
 *   page      |      0       |      1       |      2       |
 *   blocks    [busy][free    ][busy                ][free  ]     0: 25, 25    1: 100    2: 50
 *
 * What others on their first page do counts, so the loop begins and ends with the neighbours on those pages.
 */
export function pageUseOf(snapshot: Snapshot, from: RowIndex, to: RowIndex, out: Float64Array): void {
  const { blocks, pageBytes } = snapshot
  const states = blocks.state.chunks
  out.fill(NaN, 0, to - from)
  let page = -1
  let used = 0
  let committed = 0
  /** Rows from here on begin on the page. */
  let first = from
  const close = (end: RowIndex): void => {
    if (committed === 0) return
    const percent = (100 * used) / committed
    const last = end < to ? end : to
    for (let row = first > from ? first : from; row < last; row++) {
      if (states[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)] !== BlockState.Uncommitted) out[row - from] = percent
    }
  }
  let row = firstOnSamePage(snapshot, from)
  for (; row < blocks.length; row++) {
    const chunk = row >>> CHUNK_SHIFT
    const inChunk = row & (CHUNK_LENGTH - 1)
    const at = blocks.address.chunks[chunk]![inChunk]!
    const own = Math.floor(at / pageBytes)
    if (row >= to && own !== page) break
    const state = states[chunk]![inChunk]!
    if (state === BlockState.Uncommitted) continue
    const isUsed = state === BlockState.Busy || state === BlockState.Internal
    if (own !== page) {
      close(row)
      page = own
      used = committed = 0
      first = row
    }
    const end = at + blocks.size.chunks[chunk]![inChunk]!
    const here = Math.min(end, (page + 1) * pageBytes) - at
    committed += here
    if (isUsed) used += here
    if (end <= (page + 1) * pageBytes) continue
    // It reaches onto other pages: no other block is on those between, and the next ones may begin on its last.
    close(row + 1)
    page = Math.floor((end - 1) / pageBytes)
    committed = end - page * pageBytes
    used = isUsed ? committed : 0
    first = row + 1
  }
  close(row)
}
