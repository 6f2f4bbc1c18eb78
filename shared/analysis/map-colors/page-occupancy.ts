import type { JobContext } from '../../base/job-context'
import type { Bytes } from '../../base/units'
import { FULL_SHARE, type MapRange, type WrittenCells } from '../cell-writer'
import type { PageSums } from '../page-sums'
import { NO_COLOR, type ColorEntry } from './colorings'

/*
 * How full pages are (M11): busy and internal bytes as a share of the committed ones. A cell of several pages shows their
 * mean, weighted by committed bytes; a cell that does not consist of whole pages shows those it reaches into.
 */
const NAMES = ['empty', 'under 25 %', '25 to 50 %', '50 to 75 %', '75 to 100 %', 'full'] as const
/** Blocks that begin on such pages. */
const FILTERS = [
  'occupancy = 0', 'occupancy > 0 and occupancy < 25', 'occupancy >= 25 and occupancy < 50', 'occupancy >= 50 and occupancy < 75', 'occupancy >= 75 and occupancy < 100', 'occupancy = 100',
] as const
const LETTERS = ['0', '1', '2', '3', '4', 'F'] as const
/** Pages between two checkpoints. */
const PAGES_PER_CHECKPOINT = 1 << 16

/** 0 where nothing is committed. */
export function occupancyCode(used: Bytes, committed: Bytes): number {
  if (committed === 0) return NO_COLOR
  if (used === 0) return 1
  return used >= committed ? NAMES.length : 2 + Math.floor((4 * used) / committed)
}

/** Committed bytes and number of pages of each range of occupancy. Throws `cancelled`. */
export async function occupancyEntries(sums: PageSums, job: JobContext): Promise<ColorEntry[]> {
  const bytes = new Float64Array(NAMES.length + 1)
  const count = new Float64Array(NAMES.length + 1)
  for (const { first, pages } of sums.index.segments) {
    for (let page = first; page < first + pages; page++) {
      const { used, committed } = sums.occupied(page, page + 1)
      const code = occupancyCode(used, committed)
      bytes[code]! += committed
      count[code]! += 1
      if (page % PAGES_PER_CHECKPOINT === 0) await job.checkpoint()
    }
  }
  return NAMES.map((name, i) => ({ name, letter: LETTERS[i]!, filter: FILTERS[i]!, bytes: bytes[i + 1]!, count: count[i + 1]! }))
}

/** Cells from `first` of `out` on; the share is that of the committed bytes. */
export function occupancyCells(sums: PageSums, range: MapRange, bytesPerCell: Bytes, out: WrittenCells, first: number): void {
  const { index } = sums
  const put = (cell: number, used: Bytes, committed: Bytes): void => {
    out.kind[first + cell] = occupancyCode(used, committed)
    out.share[first + cell] = FULL_SHARE
  }
  if (index.fits([range], bytesPerCell)) {
    let used = 0
    let committed = 0
    return index.addCells(range, bytesPerCell, {
      begin: () => void (used = committed = 0),
      add: (low, high) => {
        const found = sums.occupied(low, high)
        used += found.used
        committed += found.committed
      },
      end: (cell) => put(cell, used, committed),
    })
  }
  for (let cell = 0; cell < range.cells; cell++) {
    const from = range.address + cell * bytesPerCell
    const pages = index.pagesIn(from, from + bytesPerCell)
    const found = pages === null ? { used: 0, committed: 0 } : sums.occupied(pages.low, pages.high)
    put(cell, found.used, found.committed)
  }
}
