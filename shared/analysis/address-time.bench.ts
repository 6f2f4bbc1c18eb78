import type { Bench } from '../../scripts/bench/bench-contract'
import { mulberry32 } from '../base/random'
import { quietJob } from '../base/job-context'
import type { Run } from '../model/run'
import { addressTimeTile, windowSums, type TileWish, type WindowSums } from './address-time/address-time-tile'
import { placeCodes, type PlaceCodes } from './address-time/lifetime-colors'
import { LifetimeIndex, type AddressTimeWindow } from './address-time/lifetime-index'
import { lifetimeTotals } from './address-time/lifetime-totals'
import { keptLifetimes } from './kept-live'
import { pageHistory, type PageHistory } from './address-time/page-history'
import { rectangleFilter } from './address-time/rectangle-filter'
import { manyLifetimes } from './testing/many-lifetimes'

/*
 * What the view of address and time costs in the engine with 1, 5 and 20 million lifetimes. One size is held at a time: 20 million
 * take over a gigabyte.
 */
const SIZES = [1, 5, 20] as const
/** Cells of a view of 1080 x 380 pixels, one a pixel. */
const GRID = { columns: 1080, rows: 380 }
const ZOOMED_TILES = 60

interface Held {
  readonly millions: number
  readonly run: Run
  readonly index: LifetimeIndex
  readonly history: PageHistory
  readonly codes: PlaceCodes
}
let held: Held | undefined

async function hold(millions: number): Promise<Held> {
  if (held?.millions === millions) return held
  held = undefined
  const run = manyLifetimes(millions * 1e6)
  const { space, history } = pageHistory(run)
  const index = await LifetimeIndex.make(run, space, quietJob)
  held = { millions, run, history, index, codes: await placeCodes(run, index, 'life', quietJob) }
  return held
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const whole = ({ index }: Held): AddressTimeWindow => ({ fromOffset: 0, toOffset: index.space.bytes, fromEvent: 0, toEvent: index.endEvent })
const wishOf = (window: AddressTimeWindow, event: number): TileWish => ({ window, grid: GRID, color: 'life', event, mask: undefined })

async function tile({ run, index, history, codes }: Held, wish: TileWish, kept?: WindowSums): Promise<WindowSums> {
  const sums = kept ?? (await windowSums(index, history, codes, wish, quietJob))
  await addressTimeTile(run, index, sums, codes, wish, quietJob)
  return sums
}

/** Windows anywhere, each `zoom` times shorter in events and `zoom` times in addresses. */
function windowsAt(held: Held, zoom: number): AddressTimeWindow[] {
  const random = mulberry32(3)
  const all = whole(held)
  const events = all.toEvent / zoom
  const bytes = all.toOffset / zoom
  return Array.from({ length: ZOOMED_TILES }, () => {
    const fromEvent = random() * (all.toEvent - events)
    const fromOffset = random() * (all.toOffset - bytes)
    return { fromOffset, toOffset: fromOffset + bytes, fromEvent, toEvent: fromEvent + events }
  })
}

/** Each measurement is one tile out of those of a zoom, in turn, so that median and spread are those of tiles. */
function zoomed(millions: number, zoom: number, goal: string): Bench {
  return bench(millions, `tile, ${zoom} x ${zoom}`, `a screen of cells somewhere in the run, ${zoom} times shorter both ways; worst of ${ZOOMED_TILES} places at 95 %`, async (own) => {
    const windows = windowsAt(own, zoom)
    return {
      measure: async () => {
        const times: number[] = []
        for (const window of windows) times.push(await timed(() => tile(own, wishOf(window, Math.floor(own.run.events / 2)))))
        return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!
      },
    }
  }, { goal })
}

function bench(millions: number, name: string, title: string, prepare: (held: Held) => ReturnType<Bench['prepare']>, more: Partial<Bench> = {}): Bench {
  return { name: `address-time/${millions} M ${name}`, title: `${title}, ${millions} million lifetimes`, unit: 'ms', better: 'lower', ...more, prepare: async () => prepare(await hold(millions)) }
}

function benchesOf(millions: number): Bench[] {
  return [
    bench(millions, 'index', 'index of all lifetimes built', ({ run, index: { space } }) => ({ measure: () => timed(() => LifetimeIndex.make(run, space, quietJob)) }), { goal: '<= 200 ms per million lifetimes' }),
    bench(millions, 'codes', 'colours by call site given to all lifetimes', ({ run, index }) => ({ measure: () => timed(() => placeCodes(run, index, 'site', quietJob)) })),
    bench(millions, 'whole run', 'the whole run in a screen of cells, everything added up', (own) => ({ measure: () => timed(() => tile(own, wishOf(whole(own), Math.floor(own.run.events / 2)))) }), { goal: '<= 33 ms at 1 M' }),
    bench(millions, 'scrub', 'the whole run again after the event shown has moved', async (own) => {
      const kept = await tile(own, wishOf(whole(own), 0))
      let event = 0
      return { measure: () => timed(() => tile(own, wishOf(whole(own), (event = (event + Math.floor(own.run.events / 7)) % own.run.events)), kept)) }
    }, { goal: '<= 33 ms' }),
    zoomed(millions, 2, ''),
    zoomed(millions, 8, '<= 33 ms'),
    zoomed(millions, 64, '<= 16.7 ms'),
    bench(millions, 'rectangle', 'totals by call site of all that was ever in a ninth of the address space and time', ({ run }) => {
      const where = rectangleFilter({ fromAddress: 0x10000, toAddress: 0x10000 + 8e6, fromEvent: Math.floor(run.events / 3), toEvent: Math.floor(run.events / 2) })
      return { measure: () => timed(async () => lifetimeTotals(run, (await keptLifetimes({ run }, { where }, undefined, quietJob))!, quietJob)) }
    }),
    bench(millions, 'memory', 'index and one colour, per lifetime', ({ index, codes }) => ({ measure: () => (index.byteLength + codes.codes.byteLength) / index.length }), { unit: 'B', once: true, goal: '<= 22 B' }),
  ]
}

export const benches: Bench[] = SIZES.flatMap(benchesOf)
