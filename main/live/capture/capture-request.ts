import type { ByteSource } from '../../../shared/base/byte-source'
import type { Address, Bytes } from '../../../shared/base/units'
import type { MemoryRange, RangeMemory } from '../../../shared/model/range-memory'
import type { CaptureFacts, CaptureWay } from '../../../shared/model/live-capture'
import type { Snapshot } from '../../../shared/model/snapshot'
import type { PageDigests } from './page-digests'

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
