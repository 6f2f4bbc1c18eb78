import type { Bench } from '../../../scripts/bench/bench-contract'
import { mulberry32 } from '../../base/random'
import { STILL_ALIVE } from '../../base/units'
import { FailureTable, LifetimeTable, PageChangeTable, Run } from '../../model/run'
import { checkRun, checkSnapshot } from '../../model/integrity'
import { RegionState } from '../../model/region-table'
import type { Snapshot } from '../../model/snapshot'
import { SnapshotCutter } from '../../model/snapshot-at'
import { computeRunSeries, downsample } from '../timeline'
import { computeFreeSizes, unusableFreeCurve } from './holes'
import { pinBlame } from './pin-blame'
import { computeRunMetrics } from './run-metrics'
import { computeSizeClasses } from './size-classes'
import { computeSnapshotMetrics } from './snapshot-metrics'
import { tilingSplit } from './tiling-split'

const SLOTS = 1_400_000
const EVENTS = 4_600_000

/**
 * A run of three million rows: slots of 16 to 527 bytes, filled and emptied at random, so that at the end about half
 * the slots are busy in no order of address, and the cut has over a million blocks.
 */
function buildRun(): Run {
  const random = mulberry32(5)
  const starts = new Float64Array(SLOTS + 1)
  starts[0] = 0x10000
  for (let slot = 0; slot < SLOTS; slot++) starts[slot + 1] = starts[slot]! + 16 * (1 + Math.floor(random() * random() * 33))
  const rowOfSlot = new Int32Array(SLOTS).fill(-1)
  const lifetimes = new LifetimeTable()
  for (let event = 1; event <= EVENTS; event++) {
    const slot = Math.floor(random() * SLOTS)
    if (rowOfSlot[slot]! >= 0 && random() < 0.6) {
      lifetimes.death.set(rowOfSlot[slot]!, event)
      rowOfSlot[slot] = -1
    } else if (rowOfSlot[slot]! < 0) {
      rowOfSlot[slot] = lifetimes.length
      const size = starts[slot + 1]! - starts[slot]!
      lifetimes.address.push(starts[slot]!)
      lifetimes.size.push(size)
      lifetimes.requested.push(size - 8 - Math.floor(random() * 8))
      lifetimes.birth.push(event)
      lifetimes.death.push(STILL_ALIVE)
      lifetimes.occupant.push(0)
      lifetimes.object.push(rowOfSlot[slot]!)
    }
  }
  const pages = new PageChangeTable()
  const total = Math.ceil((starts[SLOTS]! - 0x10000) / 65536) * 65536
  for (let row = 0; row < 2; row++) {
    pages.event.push(0)
    pages.base.push(0x10000)
    pages.size.push(total)
    pages.state.push(row === 0 ? RegionState.Reserved : RegionState.Committed)
  }
  return new Run({
    origin: { file: 'bench', format: 'simulation', partial: false, notes: [] },
    request: { heap: 'bench', profile: 'none', parameters: {} },
    source: { name: 'bench', format: 'bench', traceHash: '' },
    events: EVENTS,
    timeAxis: 'operations',
    pageBytes: 4096,
    addressSpace: { low: 0, high: 2 ** 47 },
    heaps: [{ id: 0, name: 'bench', flavour: 'bench', base: 0x10000, headerBytes: 8, granularity: 16, confidence: 'verified' }],
    lifetimes,
    pages,
    failures: new FailureTable(),
    siteNames: [],
  })
}

let run: Run | undefined
let cutter: SnapshotCutter | undefined
let snapshot: Snapshot | undefined

export function prepare(): { run: Run; cutter: SnapshotCutter; snapshot: Snapshot } {
  run ??= buildRun()
  cutter ??= new SnapshotCutter(run)
  snapshot ??= cutter.cut(EVENTS)
  return { run, cutter, snapshot }
}

/** Milliseconds per million of `rows`. */
function timed(rows: number, work: () => unknown): number {
  const start = performance.now()
  work()
  return ((performance.now() - start) * 1e6) / rows
}

/** The least any pass over the blocks can take: size and state of every block added up. */
function readBlocks({ blocks }: Snapshot): number {
  let sum = 0
  for (let chunk = 0; chunk < blocks.size.chunks.length; chunk++) {
    const sizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    for (let i = 0; i < sizes.length; i++) sum += sizes[i]! + states[i]!
  }
  return sum
}

/** The same of a run: both ends of every lifetime added up. */
function readLifetimes({ lifetimes }: Run): number {
  let sum = 0
  for (let chunk = 0; chunk < lifetimes.birth.chunks.length; chunk++) {
    const births = lifetimes.birth.chunks[chunk]!
    const deaths = lifetimes.death.chunks[chunk]!
    for (let i = 0; i < births.length; i++) sum += births[i]! + deaths[i]!
  }
  return sum
}

type Prepared = ReturnType<typeof prepare>

function perBlocks(name: string, title: string, work: (prepared: Prepared) => unknown, more: Partial<Bench> = {}): Bench {
  return {
    name: `metrics/${name}`,
    title: `${title}, per million blocks`,
    unit: 'ms',
    better: 'lower',
    ...more,
    prepare: () => ({ measure: () => timed(prepare().snapshot.blocks.length, () => work(prepare())) }),
  }
}

function perRun(name: string, title: string, work: (prepared: Prepared) => unknown): Bench {
  const reference = name === 'floor' ? {} : { reference: 'run/floor' }
  return {
    name: `run/${name}`,
    title: `${title}, per million lifetimes`,
    unit: 'ms',
    better: 'lower',
    ...reference,
    prepare: () => ({ measure: () => timed(prepare().run.lifetimes.length, () => work(prepare())) }),
  }
}

export const benches: Bench[] = [
  perBlocks('floor', 'floor: size and state of every block read and added', ({ snapshot: cut }) => readBlocks(cut)),
  perBlocks('snapshot', 'M1 to M13', ({ snapshot: cut }) => computeSnapshotMetrics(cut), { reference: 'metrics/floor', goal: '<= 20 ms per million blocks' }),
  perBlocks('split', 'exact split of the footprint', ({ snapshot: cut }) => tilingSplit(cut), { reference: 'metrics/floor' }),
  perBlocks('pins', 'pin blame of every block', ({ snapshot: cut }) => pinBlame(cut), { reference: 'metrics/floor' }),
  perBlocks('tables', 'size classes (with pin blame), free sizes, unusable-free curve', ({ snapshot: cut }) => [computeSizeClasses(cut), computeFreeSizes(cut), unusableFreeCurve(cut)], { reference: 'metrics/floor' }),
  perBlocks('check', 'integrity of a snapshot', ({ snapshot: cut }) => checkSnapshot(cut), { reference: 'metrics/floor' }),
  perBlocks('cut', 'snapshot cut out of a run, by the blocks of the cut', ({ cutter: cuts }) => cuts.cut(EVENTS), { reference: 'metrics/floor' }),
  perRun('floor', 'floor: birth and death of every lifetime read and added', ({ run: whole }) => readLifetimes(whole)),
  perRun('metrics', 'M14, M15 and peaks', ({ run: whole }) => computeRunMetrics(whole)),
  perRun('series', 'live, consumed, footprint and reserved after every event, cut to 2000 points', ({ run: whole }) => downsample(computeRunSeries(whole).live!, 0, EVENTS, 2000)),
  perRun('check', 'integrity of a run', ({ run: whole }) => checkRun(whole)),
]
