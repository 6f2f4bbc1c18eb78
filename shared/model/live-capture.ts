import type { Bytes } from '../base/units'

/*
 * What is known of running processes and of captures of them, apart from the snapshots themselves.
 */

/** What this user may do with a process, found out by asking for the rights and giving them back at once. */
export const PROCESS_ACCESSES = ['open', 'elevation', 'protected', 'denied', 'self'] as const
export type ProcessAccess = (typeof PROCESS_ACCESSES)[number]

export interface ProcessRecord {
  readonly pid: number
  /** Of the process that started it; it may have ended long ago. */
  readonly parentPid: number
  readonly name: string
  /** Width of its own pointers; null when the system does not tell this user. */
  readonly bits: 32 | 64 | null
  /** Account it runs under, with its domain; null when the system does not tell this user. */
  readonly user: string | null
  /** Private commit: pages only this process can use; null when not told. */
  readonly privateBytes: Bytes | null
  /** Bytes in physical memory, shared ones included; null when not told. */
  readonly workingSetBytes: Bytes | null
  readonly threads: number
  readonly session: number
  /** Tells a process from a later one with the same id: 100 ns since 1601 as text, which no double holds exactly. */
  readonly startedAt: string
  readonly access: ProcessAccess
}

export interface Privileges {
  /** This program runs with administrator rights. */
  readonly elevated: boolean
  /** It can be started again with them. */
  readonly canElevate: boolean
  readonly user: string | null
}

export interface ProcessListing {
  /** The system in words. */
  readonly system: string
  readonly canClone: boolean
  readonly privileges: Privileges
  readonly processes: readonly ProcessRecord[]
}

/** The system's own figures of a process, all at one moment. */
export interface MemoryCounters {
  /** Commit charge of the process (PagefileUsage). */
  readonly commitBytes: Bytes
  /** Private bytes (PrivateUsage); null where the system leaves it empty. */
  readonly privateBytes: Bytes | null
  readonly workingSetBytes: Bytes
  readonly peakWorkingSetBytes: Bytes
}

/** `auto`: from a clone where that can be had, else while the program is held up. */
export const CAPTURE_WAYS = ['auto', 'clone', 'suspended', 'running'] as const
export type CaptureWay = (typeof CAPTURE_WAYS)[number]

/** Sums over the regions of the address space and over the heaps in it. */
export interface CaptureSums {
  readonly reservedBytes: Bytes
  readonly committedBytes: Bytes
  readonly privateCommittedBytes: Bytes
  readonly heapReservedBytes: Bytes
  readonly heapCommittedBytes: Bytes
  readonly heapBusyBytes: Bytes
}

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
