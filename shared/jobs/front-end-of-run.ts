import { FrontEndSums, type FrontEndBucket, type NoFrontEnd } from '../analysis/heap-charts/front-end-buckets'
import type { JobContext } from '../base/job-context'
import type { EventNumber } from '../base/units'
import type { Run } from '../model/run'
import type { Heap } from '../sim/heaps/heap'
import { LfhHeap } from '../sim/heaps/front-end/lfh-heap'
import { RoutedHeap } from '../sim/heaps/routed/routed-heap'
import { NtLfhHeap } from '../sim/heaps/nt/nt-heap'
import { SegmentHeap } from '../sim/heaps/segment-heap/segment-heap'
import { heapOfRun } from './materialise/heap-of-run'

/** Managers with a low-fragmentation front end. */
const WITH_FRONT_END: readonly string[] = ['lfh', 'nt-lfh', 'segment-heap']

/** Buckets of a simulated manager's front end after `event`, by carrying its calls out again. Throws `cancelled`. */
export async function frontEndOfRun(run: Run, event: EventNumber, job: JobContext): Promise<readonly FrontEndBucket[] | NoFrontEnd> {
  if (!WITH_FRONT_END.includes(run.request.heap)) return { reason: `the manager ${run.request.heap} has no low-fragmentation front end` }
  const worked = await heapOfRun(run, event, job)
  if (worked === undefined) return { reason: 'carried out again, its calls do not give the addresses of this run: threads or call sites decided them' }
  return bucketsOf(worked.heap)
}

export function bucketsOf(heap: Heap): readonly FrontEndBucket[] {
  const sums = new FrontEndSums()
  if (heap instanceof RoutedHeap) heap.walkHeaps((one) => addBuckets(one, sums))
  else addBuckets(heap, sums)
  return sums.buckets()
}

function addBuckets(heap: Heap, sums: FrontEndSums): void {
  if (heap instanceof NtLfhHeap) {
    heap.frontEnd.walkSubSegments(({ slots, count, free, block }) => sums.add(heap.blocks.size[slots[0]!]!, count, count - free, heap.blocks.size[block]!))
  } else if (heap instanceof SegmentHeap) {
    for (const sub of heap.slots.subSegments) if (sub !== undefined) sums.add(sub.slotBytes, sub.count, sub.count - sub.free, sub.bytes)
  } else if (heap instanceof LfhHeap) heap.walkSubSegments((slotBytes, slots, busy, bytes) => sums.add(slotBytes, slots, busy, bytes))
}
