import { NO_BLOCK, type Heap } from '../heaps/heap'
import type { ParameterValue } from '../../model/run'
import { RegionState } from '../../model/region-table'
import { createHeap, limitsOf } from '../heaps'
import { resolveRequest } from '../profiles'
import { AddressSpace } from '../vm/address-space'

type Range = [address: number, bytes: number]

/** A heap in a space of its own, whose tiling can be asked for at any time. */
export class HeapUnderTest {
  readonly heap: Heap
  readonly space: AddressSpace
  internal: Range[] = []
  /** Blocks a front end keeps. */
  readonly cached = new Map<number, Range>()
  /** Busy blocks with the bytes asked for. */
  readonly busy = new Map<number, number>()

  constructor(id: string, profile?: string, overrides: Record<string, ParameterValue> = {}) {
    const request = resolveRequest(id, profile, overrides)
    this.space = new AddressSpace(undefined, limitsOf(request))
    this.heap = createHeap(request, this.space, {
      internal: (address, bytes) => this.internal.push([address, bytes]),
      internalEnd: (address) => (this.internal = this.internal.filter(([at]) => at !== address)),
      cached: (block) => this.cached.set(block, [this.heap.blocks.address[block]!, this.heap.blocks.size[block]!]),
      uncached: (block) => this.cached.delete(block),
    })
  }

  alloc(bytes: number): number {
    const block = this.heap.alloc(bytes)
    if (block !== NO_BLOCK) this.busy.set(block, bytes)
    return block
  }

  free(block: number): void {
    this.heap.free(block)
    this.busy.delete(block)
  }

  realloc(block: number, bytes: number): number {
    const moved = this.heap.realloc(block, bytes)
    if (moved === NO_BLOCK) return NO_BLOCK
    this.busy.delete(block)
    this.busy.set(moved, bytes)
    return moved
  }

  /** Address from the start of the heap. */
  offsetOf(block: number): number {
    return this.heap.blocks.address[block]! - this.heap.base
  }

  sizeOf(block: number): number {
    return this.heap.blocks.size[block]!
  }

  freeRanges(): Range[] {
    const ranges: Range[] = []
    this.heap.walkFree((address, bytes) => ranges.push([address - this.heap.base, bytes]))
    return ranges
  }

  committed(): Range[] {
    const runs: Range[] = []
    this.space.walk((base, bytes, state) => {
      if (state === RegionState.Committed) runs.push([base, bytes])
    })
    return runs
  }

  get committedBytes(): number {
    return this.committed().reduce((sum, [, bytes]) => sum + bytes, 0)
  }

  /** Free, busy and internal ranges in address order, joined where they touch: equals `committed` exactly when they tile it. */
  tiling(): { joined: Range[]; overlaps: number } {
    const all: Range[] = [...this.internal, ...this.cached.values()].map(([at, bytes]): Range => [at, bytes])
    all.push(...this.freeRanges().map(([at, bytes]): Range => [at + this.heap.base, bytes]))
    for (const block of this.busy.keys()) all.push([this.heap.blocks.address[block]!, this.sizeOf(block)])
    all.sort((a, b) => a[0] - b[0])
    const starts = new Set(this.committed().map(([base]) => base))
    const joined: Range[] = []
    let overlaps = 0
    for (const [address, bytes] of all) {
      const last = joined[joined.length - 1]
      if (last !== undefined && address < last[0] + last[1]) overlaps++
      if (last !== undefined && last[0] + last[1] === address && !starts.has(address)) last[1] += bytes
      else joined.push([address, bytes])
    }
    return { joined, overlaps }
  }
}
