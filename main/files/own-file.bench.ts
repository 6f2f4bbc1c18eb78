import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, BenchBody, BenchPlace } from '../../scripts/bench/bench-contract'
import { makeSampleEvents } from '../../scripts/bench/samples/sample-events'
import { computeSnapshotMetrics } from '../../shared/analysis/metrics/snapshot-metrics'
import { Column } from '../../shared/base/column'
import { quietJob } from '../../shared/base/job-context'
import { readOwnFile } from '../../shared/file/read-own-file'
import { writeOwnFile } from '../../shared/file/write-own-file'
import type { Run } from '../../shared/model/run'
import type { Snapshot } from '../../shared/model/snapshot'
import { snapshotAt } from '../../shared/model/snapshot-at'
import { Trace } from '../../shared/model/trace'
import { resolveRequest } from '../../shared/sim/profiles'
import { replayTrace } from '../../shared/sim/replay/replay'
import { writeFileAtomically } from './atomic-write'
import { FileSource } from './file-source'
import { loadParquet } from './parquet-wasm'

interface Sample {
  readonly run: Run
  readonly snapshot: Snapshot
}

/** A run of 2.3 M lifetimes whose last cut has about a million blocks, replayed as any other. */
async function makeSample(): Promise<Sample> {
  const { op, object, size, objects } = makeSampleEvents({ events: 4_000_000, liveBlocks: 750_000, seed: 9 })
  const trace = new Trace({ file: 'bench', format: 'bench', partial: false, notes: [] })
  for (const [column, values] of [[trace.op, op], [trace.object, object], [trace.size, size]] as const) {
    const filled = Column.from(values)
    column.chunks = filled.chunks
    column.length = filled.length
  }
  trace.objects = objects
  const run = await replayTrace(trace, resolveRequest('best-fit', undefined, {}), quietJob)
  return { run, snapshot: snapshotAt(run, run.events) }
}

let sample: Promise<Sample> | undefined
const getSample = (): Promise<Sample> => (sample ??= makeSample())

type Kind = keyof Sample
const ROWS: Readonly<Record<Kind, string>> = { snapshot: 'blocks', run: 'lifetimes' }

const tableOf = (kind: Kind, { run, snapshot }: Sample): object => (kind === 'run' ? run.lifetimes : snapshot.blocks)
const rowsOf = (kind: Kind, { run, snapshot }: Sample): number => (kind === 'run' ? run.lifetimes.length : snapshot.blocks.length)

const arraysOf = (kind: Kind, whole: Sample): Uint8Array[] =>
  Object.values(tableOf(kind, whole)).flatMap((column: unknown) =>
    column instanceof Column ? column.chunks.map((chunk) => new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)) : [],
  )

const fileOf = (place: BenchPlace, kind: Kind): string => join(place.temporaryFolder, `${kind}.heapscape`)

async function save(place: BenchPlace, kind: Kind, whole: Sample): Promise<void> {
  await loadParquet()
  await writeFileAtomically(fileOf(place, kind), (sink) => writeOwnFile(whole[kind], sink, quietJob))
}

async function open(place: BenchPlace, kind: Kind): Promise<void> {
  const source = new FileSource(fileOf(place, kind))
  const document = await readOwnFile(source, quietJob)
  source.close()
  // What the window shows first; a run's first moment costs the same as a snapshot's.
  if (document.kind === 'snapshot') computeSnapshotMetrics(document)
}

function writeRaw(place: BenchPlace, kind: Kind, whole: Sample): void {
  const fd = openSync(join(place.temporaryFolder, `${kind}.raw`), 'w')
  for (const bytes of arraysOf(kind, whole)) writeSync(fd, bytes)
  closeSync(fd)
}

function readRaw(place: BenchPlace, kind: Kind, whole: Sample): void {
  const fd = openSync(join(place.temporaryFolder, `${kind}.raw`), 'r')
  for (const bytes of arraysOf(kind, whole)) readSync(fd, new Uint8Array(bytes.length))
  closeSync(fd)
}

type Work = (place: BenchPlace, kind: Kind, whole: Sample) => Promise<void> | void

/** Milliseconds per million rows. */
function perMillion(kind: Kind, work: Work, before: Work = () => {}): Bench['prepare'] {
  return async (place): Promise<BenchBody> => {
    const whole = await getSample()
    await before(place, kind, whole)
    return {
      measure: async () => {
        const start = performance.now()
        await work(place, kind, whole)
        return ((performance.now() - start) * 1e6) / rowsOf(kind, whole)
      },
    }
  }
}

function bytesPer(kind: Kind, count: (whole: Sample) => number): Bench['prepare'] {
  return async (place) => {
    const whole = await getSample()
    await save(place, kind, whole)
    return { measure: () => statSync(fileOf(place, kind)).size / count(whole) }
  }
}

function benchesOf(kind: Kind, openGoal: { goal?: string }): Bench[] {
  const per = `per million ${ROWS[kind]}`
  const bench = (name: string, title: string, prepare: Bench['prepare'], more: Partial<Bench> = {}): Bench => ({ name: `file/${name} ${kind}`, title: `${title}, ${per}`, unit: 'ms', better: 'lower', ...more, prepare })
  return [
    bench('save', `${kind} to a .heapscape file, flushed to the disk`, perMillion(kind, save), { reference: `file/raw write ${kind}` }),
    bench('raw write', 'floor: its columns as they are', perMillion(kind, writeRaw)),
    bench('open', `${kind} from a .heapscape file, checked${kind === 'snapshot' ? ', with M1 to M13' : ''}`, perMillion(kind, open, save), { reference: `file/raw read ${kind}`, ...openGoal }),
    bench('raw read', 'floor: its columns as they are', perMillion(kind, readRaw, writeRaw)),
  ]
}

export const benches: Bench[] = [
  ...benchesOf('snapshot', { goal: '<= 200 ms' }),
  ...benchesOf('run', {}),
  { name: 'disk/snapshot', title: 'a .heapscape file per block', unit: 'B', better: 'lower', goal: '<= 2.5 B', once: true, prepare: bytesPer('snapshot', ({ snapshot }) => snapshot.blocks.length) },
  { name: 'disk/run', title: 'a .heapscape file per event of the trace', unit: 'B', better: 'lower', goal: '<= 4 B', once: true, prepare: bytesPer('run', ({ run }) => run.events) },
]
