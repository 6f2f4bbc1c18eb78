import type { Address, Bytes } from '../../base/units'
import type { BlockSlots } from './block-slots'
import type { Explainer } from './explain'
import type { RequestedBytes } from './requested-bytes'

/*
 * Contract of every heap manager.
 *
 *   alloc(100) -> block 7      blocks.address[7] = 0x10010, blocks.size[7] = 112 (consumed: header and rounding included)
 *   free(7)                    7 may be given out again
 *
 * A block is the number of a slot in `blocks`; the caller keeps it, so nothing is looked up by address.
 * The busy blocks together with the cached ones, the internal ranges and the free ranges tile the committed memory after every call.
 */

/** No block: the request cannot be met. */
export const NO_BLOCK = 0

export interface Heap {
  readonly blocks: BlockSlots
  /** Bytes of header and trailer inside every busy block. */
  readonly headerBytes: Bytes
  /** Smallest distance of two block addresses. */
  readonly granularityBytes: Bytes
  /** Start of the heap. */
  readonly base: Address
  /**
   * Thread the next call comes from, numbered from 0 in the order threads come; written before each call when the trace
   * tells threads, -1 when it does not. Only heaps that treat threads differently have it.
   */
  thread?: number
  /** Call site of the next request, as the trace numbers them; the same for heaps that treat sites differently. */
  site?: number
  /**
   * Lock the last call held while it chose the block, as a small number; -1 when it needed none. A heap without this has
   * one lock for everything.
   */
  readonly lock?: number
  /** What was asked for, by block, where the heap needs to know it: nobody else then keeps it. */
  readonly requested?: RequestedBytes
  /** Block for a request of `bytes` >= 0, NO_BLOCK (and the heap unharmed) when there is no memory. */
  alloc(bytes: Bytes): number
  /** Takes a busy block back. */
  free(block: number): void
  /**
   * Block with room for `bytes`: the same one or another (then the old one is free). NO_BLOCK when there is no
   * memory; the old block is then still busy, as in C.
   */
  realloc(block: number, bytes: Bytes): number
  /** Visits the free ranges inside committed memory in address order. */
  walkFree(visit: (address: Address, bytes: Bytes) => void): void
}

/** What a heap tells its owner beside the results of calls. */
export interface HeapObserver {
  /** The manager took committed bytes for itself (prologue, page header). They stay its own until told otherwise. */
  internal(address: Address, bytes: Bytes): void
  /** The manager's own bytes that begin here are memory like any other again, or given back. */
  internalEnd?(address: Address): void
  /**
   * A front end keeps this block: neither the program's nor the back end's to give out. It is one of the heap's `blocks`, which
   * say where it lies and how large it is until `uncached` has been called.
   */
  cached?(block: number): void
  /** The kept block is the program's, or the back end's again. */
  uncached?(block: number): void
  /**
   * The block is a front end's slot from now on, kept whenever it is not the program's. Who hears of slots is not told `cached` and
   * `uncached` of them at every free and request.
   */
  slot?(block: number): void
  /** The block, kept until now, is no slot any more. */
  slotEnd?(block: number): void
  /** Wants to know why. */
  readonly explain?: Explainer | undefined
}
