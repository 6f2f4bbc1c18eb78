import type { ByteSource } from '../../../shared/base/byte-source'
import type { Address, Bytes } from '../../../shared/base/units'
import type { MemoryRange, RangeMemory } from '../../../shared/model/range-memory'
import type { Snapshot } from '../../../shared/model/snapshot'
import type { MemoryCounters } from '../live-system'
import type { PageDigests } from './page-digests'

/** `auto`: from a clone where that can be had, else while the program is held up. */
export const CAPTURE_WAYS = ['auto', 'clone', 'suspended', 'running'] as const
export type CaptureWay = (typeof CAPTURE_WAYS)[number]

export interface CaptureRequest {
  readonly pid: number
  /** Of the process list; a process that took the id over meanwhile is then refused. */
  readonly startedAt?: string
  readonly way: CaptureWay
  /** Keep the bytes of private memory, so that they can be looked at and searched. */
  readonly keepBytes: boolean
  /** Take a checksum of every page of private memory, so that a later capture can tell which changed. */
  readonly digest: { readonly seed: number } | null
  /** Memory the capture may take: copied bytes, and the tables of what was found. */
  readonly budgetBytes: Bytes
  /** The program is let go on after this long, whatever is still missing. */
  readonly longestSuspensionMs: number
}

export const DEFAULT_BUDGET_BYTES: Bytes = 1 << 30
export const DEFAULT_SUSPENSION_MS = 2000

/** How a capture was made and what the system said of the process at that moment. */
export interface CaptureFacts {
  readonly pid: number
  readonly name: string
  readonly bits: 32 | 64
  readonly system: string
  readonly startedAt: string
  /** ISO 8601. */
  readonly capturedAt: string
  readonly way: Exclude<CaptureWay, 'auto'>
  /** How long the program stood still, from just before the call that stops it to just after the one that lets it go; null when it did not. */
  readonly suspendedMs: number | null
  /** From the first byte copied to the last: what ran meanwhile may have changed what was read. 0 when nothing was copied. */
  readonly copyMs: number
  readonly walkMs: number
  readonly copiedBytes: Bytes
  /** The system's own figures, asked for right before; null when it does not tell. */
  readonly counters: MemoryCounters | null
  readonly sums: CaptureSums
  /** Committed bytes nobody may read, or that could not be read. */
  readonly unreadableBytes: Bytes
  readonly keptBytes: Bytes
  /** Memory of the snapshot's tables. */
  readonly tableBytes: Bytes
}

/** Sums over the regions of the address space and over the heaps in it. */
export interface CaptureSums {
  readonly reservedBytes: Bytes
  readonly committedBytes: Bytes
  readonly privateCommittedBytes: Bytes
  readonly heapReservedBytes: Bytes
  readonly heapCommittedBytes: Bytes
  readonly heapBusyBytes: Bytes
}

export interface Capture {
  readonly snapshot: Snapshot
  /** What a dump of it must say so that its heaps are found again. */
  readonly target: { readonly bits: 32 | 64; readonly build: number; readonly tebs: readonly Address[] }
  readonly facts: CaptureFacts
  readonly digests: PageDigests | null
  /** The copied bytes; null when they are not to be kept. */
  readonly kept: { readonly source: ByteSource; readonly ranges: readonly MemoryRange[]; readonly memory: RangeMemory } | null
}

/** What a capture needs from whoever runs it. */
export interface CaptureSurroundings {
  /** Milliseconds that only go forward. */
  now(): number
  date(): Date
  /**
   * Told before the program is held up, and awaited: whoever is told lets it go on should this process die.
   * `resumed` follows when it runs again.
   */
  beforeSuspend(target: { readonly pid: number; readonly startedAt: string }): Promise<void>
  resumed(): void
  /** Memory this process holds in arrays, to be held against the budget. */
  arrayBytes(): Bytes
}
