import { assert } from '../../base/assert'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import type { EventNumber } from '../../base/units'
import { dumpOfHeaps } from '../../dumpfile/process-blocks'
import { type ByteSink, type DumpSubject, writeMinidump } from '../../dumpfile/write-minidump'
import { layoutOf } from '../../heapwalk/layouts/choose-layout'
import { BUILD_KEYS, type BuildKey } from '../../heapwalk/layouts/structure-table'
import type { AnyDocument, RunRequest } from '../../model/run'
import { SegmentHeap } from '../../sim/heaps/segment-heap/segment-heap'
import { segmentHeapBytes } from '../../sim/heap-bytes/segment-heap-bytes'
import { type WorkedHeap, workedHeap } from './worked-heap'

/** Where a 64-bit process has its heaps; simulated spaces begin at 64 KB. A multiple of 16 MB. */
const MOVE_64 = 0x1f400000000

/**
 * Carries out a trace up to `event` (undefined: all of it) in a simulated Windows heap and writes what it left as a
 * full-memory dump of a process, with the bytes the Windows of the request's profile would have. The keys of the process
 * are drawn with `seed`.
 *
 * Throws `document-wrong-kind` for anything but a trace, `usage` for a heap whose bytes are not known, `event-out-of-range`,
 * `cancelled`.
 */
export async function exportSimulatedDump(document: AnyDocument, request: RunRequest, event: EventNumber | undefined, seed: number, sink: ByteSink, job: JobContext): Promise<void> {
  if (document.kind !== 'trace') throw new HeapscapeError('document-wrong-kind', { expected: 'a trace', got: `a ${document.kind}` })
  const layout = segmentLayoutOf(request)
  if (typeof layout === 'string') throw new HeapscapeError('usage', { detail: layout })
  const events = event ?? document.events
  if (events > document.events) throw new HeapscapeError('event-out-of-range', { expected: `a whole number from 0 to ${document.events}`, got: events })
  await writeMinidump(segmentProcessOf(await workedHeap(document, request, events, job), request, layout, { event: events, seed }), sink, job)
}

export interface SegmentLayout {
  readonly bits: 64 | 32
  readonly build: BuildKey
}

/** Structures a simulated Segment Heap is written in; a sentence when they are not known. */
export function segmentLayoutOf({ heap, parameters }: RunRequest): SegmentLayout | string {
  const build = BUILD_KEYS.find((key) => key === parameters['build'])
  const bits = parameters['bits'] === '32' ? 32 : 64
  if (heap !== 'segment-heap' || build === undefined) return `the bytes of ${heap} are not known; segment-heap can be written`
  if ((parameters['heapPer'] ?? 'process') !== 'process') return 'it is a process with several heaps, which cannot be written yet'
  const layout = layoutOf(bits, build)
  const isKnown = layout.has('HEAP_PAGE_RANGE_DESCRIPTOR') && layout.size('HEAP_PAGE_RANGE_DESCRIPTOR') > 0
  return isKnown ? { bits, build } : `the descriptors of page ranges of ${build}, ${bits} bits, are not known; profiles of later builds can be written`
}

/** The process of a simulated Segment Heap as it stands. The keys of the process are drawn with `seed`. */
export function segmentProcessOf({ heap, requestedOf }: WorkedHeap, request: RunRequest, { bits, build }: SegmentLayout, { event, seed }: { readonly event: EventNumber; readonly seed: number }): DumpSubject {
  assert(heap instanceof SegmentHeap, 'the request of a Segment Heap makes one')
  const moveBytes = bits === 64 ? MOVE_64 : 0
  const image = segmentHeapBytes(heap, requestedOf, { build, moveBytes, seed })
  return dumpOfHeaps(image.memory, [heap.base + moveBytes], { bits, build }, `Segment heap simulated by Heapscape, profile ${request.profile}, after event ${event}, laid out as ${build}.`)
}
