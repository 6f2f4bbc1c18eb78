import type { Bench } from '../../scripts/bench/bench-contract'
import { quietJob } from '../base/job-context'
import type { BlockColumn } from './block-columns'
import { BlockView, keepFiltered } from './block-query'
import { BlockValues } from './block-values'
import { compareRuns } from './compare-runs'
import type { MapRange } from './cell-writer'
import { buildMapTile } from './map-tiles'
import { prepare } from './metrics/metrics.bench'
import { computeTilingSeries } from './tiling-series'

const TILE_CELLS = 1_000_000
const SCREEN_CELLS = 1920 * 1080

type Prepared = ReturnType<typeof prepare>

/** Milliseconds per million rows. */
async function timed(rows: number, work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return ((performance.now() - start) * 1e6) / rows
}

/** The whole heap in `cells` cells, as the map shows it when zoomed out. */
function wholeHeap({ snapshot }: Prepared, cells: number): { ranges: MapRange[]; bytesPerCell: number } {
  const { base, reservedBytes } = snapshot.segments[0]!
  return { ranges: [{ address: base, cells }], bytesPerCell: Math.ceil(reservedBytes / cells) }
}

function map(name: string, title: string, cells: number): Bench {
  return {
    name: `map/${name}`,
    title,
    unit: 'ms',
    better: 'lower',
    reference: 'metrics/floor',
    prepare: () => {
      const prepared = prepare()
      const { ranges, bytesPerCell } = wholeHeap(prepared, cells)
      return { measure: () => timed(prepared.snapshot.blocks.length, () => buildMapTile(prepared.snapshot, ranges, bytesPerCell)) }
    },
  }
}

function sort(column: BlockColumn): Bench {
  return {
    name: `table/sort by ${column}`,
    title: 'all blocks in a new order and the first page, per million blocks',
    unit: 'ms',
    better: 'lower',
    reference: 'metrics/floor',
    goal: '<= 40 ms (50 M rows in 2 s)',
    prepare: () => {
      const { snapshot } = prepare()
      const values = new BlockValues(snapshot)
      const query = { sort: column, descending: true, filter: {} }
      return { measure: () => timed(snapshot.blocks.length, async () => (await BlockView.make(values, query, await keepFiltered(values, {}, undefined, quietJob), quietJob)).page(0, 100)) }
    },
  }
}

export const benches: Bench[] = [
  map('tile', 'whole heap of a million blocks in a tile of a million cells, per million blocks', TILE_CELLS),
  map('screen', 'the same in the 2 M cells of a full HD screen', SCREEN_CELLS),
  sort('size'),
  sort('birth'),
  {
    name: 'timeline/tiling',
    title: 'where every byte goes after every event of a run of 3 M lifetimes, per million lifetimes',
    unit: 'ms',
    better: 'lower',
    reference: 'run/floor',
    prepare: () => {
      const { run } = prepare()
      return { measure: () => timed(run.lifetimes.length, () => computeTilingSeries(run, quietJob)) }
    },
  },
  {
    name: 'compare/runs',
    title: 'two runs of 3 M lifetimes compared whole, at their peaks and at their ends; per million lifetimes',
    unit: 'ms',
    better: 'lower',
    reference: 'run/floor',
    prepare: () => {
      const { run } = prepare()
      return { measure: () => timed(2 * run.lifetimes.length, () => compareRuns({ run, title: 'A' }, { run, title: 'B' })) }
    },
  },
]
