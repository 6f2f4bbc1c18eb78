import type { Address, Bytes } from '../../base/units'
import type { OverlayField, ProcessMemory } from '../../model/process-memory'
import type { RegionTable } from '../../model/region-table'
import type { Snapshot } from '../../model/snapshot'
import type { WindowsVersion } from '../profiles/windows-versions'
import type { Reason } from '../profiles/reasons/reason-rows'
import type { HeapGrowth } from './heap-reasons'
import type {
  ApiArgument,
  ApiOutput,
  CallRecord,
  HandleTableSummary,
  HeapEntry,
  HeapSummary,
  LastError,
  ProcessCounters,
} from './process-types'

/**
 * What SimulatedProcess (simulated-process.ts) is: address space, default heap, private heaps, handle table, last error.
 *
 * Every call takes and gives plain numbers (no such thing = 0), goes into the call log, and either succeeds or leaves
 * the process as it was with `lastError` set. HEAP_GENERATE_EXCEPTIONS and forbidden memory accesses throw
 * RaisedException; the process is intact then too. The process is deterministic: `restore` carries the logged calls
 * out again, so a checkpoint costs nothing.
 */
export interface ProcessApi extends ProcessMemory {
  /** Windows the process is one of. */
  readonly version: WindowsVersion
  /**
   * Any call of the catalogue by its Win32 name.
   * @throws RaisedException; HeapscapeError `usage` for an unknown name or arguments of the wrong number or kind
   */
  call(name: string, ...args: readonly ApiArgument[]): number

  virtualAlloc(address: Address, bytes: Bytes, allocationType: number, protect: number): Address
  virtualFree(address: Address, bytes: Bytes, freeType: number): number
  virtualProtect(address: Address, bytes: Bytes, protect: number): number
  virtualQuery(address: Address): Bytes
  virtualLock(address: Address, bytes: Bytes): number
  virtualUnlock(address: Address, bytes: Bytes): number
  createFileMapping(protect: number, bytes: Bytes, name?: string): number
  mapViewOfFile(section: number, access: number, offset?: Bytes, bytes?: Bytes): Address
  unmapViewOfFile(address: Address): number
  closeHandle(section: number): number

  getProcessHeap(): Address
  heapCreate(options: number, initialBytes: Bytes, maximumBytes: Bytes, owner?: string): Address
  heapDestroy(heap: Address): number
  heapAlloc(heap: Address, flags: number, bytes: Bytes): Address
  heapReAlloc(heap: Address, flags: number, pointer: Address, bytes: Bytes): Address
  heapFree(heap: Address, flags: number, pointer: Address): number
  heapSize(heap: Address, flags: number, pointer: Address): Bytes
  heapValidate(heap: Address, flags: number, pointer?: Address): number
  heapCompact(heap: Address, flags: number): Bytes
  heapLock(heap: Address): number
  heapUnlock(heap: Address): number

  globalAlloc(flags: number, bytes: Bytes): Address
  globalReAlloc(handle: Address, bytes: Bytes, flags: number): Address
  globalFree(handle: Address): Address
  globalLock(handle: Address): Address
  globalUnlock(handle: Address): number
  globalSize(handle: Address): Bytes
  globalFlags(handle: Address): number
  globalHandle(pointer: Address): Address
  globalDiscard(handle: Address): Address
  localAlloc(flags: number, bytes: Bytes): Address
  localReAlloc(handle: Address, bytes: Bytes, flags: number): Address
  localFree(handle: Address): Address
  localLock(handle: Address): Address
  localUnlock(handle: Address): number

  malloc(bytes: Bytes): Address
  calloc(count: number, bytes: Bytes): Address
  realloc(pointer: Address, bytes: Bytes): Address
  free(pointer: Address): void
  write(address: Address, bytes: Uint8Array): number

  /** Of the last call that failed; a call that succeeds leaves it. */
  readonly lastError: LastError
  /** What the last call handed back beside its result. */
  readonly output: ApiOutput | undefined
  readonly counters: ProcessCounters
  readonly handleTable: HandleTableSummary
  /** Number of calls so far. */
  readonly callCount: number
  /** Call number `index`, from 0. */
  callAt(index: number): CallRecord

  /** Why the block whose data begins at the address lies there; null when there is none. */
  why(pointer: Address): Reason | null
  /** Why the heap last took or gave back memory; null when the handle is none, or it never did. */
  whyGrew(heap: Address): HeapGrowth | null

  heaps(): HeapSummary[]
  /** Every entry of a heap in address order; [] when the handle is none. */
  walkHeap(heap: Address): HeapEntry[]
  /** All heaps at this moment; their blocks tile their segments. */
  snapshot(): Snapshot
  regions(): RegionTable
  owners(): readonly string[]
  /** Names the structure fields that touch the range, in address order. */
  overlay(address: Address, length: Bytes): OverlayField[]
  /** From now on `writtenBytes` tells what is written: the mark a window sets when it refreshes. */
  trackWrites(): void
  /** 1 for each byte of the range that a call or the system wrote since `trackWrites`, whatever its value was. */
  writtenBytes(address: Address, length: Bytes): Uint8Array
  /** Number that `restore` takes; costs nothing. */
  checkpoint(): number
  /** Goes back to a checkpoint by carrying out the calls before it again. */
  restore(checkpoint: number): void
}
