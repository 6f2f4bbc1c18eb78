import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { BATCH_ROWS } from '../block-values'
import { columnsOf, RowTable } from '../dump/row-table'
import { sizeClassOf, sizeClassUpper } from '../metrics/size-classes'

/** Classes up to 2^53 (metrics/size-classes.ts). */
const MOST_CLASSES = 1 + 4 * 50

/**
 * Free blocks by size class (powers of two in four steps), in order of size; cached ones are not among them, a front end holds
 * them. A row: `lower` and `upper` (sizes in (lower, upper]), `blocks`, `total` bytes, `share` of all free bytes, `smallest`,
 * `largest`, and `address` of the first one; `kept` and `keptTotal` of those that a filter keeps. Throws `cancelled`.
 */
export async function freeLists({ blocks }: Snapshot, mask: Uint8Array | undefined, job: JobContext): Promise<RowTable> {
  const count = new Float64Array(MOST_CLASSES)
  const bytes = new Float64Array(MOST_CLASSES)
  const kept = new Float64Array(MOST_CLASSES)
  const keptBytes = new Float64Array(MOST_CLASSES)
  const smallest = new Float64Array(MOST_CLASSES).fill(Infinity)
  const largest = new Float64Array(MOST_CLASSES)
  const first = new Float64Array(MOST_CLASSES)
  let all = 0
  for (let from = 0; from < blocks.length; from += BATCH_ROWS) {
    const chunk = from >>> CHUNK_SHIFT
    const start = from & (CHUNK_LENGTH - 1)
    const rows = Math.min(BATCH_ROWS, blocks.length - from)
    const addresses = blocks.address.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    for (let i = 0; i < rows; i++) {
      if (states[start + i] !== BlockState.Free) continue
      const size = sizes[start + i]!
      const at = sizeClassOf(size)
      if (count[at] === 0) first[at] = addresses[start + i]!
      count[at]!++
      bytes[at]! += size
      all += size
      if (mask === undefined || mask[from + i] === 1) {
        kept[at]!++
        keptBytes[at]! += size
      }
      if (size < smallest[at]!) smallest[at] = size
      if (size > largest[at]!) largest[at] = size
    }
    job.progress({ done: from + rows, total: blocks.length, unit: 'blocks' })
    await job.checkpoint()
  }
  const columns = columnsOf({ lower: 'f64', upper: 'f64', blocks: 'f64', total: 'f64', share: 'f64', smallest: 'f64', largest: 'f64', address: 'f64', kept: 'f64', keptTotal: 'f64' })
  for (let at = 0; at < MOST_CLASSES; at++) {
    if (count[at] === 0) continue
    columns.lower.push(at === 0 ? 0 : sizeClassUpper(at - 1))
    columns.upper.push(sizeClassUpper(at))
    columns.blocks.push(count[at]!)
    columns.total.push(bytes[at]!)
    columns.share.push(bytes[at]! / all)
    columns.smallest.push(smallest[at]!)
    columns.largest.push(largest[at]!)
    columns.address.push(first[at]!)
    columns.kept.push(kept[at]!)
    columns.keptTotal.push(keptBytes[at]!)
  }
  return new RowTable(columns)
}
