import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import { finish, type Steps } from '../../base/steps'
import type { RowIndex } from '../../base/units'
import type { Snapshot } from '../../model/snapshot'
import { BlockState } from '../../model/snapshot'

/**
 * Free bytes each block keeps from being given back: one value per block row, 0 for all but busy blocks.
 *
 * On a page whose free bytes W go back only when everything on it goes, all players are to blame alike: the Shapley
 * value of that game is W / players. Players are the busy blocks on the page and, when it holds internal bytes, the
 * allocator as one more; so M11's pinned free bytes less the sum of this column are the allocator's own blame.
 * Cached bytes count as free.
 */
export const pinBlame = (snapshot: Snapshot): Float64Array => finish(pinBlameSteps(snapshot))

export function* pinBlameSteps(snapshot: Snapshot): Steps<Float64Array> {
  const rows = snapshot.blocks.length
  const blame = new Float64Array(rows)
  for (let from = 0; from < rows; from += CHUNK_LENGTH) {
    const to = Math.min(rows, from + CHUNK_LENGTH)
    pinBlameOf(snapshot, from, to, blame.subarray(from, to))
    yield
  }
  return blame
}

/**
 * The same of rows [from, to) alone into `out`: what others on their first and last page do counts, so the loop begins
 * and ends with the neighbours on those pages.
 */
export function pinBlameOf(snapshot: Snapshot, from: RowIndex, to: RowIndex, out: Float64Array): void {
  const { blocks, pageBytes } = snapshot
  out.fill(0, 0, to - from)
  const states = blocks.state.chunks
  let pageEnd = -Infinity
  let free = 0
  let busy = 0
  let hasInternal = false
  let firstOnPage = 0
  const close = (lastOnPage: number): void => {
    if (free > 0 && busy > 0) {
      const share = free / (busy + (hasInternal ? 1 : 0))
      const last = lastOnPage < to ? lastOnPage : to - 1
      for (let row = firstOnPage > from ? firstOnPage : from; row <= last; row++) {
        if (states[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)] === BlockState.Busy) out[row - from]! += share
      }
    }
    free = busy = 0
    hasInternal = false
  }
  let row = firstOnSamePage(snapshot, from)
  for (; row < blocks.length; row++) {
    const chunk = row >>> CHUNK_SHIFT
    const inChunk = row & (CHUNK_LENGTH - 1)
    const state = states[chunk]![inChunk]!
    let at = blocks.address.chunks[chunk]![inChunk]!
    if (row >= to && at >= pageEnd) break
    if (state === BlockState.Uncommitted) continue
    const end = at + blocks.size.chunks[chunk]![inChunk]!
    if (at >= pageEnd) {
      close(row - 1)
      firstOnPage = row
      pageEnd = (Math.floor(at / pageBytes) + 1) * pageBytes
    }
    for (;;) {
      if (state === BlockState.Busy) busy++
      else if (state === BlockState.Internal) hasInternal = true
      else free += Math.min(end, pageEnd) - at
      if (end <= pageEnd) break
      close(row)
      // A row behind those asked for has told what it does on their last page.
      if (row >= to) return
      firstOnPage = row
      // Pages this block covers entirely have nobody to blame: they are all used or all free.
      at = Math.max(pageEnd, Math.floor((end - 1) / pageBytes) * pageBytes)
      pageEnd = at + pageBytes
    }
  }
  close(row - 1)
}

/** First row that reaches onto the page on which `row` begins. */
export function firstOnSamePage({ blocks, pageBytes }: Snapshot, row: RowIndex): RowIndex {
  if (row >= blocks.length) return row
  const pageStart = Math.floor(blocks.address.at(row) / pageBytes) * pageBytes
  let first = row
  while (first > 0 && blocks.address.at(first - 1) + blocks.size.at(first - 1) > pageStart) first--
  return first
}
