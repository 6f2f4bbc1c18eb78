import type { Address, Bytes } from '../../shared/base/units'
import type { MemoryCounters, Privileges, ProcessRecord } from '../../shared/model/live-capture'

/*
 * The one door to the running processes of a computer:
 *
 *   list ──> open ──> facts, regions, read, counters ──> close
 *                └──> clone (a second handle) | suspend ... resume
 *
 * Windows stands behind it (windows/windows-system.ts), or a made-up system in tests (testing/fake-system.ts). All calls
 * are synchronous: they are made in a process of their own that has nothing else to do, and a program that is held up
 * must not wait for anyone's turn. Expected failures are HeapscapeErrors: live-process-ended, live-access-denied,
 * live-process-protected, live-clone-unavailable, live-call-failed.
 */

/** An open process or a clone of one. */
export type ProcessHandle = number & { readonly __brand: 'ProcessHandle' }

/** What a handle is wanted for decides the rights that are asked for, and no more are. */
export type OpenPurpose = 'read' | 'clone' | 'suspend' | 'dump'

export interface TargetFacts {
  readonly name: string
  readonly path: string
  /** Width of the process's own pointers: 32 under WOW64. */
  readonly bits: 32 | 64
  /** Width of the system's own structures in it. */
  readonly nativeBits: 32 | 64
  readonly pebs: readonly { readonly address: Address; readonly bits: 32 | 64 }[]
  /** Build of Windows; 0 when another system answers for it (Wine). */
  readonly build: number
  /** Words for the system, for instance `Windows 10.0.19045` or `Wine 8.0`. */
  readonly system: string
  readonly startedAt: string
}

/** One answer of VirtualQueryEx, its values as Windows tells them. */
export interface RegionRecord {
  readonly base: Address
  readonly allocationBase: Address
  readonly bytes: Bytes
  /** MEM_COMMIT, MEM_RESERVE or MEM_FREE. */
  readonly state: number
  /** PAGE_*, 0 where nothing is committed. */
  readonly protection: number
  /** MEM_PRIVATE, MEM_MAPPED or MEM_IMAGE; 0 of free ones. */
  readonly type: number
}

export interface ThreadRecord {
  readonly id: number
  /** Native thread block. */
  readonly teb: Address
}

export interface LiveSystem {
  /** For people, for instance `Windows 10.0.19045`. */
  readonly title: string
  /** Handles opened and not yet closed; tests hold it against zero. */
  readonly openHandles: number
  readonly canClone: boolean
  privileges(): Privileges
  list(): ProcessRecord[]
  /** Throws live-process-ended when `startedAt` is given and the id now belongs to another process. */
  open(pid: number, purpose: OpenPurpose, startedAt?: string): ProcessHandle
  facts(handle: ProcessHandle): TargetFacts
  /** In address order, free ones included. */
  regions(handle: ProcessHandle): RegionRecord[]
  /** Fills `into` from `address` on; answers how many bytes came before one that cannot be read. 0 is no failure of the process. */
  read(handle: ProcessHandle, address: Address, into: Uint8Array): Bytes
  /** File name behind a mapped or image region, '' when none is told. */
  mappedFile(handle: ProcessHandle, address: Address): string
  /** Those this user may ask; the rest is left out. */
  threads(handle: ProcessHandle): ThreadRecord[]
  counters(handle: ProcessHandle): MemoryCounters | null
  isRunning(handle: ProcessHandle): boolean
  /** A frozen copy of the process's memory; its handle reads like any other and is closed like any other. */
  clone(handle: ProcessHandle): ProcessHandle
  suspend(handle: ProcessHandle): void
  resume(handle: ProcessHandle): void
  /** A full-memory dump as the system itself writes it. */
  writeDump(handle: ProcessHandle, path: string): void
  close(handle: ProcessHandle): void
}
