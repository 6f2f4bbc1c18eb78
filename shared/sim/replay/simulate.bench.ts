import { closeSync, readSync } from 'node:fs'
import type { Bench, BenchPlace } from '../../../scripts/bench/bench-contract'
import { cReplay } from '../../../scripts/bench/peers/c-replay'
import { childBench } from '../../../scripts/bench/peers/child-bench'
import type { SampleShape } from '../../../scripts/bench/samples/sample-events'
import { openRawEvents, rawEventsFile } from '../../../scripts/bench/samples/sample-files'
import { CHUNK_LENGTH, Column } from '../../base/column'
import { quietJob } from '../../base/job-context'
import type { Run } from '../../model/run'
import { snapshotAt } from '../../model/snapshot-at'
import { Op, Trace } from '../../model/trace'
import { createHeap, limitsOf } from '../heaps'
import type { Heap } from '../heaps/heap'
import { AddressSpace } from '../vm/address-space'
import { heapDefinitions, resolveRequest } from '../profiles'
import { livingPlaces } from './living-places'
import { replayStatistics, replayTrace } from './replay'

const SHAPE: SampleShape = { events: 2_000_000, liveBlocks: 200_000, seed: 7 }
const LARGE_SHAPE: SampleShape = { events: 10_000_000, liveBlocks: 200_000, seed: 8 }
const largeSample = (place: BenchPlace) => rawEventsFile(place, 'peak', LARGE_SHAPE)
const what = '2 M events, up to 200,000 living blocks'

const whatLarge = '10 M events (2 M are over before the JIT has settled), up to 200,000 living blocks'
const sample = (place: BenchPlace) => rawEventsFile(place, 'simulate', SHAPE)

/** Chunk by chunk, so that the peak of memory is the trace's and not that of its file. */
function readColumn(column: Column, fd: number, at: number, rows: number): void {
  const Values = column.kind === 'u8' ? Uint8Array : Uint32Array
  for (let row = 0; row < rows; row += CHUNK_LENGTH) {
    const chunk = new Values(Math.min(CHUNK_LENGTH, rows - row))
    readSync(fd, chunk, 0, chunk.byteLength, at + row * Values.BYTES_PER_ELEMENT)
    column.chunks.push(chunk)
  }
  column.length = rows
}

function readTrace(file: string): Trace {
  const { fd, events, objects, sizeAt, objectAt, opAt } = openRawEvents(file)
  const trace = new Trace({ file: 'bench', format: 'bench', partial: false, notes: [] })
  readColumn(trace.size, fd, sizeAt, events)
  readColumn(trace.object, fd, objectAt, events)
  readColumn(trace.op, fd, opAt, events)
  closeSync(fd)
  trace.objects = objects
  return trace
}

/** For a process of its own: M events/s of a replay that records lifetimes, page changes and failures. */
export function replayRate(file: string, heap: string, profile?: string): () => Promise<number> {
  return rateOf(replayTrace, file, heap, profile)
}

/** For a process of its own: M events/s of the replay that sweeps and What-if run: figures, no rows. */
export function statisticsRate(file: string, heap: string): () => Promise<number> {
  return rateOf(replayStatistics, file, heap)
}

function rateOf(replay: typeof replayTrace | typeof replayStatistics, file: string, heap: string, profile?: string): () => Promise<number> {
  const trace = readTrace(file)
  const request = resolveRequest(heap, profile, {})
  return async () => {
    const start = performance.now()
    await replay(trace, request, quietJob)
    return trace.events / 1000 / (performance.now() - start)
  }
}

/** For a process of its own: M events/s of what a trace is prepared with before its first replay of that kind, once for all of them. */
export function placesRate(file: string): () => Promise<number> {
  return async () => {
    const trace = readTrace(file)
    const start = performance.now()
    await livingPlaces(trace, quietJob)
    return trace.events / 1000 / (performance.now() - start)
  }
}

/** For a process of its own: M events/s of the heap's calls with nothing recorded, the most that a replay without lifetimes could reach. */
export function heapRate(file: string, heap: string): () => Promise<number> {
  const trace = readTrace(file)
  const request = resolveRequest(heap, undefined, {})
  return () => {
    const start = performance.now()
    callHeap(trace, createHeap(request, new AddressSpace(() => undefined, limitsOf(request)), { internal: () => undefined }))
    return Promise.resolve(trace.events / 1000 / (performance.now() - start))
  }
}

/** Sample events neither free nor resize what has no block. */
function callHeap(trace: Trace, heap: Heap): void {
  const blockOf = new Int32Array(trace.objects)
  for (let chunk = 0; chunk < trace.op.chunks.length; chunk++) {
    const [ops, objects, sizes] = [trace.op.chunks[chunk]!, trace.object.chunks[chunk]!, trace.size.chunks[chunk]!]
    for (let i = 0; i < ops.length; i++) {
      const object = objects[i]!
      const block = blockOf[object]!
      if (ops[i] === Op.Free) heap.free(block)
      else blockOf[object] = ops[i] === Op.Realloc ? heap.realloc(block, sizes[i]!) : heap.alloc(sizes[i]!)
    }
  }
}

/** For a process of its own: its largest resident memory, in MB, after trace and run. */
export function replayPeakMegabytes(file: string, heap: string): () => Promise<number> {
  return async () => {
    const run = await replayTrace(readTrace(file), resolveRequest(heap, undefined, {}), quietJob)
    if (run.lifetimes.length === 0) throw new Error('the replay recorded nothing')
    return (process.resourceUsage().maxRSS * 1024) / 1e6
  }
}

const INDEXED_GOAL = '>= 10 M events/s, 1.5x glibc\'s time'
const GOALS: Readonly<Record<string, string>> = {
  segregated: INDEXED_GOAL,
  'simple-segregated': INDEXED_GOAL,
  tlsf: INDEXED_GOAL,
  'mimalloc-like': INDEXED_GOAL,
  slab: INDEXED_GOAL,
  'ptmalloc-like': INDEXED_GOAL,
  'segment-heap': INDEXED_GOAL,
  'nt-lfh': INDEXED_GOAL,
  'nt-xp': INDEXED_GOAL,
  'first-fit': '>= 4 M events/s, 2x C',
  'next-fit': '>= 4 M events/s',
  'best-fit': '>= 4 M events/s',
}

/** The default profile unless one is named. The goal of indexed heaps is one of replays with statistics, which have rows of their own. */
function simulate(heap: string, profile?: string): Bench {
  const goal = GOALS[heap] === INDEXED_GOAL ? undefined : GOALS[heap]
  return {
    name: profile === undefined ? `simulate/${heap}` : `simulate/${heap} ${profile}`,
    title: `${what}, ${profile === undefined ? 'default profile' : `profile ${profile}`}, run recorded with a row for every stay of a block; Node`,
    unit: 'M events/s',
    better: 'higher',
    // First fit's peer is the same policy in C; the others are measured against a real allocator.
    reference: heap === 'first-fit' ? ['simulate/C first fit', 'simulate/C glibc'] : 'simulate/C glibc',
    ...(goal === undefined ? {} : { goal }),
    prepare: (place) => childBench(place, { moduleUrl: import.meta.url, exportName: 'replayRate', args: [sample(place).file, heap, ...(profile === undefined ? [] : [profile])] }),
  }
}

function simulateStatistics(heap: string): Bench {
  const goal = GOALS[heap]
  return {
    name: `simulate/${heap}, statistics`,
    title: `${whatLarge}, default profile: the replay that What-if and sweeps run, which keeps page changes, failures and what lay at the peak and the end, no rows; the trace is prepared once, before; Node`,
    unit: 'M events/s',
    better: 'higher',
    reference: 'simulate/C glibc, 10 M events',
    ...(goal === undefined ? {} : { goal }),
    prepare: (place) => childBench(place, { moduleUrl: import.meta.url, exportName: 'statisticsRate', args: [largeSample(place).file, heap] }),
  }
}

function simulateHeapAlone(heap: string): Bench {
  return {
    name: `simulate/${heap}, heap alone`,
    title: "the heap's own work in the same events: nothing recorded; Node",
    unit: 'M events/s',
    better: 'higher',
    reference: [`simulate/${heap}`, 'simulate/C glibc'],
    prepare: (place) => childBench(place, { moduleUrl: import.meta.url, exportName: 'heapRate', args: [sample(place).file, heap] }),
  }
}

function simulateInElectron(heap: string, kind: 'run recorded' | 'statistics' = 'run recorded'): Bench {
  const isRecorded = kind === 'run recorded'
  const row = isRecorded ? `simulate/${heap}` : `simulate/${heap}, statistics`
  return {
    name: `${row}, Electron`,
    title: `the same in the Electron runtime`,
    unit: 'M events/s',
    better: 'higher',
    reference: row,
    ...(!isRecorded && GOALS[heap] === INDEXED_GOAL ? { goal: '>= 8 M events/s' } : {}),
    prepare: ({ electron, ...place }) => {
      if ('missing' in electron) return electron
      const { file } = (isRecorded ? sample : largeSample)({ ...place, electron })
      return childBench({ ...place, electron }, { moduleUrl: import.meta.url, exportName: isRecorded ? 'replayRate' : 'statisticsRate', args: [file, heap], electron: electron.executable })
    },
  }
}

function inC(name: string, title: string, mode: 'malloc' | 'first-fit', preload?: string): Bench {
  return { name: `simulate/C ${name}`, title: `peer: ${title}, the same events`, unit: 'M events/s', better: 'higher', prepare: (place) => cReplay(place, mode, sample(place), preload) }
}

let segregated: Promise<Run> | undefined
const segregatedRun = (place: BenchPlace): Promise<Run> => (segregated ??= replayTrace(readTrace(sample(place).file), resolveRequest('segregated', undefined, {}), quietJob))

interface Columns {
  readonly [name: string]: unknown
}
const heldBytes = (table: object): number => Object.values(table as Columns).reduce<number>((sum, value) => sum + (value instanceof Column ? value.byteLength : 0), 0)

function memory(name: string, title: string, goal: string, measure: (run: Run) => number): Bench {
  return { name: `memory/${name}`, title, unit: 'B', better: 'lower', goal, once: true, prepare: async (place) => {
    const run = await segregatedRun(place)
    return { measure: () => measure(run) }
  } }
}

export const benches: Bench[] = [
  ...heapDefinitions.map(({ id }) => simulate(id)),
  // One NT heap a generation; the default is Windows 10. The Segment Heap's own row is that of Windows 11.
  ...['win7-x64', 'win11-x64'].map((profile) => simulate('nt-lfh', profile)),
  simulate('segment-heap', 'win10-2004'),
  ...['simple-segregated', 'segregated', 'tlsf', 'mimalloc-like', 'slab', 'ptmalloc-like', 'segment-heap', 'nt-xp', 'nt-lfh'].map(simulateHeapAlone),
  ...['segregated', 'mimalloc-like', 'nt-lfh', 'first-fit', 'buddy'].map((heap) => simulateInElectron(heap)),
  ...Object.keys(GOALS).map(simulateStatistics),
  {
    name: 'simulate/trace prepared, statistics',
    title: `${whatLarge}: places of its living objects, which a trace is given before the first replay with statistics, for all of them; Node`,
    unit: 'M events/s',
    better: 'higher',
    reference: 'simulate/C glibc, 10 M events',
    prepare: (place) => childBench(place, { moduleUrl: import.meta.url, exportName: 'placesRate', args: [largeSample(place).file] }),
  },
  ...['nt-lfh', 'segment-heap'].map((heap) => simulateInElectron(heap, 'statistics')),
  inC('glibc', "the C library's malloc", 'malloc'),
  { ...inC('glibc, 10 M events', "the C library's malloc", 'malloc'), title: "peer: the C library's malloc, the 10 M events of the rows with statistics", prepare: (place) => cReplay(place, 'malloc', largeSample(place)) },
  inC('jemalloc', 'jemalloc', 'malloc', 'libjemalloc.so'),
  inC('mimalloc', 'mimalloc', 'malloc', 'libmimalloc.so'),
  inC('tcmalloc', 'tcmalloc', 'malloc', 'libtcmalloc_minimal.so'),
  inC('first fit', 'first fit with a segment tree, sizes and addresses only', 'first-fit'),
  memory('run', `columns of a run per event of its trace; segregated fits, ${what}`, '<= 28 B', (run) => (heldBytes(run.lifetimes) + heldBytes(run.pages) + heldBytes(run.failures)) / run.events),
  memory('snapshot', 'columns of the cut at its end per block', '<= 18 B', (run) => {
    const { blocks } = snapshotAt(run, run.events)
    return heldBytes(blocks) / blocks.length
  }),
  {
    name: 'memory/peak of 10 M events',
    title: 'largest resident memory of a Node process that replays 10 M events (200,000 living blocks) with segregated fits',
    unit: 'MB',
    better: 'lower',
    goal: '<= 333 MB (60 M events within 2 GB)',
    once: true,
    prepare: (place) => childBench(place, { moduleUrl: import.meta.url, exportName: 'replayPeakMegabytes', args: [largeSample(place).file, 'segregated'] }),
  },
]
