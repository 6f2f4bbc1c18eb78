import type { JobContext } from '../base/job-context'
import { HeapscapeError } from '../base/errors'
import type { EventNumber } from '../base/units'
import { mulberry32 } from '../base/random'
import { dumpOfHeaps } from '../dumpfile/process-blocks'
import { processOfSnapshot, type ProcessPlan } from '../dumpfile/process-of-snapshot'
import { type ByteSink, type DumpSubject, writeMinidump } from '../dumpfile/write-minidump'
import { materialiseNtHeap } from '../heapwalk/materialise/nt-heap-image'
import type { AnyDocument, Run } from '../model/run'
import { snapshotAt } from '../model/snapshot-at'
import { heapDefinitions } from '../sim/profiles'
import { ntHeapOfRun } from './nt-heap-of-run'
import { buildsOfProfile, ntHeapPlan } from './nt-heap-plan'

/**
 * Writes the heaps of a run after `event` of its events (undefined: at its end), or of a snapshot, as a full-memory dump
 * of a Windows process with NT heaps of the build named. A run whose manager is the NT heap of that build is written as it
 * is, at its addresses; anything else as heaps that hold the same blocks. Throws document-wrong-kind for anything else, `cancelled`, and what
 * `snapshotAt` and `processOfSnapshot` throw.
 */
export async function exportDump(document: AnyDocument, event: EventNumber | undefined, plan: ProcessPlan, sink: ByteSink, job: JobContext): Promise<void> {
  if (document.kind !== 'run' && document.kind !== 'snapshot') throw new HeapscapeError('document-wrong-kind', { expected: 'a run or a snapshot', got: `a ${document.kind}` })
  const exact = document.kind === 'run' ? await processOfNtRun(document, event ?? document.events, plan, job) : undefined
  if (exact !== undefined) {
    await writeMinidump(exact, sink, job)
    return
  }
  const snapshot = document.kind === 'run' ? snapshotAt(document, event ?? document.events) : document
  await writeMinidump(processOfSnapshot(snapshot, plan), sink, job)
}

/** Layout a run of an NT heap is written in exactly, the newest of its profile; undefined for anything else. */
export function exactLayoutOf(document: AnyDocument): Pick<ProcessPlan, 'bits' | 'build'> | undefined {
  if (document.kind !== 'run') return undefined
  const bits = bitsOfNtRun(document)
  const build = buildsOfProfile(document.request.heap, document.request.profile).at(-1)
  return bits === undefined || build === undefined ? undefined : { bits, build }
}

/** Parameters that are offsets and sizes of Windows' own structures: with other values no build's layout fits. */
const OF_LAYOUT = ['granule', 'heapHeader', 'segmentHeader', 'marker', 'virtualHeader', 'lfhBitmapAt', 'lfhHeader', 'lfhStructure', 'lfhCommit', 'lfhZone', 'lfhZoneHeader', 'lfhSubSegment']

/** Undefined when the run's manager is no NT heap, or one with structures of its own. */
function bitsOfNtRun({ request }: Run): ProcessPlan['bits'] | undefined {
  const profile = heapDefinitions.find(({ id }) => id === request.heap)?.profiles.find(({ id }) => id === request.profile)
  if (request.heap !== 'nt-lfh' || profile === undefined || OF_LAYOUT.some((name) => request.parameters[name] !== profile.values[name])) return undefined
  return request.parameters['granule'] === 16 ? 64 : 32
}

/** The process of a run of an NT heap; undefined when the layout asked for is not that of its profile, or the run cannot be carried out again. */
async function processOfNtRun(run: Run, event: EventNumber, { bits, build, seed }: ProcessPlan, job: JobContext): Promise<DumpSubject | undefined> {
  const { heap: manager, profile } = run.request
  if (bitsOfNtRun(run) !== bits || !buildsOfProfile(manager, profile).includes(build)) return undefined
  const heap = await ntHeapOfRun(run, event, job)
  if (heap === undefined) return undefined
  const random = mulberry32(seed)
  const key = Array.from({ length: 8 }, (_, i) => (i < 6 ? Math.floor(random() * 256) : 0))
  const image = materialiseNtHeap(ntHeapPlan(heap, { build, key, lfhKey: Math.floor(random() * 2 ** 32) }))
  return dumpOfHeaps(image.memory, [heap.base], { bits, build }, `NT heap simulated by Heapscape, profile ${profile}, after event ${event}, laid out as ${build}.`)
}
