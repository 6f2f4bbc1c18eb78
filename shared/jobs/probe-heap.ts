import type { HeapProbe, NoProbe } from '../analysis/heap-charts/heap-probe'
import { sizeClassOf, sizeClassUpper } from '../analysis/metrics/size-classes'
import type { JobContext } from '../base/job-context'
import { NONE, PAGE_BYTES, roundDown, type Address, type Bytes, type EventNumber } from '../base/units'
import { RegionState } from '../model/region-table'
import type { Run } from '../model/run'
import { limitsOf } from '../sim/heaps'
import { type Heap, NO_BLOCK } from '../sim/heaps/heap'
import { AddressSpace } from '../sim/vm/address-space'
import { heapOfRun } from './materialise/heap-of-run'

/**
 * Carries the run out again up to `event` and asks the manager itself for blocks of every size class, from the largest down,
 * each given back at once. While it is asked it gets no more memory and may give none back, so that what it answers is what
 * the committed memory can serve now. Throws `cancelled`.
 */
export async function probeRun(run: Run, event: EventNumber, job: JobContext): Promise<HeapProbe | NoProbe> {
  const space = new FixedSpace(limitsOf(run.request))
  const worked = await heapOfRun(run, event, job, space)
  if (worked === undefined) return { reason: 'carried out again, its calls do not give the addresses of this run: threads, call sites or a recording decided them' }
  space.isFixed = true
  return probeHeap(worked.heap, space)
}

function probeHeap(heap: Heap, space: FixedSpace): HeapProbe {
  // The last one is larger than all that is committed. Not the largest hole alone: a manager may take back what it keeps.
  const classes = sizeClassOf(Math.max(8, space.committedBytes)) + 2
  const requestBytes = Float64Array.from({ length: classes }, (_, i) => sizeClassUpper(i))
  const served = new Uint8Array(classes)
  let largestBytes = 0
  // From the largest down: a small block that is given back may stay in a front end and split what a large one needs.
  for (let i = classes - 2; i >= 0; i--) {
    if (!isServed(heap, space, requestBytes[i]!)) continue
    served[i] = 1
    if (largestBytes === 0) largestBytes = largestBetween(heap, space, requestBytes[i]!, requestBytes[i + 1]!)
  }
  const refused = served.findIndex((one, i) => one === 0 && requestBytes[i]! < largestBytes)
  return { requestBytes, served, largestBytes, firstRefusedBytes: refused < 0 ? null : requestBytes[refused]! }
}

/** Some managers take it for granted that what is reserved can be committed: a block counts only where memory is behind it. */
function isServed(heap: Heap, space: FixedSpace, bytes: Bytes): boolean {
  const block = heap.alloc(bytes)
  if (block === NO_BLOCK) return false
  const from = heap.blocks.address[block]!
  const isBacked = space.isCommitted(from, from + heap.blocks.size[block]!)
  heap.free(block)
  return isBacked
}

/** `served` is served, `refused` is not. */
function largestBetween(heap: Heap, space: FixedSpace, served: Bytes, refused: Bytes): Bytes {
  let low = served
  let high = refused
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isServed(heap, space, middle)) low = middle
    else high = middle
  }
  return low
}

/** An address space that, once fixed, neither gives nor takes memory; what is committed can be committed again. */
class FixedSpace extends AddressSpace {
  isFixed = false

  constructor(limits: { readonly low: Address; readonly high: Address }) {
    super(undefined, limits)
  }

  override reserve(bytes: Bytes, alignment?: Bytes): Address {
    return this.isFixed ? NONE : super.reserve(bytes, alignment)
  }

  override reserveHigh(bytes: Bytes): Address {
    return this.isFixed ? NONE : super.reserveHigh(bytes)
  }

  override reserveAt(address: Address, bytes: Bytes): Address {
    return this.isFixed ? NONE : super.reserveAt(address, bytes)
  }

  override commit(address: Address, bytes: Bytes): boolean {
    return this.isFixed ? this.isCommitted(address, address + bytes) : super.commit(address, bytes)
  }

  override decommit(address: Address, bytes: Bytes): boolean {
    return this.isFixed || super.decommit(address, bytes)
  }

  override release(base: Address): boolean {
    return this.isFixed || super.release(base)
  }

  override moveBreak(owner: Address, from: Address, to: Address): boolean {
    if (!this.isFixed) return super.moveBreak(owner, from, to)
    return to <= from || (this.isCommitted(from, to) && this.stateAt(to - 1) === RegionState.Committed)
  }

  isCommitted(from: Address, to: Address): boolean {
    for (let at = roundDown(from, PAGE_BYTES); at < to; at += PAGE_BYTES) if (this.stateAt(Math.max(at, from)) !== RegionState.Committed) return false
    return true
  }
}
