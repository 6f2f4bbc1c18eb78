import type { Bytes, EventNumber } from '../../base/units'
import type { BlockSlots } from '../heaps/block-slots'
import type { HeapObserver } from '../heaps/heap'

/**
 * What a replay tells of itself while it goes on. Blocks are told of by number: where one lies and how large it is stands in
 * the heap's `blocks` while the call is made, and numbers beyond 31 bits may cost an object each when passed.
 *
 *   alloc          heap.alloc -> begin(block)
 *   free           end(block) -> heap.free
 *   realloc        setAside(block) -> heap.realloc -> endAside(), begin(same or other block)      when it fails: nothing more
 */
export interface ReplayRecorder {
  /** Number of the event under way; 0 while the heap is made. */
  event: EventNumber
  /** For the heap, whose own ranges and kept blocks are recorded too. */
  readonly observer: HeapObserver
  /** The heap's, as soon as there is one. */
  attach(blocks: BlockSlots): void
  begin(block: number, requested: Bytes, object: number, site: number): void
  end(block: number): void
  setAside(block: number): void
  endAside(): void
  /** The address space has so many committed bytes from the event under way on. */
  committed(bytes: Bytes): void
}
