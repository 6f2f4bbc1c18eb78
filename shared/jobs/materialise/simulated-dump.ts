import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import type { EventNumber } from '../../base/units'
import { dumpOfHeaps } from '../../dumpfile/process-blocks'
import { type ByteSink, writeMinidump } from '../../dumpfile/write-minidump'
import { layoutOf } from '../../heapwalk/layouts/choose-layout'
import { BUILD_KEYS } from '../../heapwalk/layouts/structure-table'
import type { AnyDocument, RunRequest } from '../../model/run'
import { SegmentHeap } from '../../sim/heaps/segment-heap/segment-heap'
import { segmentHeapBytes } from './segment-heap-bytes'
import { workedHeap } from './worked-heap'

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
  const build = BUILD_KEYS.find((key) => key === request.parameters['build'])
  const bits = request.parameters['bits'] === '32' ? 32 : 64
  if (request.heap !== 'segment-heap' || build === undefined) throw new HeapscapeError('usage', { detail: `the bytes of ${request.heap} are not known; segment-heap can be written` })
  if (!layoutOf(bits, build).has('HEAP_PAGE_RANGE_DESCRIPTOR') || layoutOf(bits, build).size('HEAP_PAGE_RANGE_DESCRIPTOR') === 0) {
    throw new HeapscapeError('usage', { detail: `the descriptors of page ranges of ${build}, ${bits} bits, are not known; profiles of later builds can be written` })
  }
  const events = event ?? document.events
  if (events > document.events) throw new HeapscapeError('event-out-of-range', { expected: `a whole number from 0 to ${document.events}`, got: events })
  const { heap, requestedOf } = await workedHeap(document, request, events, job)
  if (!(heap instanceof SegmentHeap)) throw new HeapscapeError('usage', { detail: `the bytes of ${request.heap} are not known` })
  const moveBytes = bits === 64 ? MOVE_64 : 0
  const image = segmentHeapBytes(heap, requestedOf, { build, moveBytes, seed })
  const comment = `Segment heap simulated by Heapscape, profile ${request.profile}, after event ${events}, laid out as ${build}.`
  await writeMinidump(dumpOfHeaps(image.memory, [heap.base + moveBytes], { bits, build }, comment), sink, job)
}
