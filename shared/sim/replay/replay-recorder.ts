import type { Bytes, EventNumber } from '../../base/units'
import type { Heap, HeapObserver } from '../heaps/heap'

/*
 * What the loop keeps of each object of the trace, one number or two side by side: those it frees are spread over all that
 * live, and one look into memory then finds both. An object's place is the trace's number of it, or one of few that are used
 * again (living-places.ts).
 *
 *   Block   block it has, 0 without one
 *   Note    the recorder's, where it wants one: its row
 */
export const ObjectPart = { Block: 0, Note: 1 } as const

/**
 * What a replay tells of itself while it goes on. Blocks are told of by number: where one lies and how large it is stands in
 * the heap's `blocks` while the call is made, and numbers beyond 31 bits may cost an object each when passed.
 *
 *   alloc          heap.alloc -> begin
 *   free           end -> heap.free
 *   realloc        setAside -> heap.realloc -> endAside, begin (same or other block); keepAside when it fails
 *
 * `at` is where the object's numbers begin in `objects`.
 */
export interface ReplayRecorder {
  /** Number of the event under way; 0 while the heap is made. */
  event: EventNumber
  /** For the heap, whose own ranges and kept blocks are recorded too. */
  readonly observer: HeapObserver
  /** Binary logarithm of the numbers it needs by object, the block among them. */
  readonly objectShift: number
  /** The heap, as soon as there is one. */
  attach(heap: Heap): void
  begin(objects: Uint32Array, at: number, block: number, requested: Bytes, site: number): void
  end(objects: Uint32Array, at: number, block: number): void
  setAside(objects: Uint32Array, at: number, block: number): void
  endAside(): void
  /** The block set aside stays as it was. */
  keepAside(): void
  /** A block whose object gets another one stays as it is, and nobody will end it. */
  lose(objects: Uint32Array, at: number): void
  /** The address space has so many committed bytes from the event under way on. */
  committed(bytes: Bytes): void
}
