import type { Bench } from '../../../scripts/bench/bench-contract'
import { quietJob } from '../../base/job-context'
import type { Snapshot } from '../../model/snapshot'
import { keepFiltered } from '../block-query'
import { BlockValues } from '../block-values'
import { manyBlocks } from '../testing/many-blocks'
import { freeLists } from './free-lists'
import { PageTable } from './page-strip'
import { sizeHistograms } from './size-histogram'
import { wasteTree } from './waste-tree'

const ROWS = 10_000_000

/** Held by all benches: ten million blocks take 270 MB. */
let held: Snapshot | undefined

type Work = (snapshot: Snapshot, mask: Uint8Array | undefined) => Promise<unknown>

/** Sums of ten million blocks under a filter that keeps some; the filter's own time is not among it. */
function sums(name: string, work: Work): Bench {
  return {
    name: `pictures/${name}`,
    title: 'sums of 10 M blocks, all of them and what a filter keeps, per million blocks',
    unit: 'ms',
    better: 'lower',
    reference: 'metrics/floor',
    prepare: async () => {
      const snapshot = (held ??= manyBlocks(ROWS))
      const { mask } = await keepFiltered(new BlockValues(snapshot), { where: 'size > 100' }, undefined, quietJob)
      return {
        measure: async () => {
          const start = performance.now()
          await work(snapshot, mask)
          return ((performance.now() - start) * 1e6) / ROWS
        },
      }
    },
  }
}

export const benches: Bench[] = [
  sums('sizes', (snapshot, mask) => sizeHistograms(snapshot, mask, quietJob)),
  sums('pages', async (snapshot, mask) => (await PageTable.make(snapshot, mask, quietJob)).strip({ first: 0, count: Infinity, cells: 5000 })),
  sums('waste', (snapshot, mask) => wasteTree(snapshot, mask, quietJob)),
  sums('free lists', (snapshot, mask) => freeLists(snapshot, mask, quietJob)),
]
