import { describe, expect, it } from 'vitest'
import { samplingError, simulateCell, TABLE_ROWS, TABLE_TRIALS } from './testing/trigger-table'

describe.each(TABLE_ROWS)('published table, $noise $sigma, n = $runs', (row) => {
  it.each([0, 5, 10] as const)('at +%d percent', (change) => {
    const shares = simulateCell(row, change, TABLE_TRIALS, 7 + change)
    shares.forEach((share, i) => expect(Math.abs(share - row.cells[change][i]!)).toBeLessThanOrEqual(samplingError(row.cells[change][i]!, TABLE_TRIALS)))
  })
})
