import { keptLifetimes } from '../analysis/kept-live'
import { keepFiltered, type BlockFilter } from '../analysis/block-query'
import { BlockValues } from '../analysis/block-values'
import { freeCurve } from '../analysis/compare/free-curves'
import { tallySurvivalOf } from '../analysis/compare/survival'
import { RowView } from '../analysis/dump/row-table'
import { walkedFrontEnd } from '../analysis/heap-charts/front-end-buckets'
import { freeLists } from '../analysis/heap-charts/free-lists'
import { bucketsTable, freeListsTable, freeSpaceTable, pagesTable, sizesTable, survivalTable, wasteTable, type HeapTable } from '../analysis/heap-charts/heap-tables'
import { PageTable } from '../analysis/heap-charts/page-strip'
import { sizeHistograms, type SizeMeasure, type SizeScale } from '../analysis/heap-charts/size-histogram'
import { wasteTree } from '../analysis/heap-charts/waste-tree'
import { ASKS_OF_A_MOMENT } from '../analysis/lifetime-blocks'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import type { ShownTable } from '../base/shown-table'
import type { AnyDocument, Run } from '../model/run'
import type { Snapshot } from '../model/snapshot'
import { frontEndOfRun } from './front-end-of-run'
import { probeRun } from './probe-heap'

export interface TableWish {
  readonly table: HeapTable
  /** Of `sizes`. */
  readonly measure: SizeMeasure
  readonly scale: SizeScale
  readonly filter: BlockFilter
}

/**
 * The numbers behind a picture of a moment, as the window shows them. `snapshot` is the moment of `document`, a run or itself.
 * @throws HeapscapeError `table-unavailable` with the reason where the source does not tell; `pattern-invalid`, `cancelled`
 */
export async function heapTable(document: AnyDocument, snapshot: Snapshot, { table, measure, scale, filter }: TableWish, job: JobContext): Promise<ShownTable> {
  const mask = async (): Promise<Uint8Array | undefined> => (await keepFiltered(new BlockValues(snapshot), filter, undefined, job)).mask
  const run = document.kind === 'run' ? document : undefined
  if (table !== 'sizes' && table !== 'buckets' && table !== 'survival' && snapshot.coverage !== 'all') throw unavailable(table, 'the source lists only some blocks of its heaps')
  switch (table) {
    case 'sizes':
      return sizesTable(await sizeHistograms(snapshot, await mask(), job), measure, scale)
    case 'free-space': {
      const curve = freeCurve(snapshot)
      return freeSpaceTable(curve, run === undefined ? undefined : await probeRun(run, snapshot.event ?? run.events, job))
    }
    case 'pages':
      return pagesTable((await PageTable.make(snapshot, await mask(), job)).strip({ first: 0, count: Infinity, cells: 1 }))
    case 'waste':
      return wasteTable(await wasteTree(snapshot, await mask(), job))
    case 'survival':
      if (run === undefined) throw unavailable(table, 'a snapshot is one moment: it tells no lives')
      return survivalTable(await tallySurvivalOf(run, 'bytes', await livesKept(run, filter, job), job))
    case 'buckets': {
      const found = run === undefined ? walkedFrontEnd(snapshot) : await frontEndOfRun(run, snapshot.event ?? run.events, job)
      if ('reason' in found) throw unavailable(table, found.reason)
      return bucketsTable(found)
    }
    case 'free-lists': {
      const lists = await freeLists(snapshot, await mask(), job)
      return freeListsTable(new RowView(lists, undefined).page(0, lists.rows))
    }
  }
}

/** undefined: all of them. */
async function livesKept(run: Run, filter: BlockFilter, job: JobContext): Promise<Uint8Array | undefined> {
  if (Object.keys(filter).length === 0) return undefined
  const kept = await keptLifetimes({ run }, filter, undefined, job)
  if (kept === null) throw unavailable('survival', ASKS_OF_A_MOMENT)
  return kept.mask
}

const unavailable = (table: HeapTable, why: string): HeapscapeError => new HeapscapeError('table-unavailable', { table, why })
