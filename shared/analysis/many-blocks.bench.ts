import type { Bench } from '../../scripts/bench/bench-contract'
import { quietJob } from '../base/job-context'
import type { Snapshot } from '../model/snapshot'
import type { BlockColumn } from './block-columns'
import { groupBlocks } from './block-groups'
import { BlockView, keepFiltered, type BlockFilter } from './block-query'
import { BlockValues } from './block-values'
import type { MapRange } from './cell-writer'
import { colorBlocks } from './map-colors/block-colors'
import { ColorSums } from './map-colors/color-sums'
import { buildMapTile } from './map-tiles'
import { PageIndex } from './page-index'
import { PageSums } from './page-sums'
import { manyBlocks } from './testing/many-blocks'

/*
 * What the views of a moment cost in the engine with 1, 10 and 50 million blocks. One size is held at a time: 50 million
 * blocks take over a gigabyte.
 */
const SIZES = [1, 10, 50] as const
/** More are measured once, so that all views take about ten minutes. */
const MOST_MILLIONS_REPEATED = 10
/** Cells of a map of 1240 x 700 pixels, its rows at their usual height, rounded up. */
const SCREEN_CELLS = 60_000

interface Held {
  readonly millions: number
  readonly snapshot: Snapshot
  readonly values: BlockValues
}
let held: Held | undefined

function hold(millions: number): Held {
  if (held?.millions === millions) return held
  held = undefined
  const snapshot = manyBlocks(millions * 1e6)
  held = { millions, snapshot, values: new BlockValues(snapshot) }
  return held
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The whole segment in at most as many cells as a screen has; cells are powers of two. */
function wholeMap({ segments }: Snapshot): { ranges: MapRange[]; bytesPerCell: number } {
  const { base, reservedBytes } = segments[0]!
  const bytesPerCell = 2 ** Math.ceil(Math.log2(reservedBytes / SCREEN_CELLS))
  return { ranges: [{ address: base, cells: Math.ceil(reservedBytes / bytesPerCell) }], bytesPerCell }
}

async function coloredSums(snapshot: Snapshot, values: BlockValues): Promise<ColorSums> {
  const { spans, entries } = await colorBlocks(values, 'site', quietJob)
  return ColorSums.make(PageIndex.of(snapshot)!, spans, entries.length + 1, quietJob)
}

function fillColors(sums: ColorSums, ranges: readonly MapRange[], bytesPerCell: number): void {
  const cells = ranges.reduce((sum, range) => sum + range.cells, 0)
  const out = { kind: new Uint8Array(cells), share: new Uint8Array(cells) }
  let first = 0
  for (const range of ranges) {
    sums.fill(range, bytesPerCell, out, first)
    first += range.cells
  }
}

function bench(millions: number, name: string, title: string, prepare: (held: Held) => ReturnType<Bench['prepare']>, more: Partial<Bench> = {}): Bench {
  return { name: `views/${millions} M ${name}`, title: `${title}, ${millions} million blocks`, unit: 'ms', better: 'lower', ...(millions > MOST_MILLIONS_REPEATED ? { once: true } : {}), ...more, prepare: () => prepare(hold(millions)) }
}

const table = (millions: number, name: string, query: { readonly sort: BlockColumn; readonly filter: BlockFilter }, goal: string): Bench =>
  bench(millions, name, 'blocks filtered, ordered and the first 256 rows', ({ values }) => ({
    measure: () => timed(async () => (await BlockView.make(values, { ...query, descending: true }, await keepFiltered(values, query.filter, undefined, quietJob), quietJob)).page(0, 256)),
  }), { goal })

function benchesOf(millions: number): Bench[] {
  return [
    bench(millions, 'first map', 'sums by page made and the whole heap as a map', ({ snapshot }) => ({
      measure: () => timed(async () => {
        const { ranges, bytesPerCell } = wholeMap(snapshot)
        ;(await PageSums.make(snapshot, quietJob))!.tile(ranges, bytesPerCell)
      }),
    }), { goal: '<= 200 ms per million blocks with opening' }),
    bench(millions, 'map from sums', 'the whole heap as a map, sums by page at hand', async ({ snapshot }) => {
      const sums = (await PageSums.make(snapshot, quietJob))!
      const { ranges, bytesPerCell } = wholeMap(snapshot)
      return { measure: () => timed(() => sums.tile(ranges, bytesPerCell)) }
    }, { goal: '<= 16.7 ms', reference: `views/${millions} M map from blocks` }),
    bench(millions, 'map from blocks', 'the whole heap as a map, without sums by page', ({ snapshot }) => {
      const { ranges, bytesPerCell } = wholeMap(snapshot)
      return { measure: () => timed(() => buildMapTile(snapshot, ranges, bytesPerCell)) }
    }),
    bench(millions, 'map at 2 KiB a cell', 'a screen of the heap just below a page a cell, from the blocks', ({ snapshot }) => {
      const { base, reservedBytes } = snapshot.segments[0]!
      const ranges = [{ address: base + Math.floor(reservedBytes / 8192) * 4096, cells: Math.min(SCREEN_CELLS, Math.floor(reservedBytes / 4096)) }]
      return { measure: () => timed(() => buildMapTile(snapshot, ranges, 2048)) }
    }, { goal: '<= 33 ms' }),
    bench(millions, 'coloured first map', 'blocks coloured by call site, colours added up by page, the whole heap as a map', ({ snapshot, values }) => ({
      measure: () => timed(async () => {
        const { ranges, bytesPerCell } = wholeMap(snapshot)
        fillColors(await coloredSums(snapshot, values), ranges, bytesPerCell)
      }),
    })),
    bench(millions, 'coloured map from sums', 'the whole heap as a map by call site, sums by page at hand', async ({ snapshot, values }) => {
      const sums = await coloredSums(snapshot, values)
      const { ranges, bytesPerCell } = wholeMap(snapshot)
      return { measure: () => timed(() => fillColors(sums, ranges, bytesPerCell)) }
    }, { goal: '<= 16.7 ms' }),
    bench(millions, 'coloured memory', 'codes of one colouring and their sums by page, per block', async ({ snapshot, values }) => {
      const sums = (await coloredSums(snapshot, values)).byteLength
      return { measure: () => 1 + sums / snapshot.blocks.length }
    }, { unit: 'B', once: true }),
    table(millions, 'sort by size', { sort: 'size', filter: {} }, '<= 2 s at 50 M'),
    table(millions, 'sort by birth', { sort: 'birth', filter: {} }, '<= 2 s at 50 M'),
    table(millions, 'sort by site', { sort: 'site', filter: {} }, '<= 2 s at 50 M'),
    table(millions, 'filter', { sort: 'address', filter: { where: 'size > 100 and state = free' } }, '<= 2 s at 50 M'),
    table(millions, 'filter by text', { sort: 'address', filter: { where: 'site ~ "function4" and age < 1m or size in 400..500' } }, '<= 2 s at 50 M'),
    bench(millions, 'group by site', 'blocks added up by call site', ({ values }) => ({ measure: () => timed(async () => groupBlocks(values, await keepFiltered(values, {}, undefined, quietJob), 'site', quietJob)) })),
    bench(millions, 'memory', 'columns of the moment and sums by page, per block', async ({ snapshot }) => {
      const { address, size, requested, state, heap, birth, site } = snapshot.blocks
      const columns = [address, size, requested, state, heap, birth!, site!].reduce((sum, column) => sum + column.byteLength, 0)
      const sums = (await PageSums.make(snapshot, quietJob))!.byteLength
      return { measure: () => (columns + sums) / snapshot.blocks.length }
    }, { unit: 'B', once: true, goal: '<= 18 B per block for the snapshot itself' }),
  ]
}

export const benches: Bench[] = SIZES.flatMap(benchesOf)
