import type { JobContext } from '../base/job-context'
import { HeapscapeError } from '../base/errors'
import type { EventNumber } from '../base/units'
import { mulberry32 } from '../base/random'
import { dumpOfHeaps } from '../dumpfile/process-blocks'
import { processOfSnapshot, type ProcessPlan } from '../dumpfile/process-of-snapshot'
import { type ByteSink, type DumpSubject, writeMinidump } from '../dumpfile/write-minidump'
import type { Loss } from '../file/export/trace-target'
import { materialiseNtHeap } from '../heapwalk/materialise/nt-heap-image'
import type { AnyDocument, Run } from '../model/run'
import { snapshotAt } from '../model/snapshot-at'
import { NtLfhHeap } from '../sim/heaps/nt/nt-heap'
import { heapDefinitions } from '../sim/profiles'
import { heapOfRun } from './materialise/heap-of-run'
import { segmentLayoutOf, segmentProcessOf } from './materialise/simulated-dump'
import { buildsOfProfile, ntHeapPlan } from '../sim/heap-bytes/nt-heap-plan'

/**
 * Writes the heaps of a run after `event` of its events (undefined: at its end), or of a snapshot, as a full-memory dump
 * of a Windows process of the build named. A run whose manager is the NT heap or the Segment Heap of that build is written
 * as it is; anything else as NT heaps that hold the same blocks, which the answer tells. Throws document-wrong-kind for
 * anything else, `layout-undecided`, `cancelled`, and what `snapshotAt` and `processOfSnapshot` throw.
 */
export async function exportDump(document: AnyDocument, event: EventNumber | undefined, plan: ProcessPlan, sink: ByteSink, job: JobContext): Promise<Loss[]> {
  if (document.kind !== 'run' && document.kind !== 'snapshot') throw new HeapscapeError('document-wrong-kind', { expected: 'a run or a snapshot', got: `a ${document.kind}` })
  const at = document.kind === 'run' ? (event ?? document.events) : 0
  const exact = document.kind === 'run' ? ((await processOfNtRun(document, at, plan, job)) ?? (await processOfSegmentRun(document, at, plan, job))) : undefined
  if (exact !== undefined) {
    await writeMinidump(exact, sink, job)
    return []
  }
  const snapshot = document.kind === 'run' ? snapshotAt(document, at) : document
  await writeMinidump(processOfSnapshot(snapshot, plan), sink, job)
  return document.kind === 'run' && document.request.heap === 'segment-heap' ? [asNtHeap(document, plan)] : []
}

function asNtHeap({ request }: Run, { build }: ProcessPlan): Loss {
  const layout = segmentLayoutOf(request)
  const why = typeof layout === 'string' ? layout : `${build} was asked for, and the run's profile is of ${layout.build}, ${layout.bits} bits`
  return { code: 'heap-manager', count: 0, text: `The blocks lie as in an NT heap, not in a Segment Heap: ${why}.` }
}

/** Layout a run of a Windows heap is written in exactly, of an NT heap the newest of its profile; undefined for anything else. */
export function exactLayoutOf(document: AnyDocument): Pick<ProcessPlan, 'bits' | 'build'> | undefined {
  if (document.kind !== 'run') return undefined
  const segment = segmentLayoutOf(document.request)
  if (typeof segment !== 'string') return segment
  const bits = bitsOfNtRun(document)
  const build = buildsOfProfile(document.request.heap, document.request.profile).at(-1)
  return bits === undefined || build === undefined ? undefined : { bits, build }
}

/** Parameters that are offsets and sizes of Windows' own structures: with other values no build's layout fits. */
const OF_LAYOUT = ['granule', 'heapHeader', 'segmentHeader', 'marker', 'virtualHeader', 'lfhBitmapAt', 'lfhHeader', 'lfhStructure', 'lfhCommit', 'lfhZone', 'lfhZoneHeader', 'lfhSubSegment']

/** Undefined when the run's manager is no NT heap, or one with structures of its own. */
function bitsOfNtRun({ request }: Run): ProcessPlan['bits'] | undefined {
  const profile = heapDefinitions.find(({ id }) => id === request.heap)?.profiles.find(({ id }) => id === request.profile)
  if ((request.parameters['heapPer'] ?? 'process') !== 'process') return undefined
  if (request.heap !== 'nt-lfh' || profile === undefined || OF_LAYOUT.some((name) => request.parameters[name] !== profile.values[name])) return undefined
  return request.parameters['granule'] === 16 ? 64 : 32
}

/** The process of a run of an NT heap; undefined when the layout asked for is not that of its profile, or the run cannot be carried out again. */
async function processOfNtRun(run: Run, event: EventNumber, { bits, build, seed }: ProcessPlan, job: JobContext): Promise<DumpSubject | undefined> {
  const { heap: manager, profile } = run.request
  if (bitsOfNtRun(run) !== bits || !buildsOfProfile(manager, profile).includes(build)) return undefined
  const heap = (await heapOfRun(run, event, job))?.heap
  if (!(heap instanceof NtLfhHeap)) return undefined
  const random = mulberry32(seed)
  const key = Array.from({ length: 8 }, (_, i) => (i < 6 ? Math.floor(random() * 256) : 0))
  const image = materialiseNtHeap(ntHeapPlan(heap, { build, key, lfhKey: Math.floor(random() * 2 ** 32) }))
  return dumpOfHeaps(image.memory, [heap.base], { bits, build }, `NT heap simulated by Heapscape, profile ${profile}, after event ${event}, laid out as ${build}.`)
}

/** The process of a run of the Segment Heap; undefined when the layout asked for is not its own. Throws `layout-undecided`. */
async function processOfSegmentRun(run: Run, event: EventNumber, { bits, build, seed }: ProcessPlan, job: JobContext): Promise<DumpSubject | undefined> {
  const layout = segmentLayoutOf(run.request)
  if (typeof layout === 'string' || layout.bits !== bits || layout.build !== build) return undefined
  const worked = await heapOfRun(run, event, job)
  if (worked === undefined) throw new HeapscapeError('layout-undecided', { heap: run.request.heap, profile: run.request.profile, trace: run.source.name })
  return segmentProcessOf(worked, run.request, layout, { event, seed })
}
