import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import type { Bytes, EventNumber } from '../../base/units'
import type { RunRequest } from '../../model/run'
import { Op, type Trace } from '../../model/trace'
import { createHeap, limitsOf } from '../../sim/heaps'
import { type Heap, NO_BLOCK } from '../../sim/heaps/heap'
import { ThreadNumbers } from '../../sim/replay/contention'
import { AddressSpace } from '../../sim/vm/address-space'

/** A heap as a trace left it. */
export interface WorkedHeap {
  readonly heap: Heap
  /** Bytes asked for of a busy block. */
  readonly requestedOf: (block: number) => Bytes
}

const EVENTS_PER_TURN = 65536

/**
 * Carries out the first `events` events of a trace, as a replay does, and keeps the heap itself instead of its history.
 * Throws `cancelled`, and what `createHeap` throws.
 */
export async function workedHeap(trace: Trace, request: RunRequest, events: EventNumber, job: JobContext): Promise<WorkedHeap> {
  const heap = createHeap(request, new AddressSpace(undefined, limitsOf(request)), { internal: () => {} })
  const blockOf = new Int32Array(trace.objects)
  const numbers = new ThreadNumbers()
  let requested = new Float64Array(1024)
  for (let row = 0; row < events; row++) {
    if (row % EVENTS_PER_TURN === 0) {
      job.progress({ done: row, total: events, unit: 'events' })
      await job.checkpoint()
    }
    const chunk = row >>> CHUNK_SHIFT
    const i = row & (CHUNK_LENGTH - 1)
    const op = trace.op.chunks[chunk]![i]!
    if (op === Op.OrphanFree) continue
    const object = trace.object.chunks[chunk]![i]!
    const old = blockOf[object]!
    if (op === Op.Free && old === NO_BLOCK) continue
    if (heap.thread !== undefined && trace.thread !== undefined) heap.thread = numbers.of(trace.thread.chunks[chunk]![i]!)
    if (op === Op.Free) {
      heap.free(old)
      blockOf[object] = NO_BLOCK
      continue
    }
    const bytes = trace.size.chunks[chunk]![i]!
    const block = op === Op.Realloc && old !== NO_BLOCK ? heap.realloc(old, bytes) : heap.alloc(bytes)
    if (block === NO_BLOCK) continue
    if (block >= requested.length) {
      const larger = new Float64Array(Math.max(block + 1, requested.length * 2))
      larger.set(requested)
      requested = larger
    }
    requested[block] = bytes
    blockOf[object] = block
  }
  return { heap, requestedOf: (block) => requested[block]! }
}
