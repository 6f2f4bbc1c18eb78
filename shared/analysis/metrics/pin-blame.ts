import type { Snapshot } from '../../model/snapshot'
import { BlockState } from '../../model/snapshot'
import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'

/**
 * Free bytes each block keeps from being given back: one value per block row, 0 for all but busy blocks.
 *
 * On a page whose free bytes W go back only when everything on it goes, all players are to blame alike: the Shapley
 * value of that game is W / players. Players are the busy blocks on the page and, when it holds internal bytes, the
 * allocator as one more; so M11's pinned free bytes less the sum of this column are the allocator's own blame.
 * Cached bytes count as free.
 */
export function pinBlame(snapshot: Snapshot): Float64Array {
  const { blocks, pageBytes } = snapshot
  const blame = new Float64Array(blocks.length)
  const states = blocks.state.chunks
  let pageEnd = -Infinity
  let free = 0
  let busy = 0
  let hasInternal = false
  let firstOnPage = 0
  const close = (lastOnPage: number): void => {
    if (free > 0 && busy > 0) {
      const share = free / (busy + (hasInternal ? 1 : 0))
      for (let row = firstOnPage; row <= lastOnPage; row++) {
        if (states[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)] === BlockState.Busy) blame[row]! += share
      }
    }
    free = busy = 0
    hasInternal = false
  }
  for (let row = 0; row < blocks.length; row++) {
    const chunk = row >>> CHUNK_SHIFT
    const inChunk = row & (CHUNK_LENGTH - 1)
    const state = states[chunk]![inChunk]!
    if (state === BlockState.Uncommitted) continue
    let at = blocks.address.chunks[chunk]![inChunk]!
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
      firstOnPage = row
      // Pages this block covers entirely have nobody to blame: they are all used or all free.
      at = Math.max(pageEnd, Math.floor((end - 1) / pageBytes) * pageBytes)
      pageEnd = at + pageBytes
    }
  }
  close(blocks.length - 1)
  return blame
}
