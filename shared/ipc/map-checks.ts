import * as z from 'zod/mini'

/** A 4K screen has 700,000 cells; five bytes for each stay below a message of 4 MB. */
const MAX_CELLS = 800_000
const MAX_RANGES = 4096
const address = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))

/** Ranges of a memory map as they may arrive from a window. */
export const mapRanges = z
  .array(z.strictObject({ address, cells: z.int().check(z.minimum(1), z.maximum(MAX_CELLS)) }))
  .check(
    z.maxLength(MAX_RANGES),
    z.refine((list) => list.reduce((sum, range) => sum + range.cells, 0) <= MAX_CELLS, `at most ${MAX_CELLS} cells`),
  )
