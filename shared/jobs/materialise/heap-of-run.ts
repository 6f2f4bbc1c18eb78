import { Column } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import type { Bytes, EventNumber } from '../../base/units'
import { RECORDED_HEAP } from '../../model/recorded-run'
import { Occupant, type Run } from '../../model/run'
import { createHeap, limitsOf } from '../../sim/heaps'
import { type Heap, NO_BLOCK } from '../../sim/heaps/heap'
import { AddressSpace } from '../../sim/vm/address-space'
import type { WorkedHeap } from './worked-heap'

const NO_ROW = -1
const EVENTS_PER_TURN = 65536

/**
 * The heap manager of a run as it was after `event`, carried out again in `space` from what the run tells of its calls.
 * Undefined for recorded layouts, and when that does not give the run's own addresses: then something decided them that a run
 * does not keep (threads), or the run was made by a version that placed otherwise. Throws `cancelled`.
 */
export async function heapOfRun(run: Run, event: EventNumber, job: JobContext, space?: AddressSpace): Promise<WorkedHeap | undefined> {
  if (run.request.heap === RECORDED_HEAP) return undefined
  const heap = createHeap(run.request, space ?? new AddressSpace(undefined, limitsOf(run.request)), { internal: () => {} })
  const calls = new RunCalls(run)
  for (let at = 0; at <= event; at += EVENTS_PER_TURN) {
    job.progress({ done: at, total: event, unit: 'events' })
    await job.checkpoint()
    if (!calls.carryOut(heap, at, Math.min(event + 1, at + EVENTS_PER_TURN))) return undefined
  }
  return { heap, requestedOf: (block) => calls.requestedOf(block) }
}

/** Calls of the program as the lifetimes of its blocks tell them. */
class RunCalls {
  readonly #run: Run
  /** First row of the program's that ends with an event, and the next such row by row. */
  readonly #firstEnding: Int32Array
  readonly #nextEnding: Int32Array
  readonly #blockOf: Int32Array
  /** Row that holds a block, by block. */
  readonly #rowOf: number[] = []
  #row = 0
  #failure = 0

  constructor(run: Run) {
    this.#run = run
    const { lifetimes, events } = run
    const { death, occupant } = lifetimes
    this.#firstEnding = new Int32Array(events + 1).fill(NO_ROW)
    this.#nextEnding = new Int32Array(lifetimes.length)
    this.#blockOf = new Int32Array(lifetimes.length)
    for (let row = lifetimes.length - 1; row >= 0; row--) {
      const end = death.at(row)
      if (occupant.at(row) !== Occupant.Busy || end > events) continue
      this.#nextEnding[row] = this.#firstEnding[end]!
      this.#firstEnding[end] = row
    }
  }

  requestedOf(block: number): Bytes {
    return this.#run.lifetimes.requested.at(this.#rowOf[block]!)
  }

  /** Events [from, to); false when a block does not come to lie where the run has it. */
  carryOut(heap: Heap, from: EventNumber, to: EventNumber): boolean {
    const { lifetimes, failures } = this.#run
    const { birth, occupant } = lifetimes
    for (let event = from; event < to; event++) {
      let ending = this.#firstEnding[event]!
      for (; this.#row < lifetimes.length && birth.at(this.#row) === event; this.#row++) {
        if (occupant.at(this.#row) !== Occupant.Busy) continue
        const isTaken = ending !== NO_ROW && this.#isSameObject(ending, this.#row)
        if (!this.#place(heap, this.#row, isTaken ? ending : NO_ROW)) return false
        if (isTaken) ending = this.#nextEnding[ending]!
      }
      for (; ending !== NO_ROW; ending = this.#nextEnding[ending]!) heap.free(this.#blockOf[ending]!)
      for (; this.#failure < failures.length && failures.event.at(this.#failure) === event; this.#failure++) {
        if (heap.alloc(failures.size.at(this.#failure)) !== NO_BLOCK) return false
      }
    }
    return true
  }

  #isSameObject(a: number, b: number): boolean {
    const object: Column = this.#run.lifetimes.object
    return object.at(a) === object.at(b)
  }

  #place(heap: Heap, row: number, from: number): boolean {
    const { address, requested } = this.#run.lifetimes
    const bytes = requested.at(row)
    const block = from === NO_ROW ? heap.alloc(bytes) : heap.realloc(this.#blockOf[from]!, bytes)
    this.#blockOf[row] = block
    this.#rowOf[block] = row
    return block !== NO_BLOCK && heap.blocks.address[block] === address.at(row)
  }
}
