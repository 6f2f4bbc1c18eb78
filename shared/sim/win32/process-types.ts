import type { Address, Bytes } from '../../base/units'
import type { BlockKind } from '../../model/snapshot'
import type { MemoryInformation } from '../vm/query'

/*
 * What a simulated process is made from and what it tells. Numbers are as in Win32: flags and states have their
 * Windows values, a handle or pointer that does not exist is 0.
 */

/** Numbers as in Win32; names (owner of a heap, name of a section) as text; what is written to memory as bytes. */
export type ApiArgument = number | string | Uint8Array

export interface HeapShape {
  /** Bytes before the data of each block: 16, or 0 in the ideal model of the article's first part. */
  readonly headerBytes: Bytes
  /** Data is rounded up to this: 16, or 1 in the ideal model. */
  readonly granuleBytes: Bytes
  /** Bytes added to a request before rounding: 3 to 13 give the article's figures, 0 gives its summary's rule. */
  readonly tailBytes: Bytes
}

export interface DefaultHeapOptions {
  readonly reserveBytes: Bytes
  readonly commitBytes: Bytes
  /** false: the heap cannot grow beyond its first range. */
  readonly growable: boolean
  /** false: not even the loader's least reserve of 64 KB and whole pages; for arenas of an exact size. */
  readonly loaderMinimum: boolean
}

export interface MemoryOptions {
  readonly physicalBytes: Bytes
  readonly pageFileBytes: Bytes
  readonly workingSetMinimumPages: number
  readonly workingSetMaximumPages: number
}

/** Everything has a default; the same options and the same calls give the same process, byte by byte. */
export interface ProcessOptions {
  /** Id of a WindowsVersion; the article's without it. It says how many bits a process of a later Windows has. */
  readonly version?: string
  /** The heaps of later versions code their structures with keys drawn by this. */
  readonly keySeed?: number
  readonly bits?: 32 | 64
  readonly shape?: Partial<HeapShape>
  /** Linker text: `/HEAP:0x10000,0x1000` or `HEAPSIZE 0x10000 0x1000`. `defaultHeap` goes before it. */
  readonly linkerText?: string
  /** As the second beta linker: the commit value is written as 0x1000 whatever was asked. */
  readonly betaLinker?: boolean
  /** null: a process without a default heap, for virtual memory alone. */
  readonly defaultHeap?: Partial<DefaultHeapOptions> | null
  /** Least size of each further range of a growable heap; 1 MB. */
  readonly growthBytes?: Bytes
  /** `nt31`: environment, image, stack and system pages lie in the address space; `none`: nothing but the heap. */
  readonly surroundings?: 'nt31' | 'none'
  readonly memory?: Partial<MemoryOptions>
  /** Lock count at which a movable block stops counting; 255, or 256 as the article writes. */
  readonly lockMaximum?: number
  /** true: the lock beyond the maximum fails (the repair the article suggests). */
  readonly strictLocks?: boolean
  /** Most MOVEABLE handles at a time; 65,535. */
  readonly handleLimit?: number
  /** `moveable`: GlobalCompact, LocalCompact and HeapCompact move unlocked MOVEABLE blocks together; NT itself moves none. */
  readonly compaction?: 'none' | 'moveable'
  /** true: the data of each new block is filled with a letter, A to Z in turn, so that a dump shows whose bytes are whose. */
  readonly fillLetters?: boolean
}

export interface LastError {
  readonly code: number
  /** For instance `ERROR_INVALID_PARAMETER`. */
  readonly name: string
}

/** What a call hands back beside its result. */
export type ApiOutput =
  | { readonly kind: 'memory-information'; readonly value: MemoryInformation }
  | { readonly kind: 'old-protection'; readonly value: number }
  | { readonly kind: 'heap-entry'; readonly value: HeapEntry }
  | { readonly kind: 'heaps'; readonly value: readonly Address[] }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  /** HeapCompatibilityInformation: 0 standard, 1 look-aside lists, 2 low-fragmentation. */
  | { readonly kind: 'heap-information'; readonly value: number }

/** One step of HeapWalk (PROCESS_HEAP_ENTRY). */
export interface HeapEntry {
  readonly kind: 'region' | 'busy' | 'free' | 'cached' | 'internal' | 'uncommitted'
  /** What it is inside its heap (BlockKind). */
  readonly inside: BlockKind
  /** First byte of the data; of a region or uncommitted range its first byte. */
  readonly data: Address
  /** Bytes of data: of a busy block the requested ones. */
  readonly bytes: Bytes
  /** First byte and whole bytes of what the entry takes: header and rounding included. */
  readonly address: Address
  readonly consumedBytes: Bytes
  /** Index of the segment. */
  readonly region: number
  /** PROCESS_HEAP_REGION 1, UNCOMMITTED_RANGE 2, ENTRY_BUSY 4, ENTRY_MOVEABLE 0x10, ENTRY_DDESHARE 0x20. */
  readonly flags: number
  /** Handle of a MOVEABLE block, else 0. */
  readonly handle: Address
}

export interface HeapSummary {
  /** As HeapCreate returned it; also the heap's first address. */
  readonly handle: Address
  readonly name: string
  readonly isDefault: boolean
  /** Flags of HeapCreate. */
  readonly flags: number
  /** 0 = growable. */
  readonly maximumBytes: Bytes
  readonly segments: readonly { readonly base: Address; readonly reservedBytes: Bytes; readonly committedBytes: Bytes }[]
  readonly busyBlocks: number
  readonly freeBlocks: number
  readonly requestedBytes: Bytes
  readonly consumedBytes: Bytes
  readonly freeBytes: Bytes
  readonly largestFreeBytes: Bytes
  readonly committedBytes: Bytes
  readonly reservedBytes: Bytes
  /** Free blocks looked at by all requests so far; null where the manager does not search block by block. */
  readonly examinedBlocks: number | null
  /** `kath-nt31`, `nt-heap` or `segment-heap`. */
  readonly flavour: string
  /** 0 none, 1 look-aside lists, 2 low-fragmentation. */
  readonly frontEnd: number
}

export interface HandleTableSummary {
  /** 0 until the first MOVEABLE allocation. */
  readonly base: Address
  readonly entryBytes: Bytes
  readonly reservedBytes: Bytes
  readonly committedPages: number
  readonly initialisations: number
  readonly liveHandles: number
  /** Entry that the next MOVEABLE allocation takes; 0 = sixteen more must be initialised first. */
  readonly freeHead: Address
}

export interface ProcessCounters {
  readonly calls: number
  readonly failedCalls: number
  /** Operations on the address space, by the program or its heaps. */
  readonly reservations: number
  readonly commits: number
  readonly decommits: number
  readonly releases: number
  readonly reservedBytes: Bytes
  readonly committedBytes: Bytes
  readonly commitChargeBytes: Bytes
  readonly commitLimitBytes: Bytes
  readonly softFaults: number
  readonly hardFaults: number
  readonly demandZeroFaults: number
  readonly copyOnWriteFaults: number
  readonly guardFaults: number
  readonly residentPages: number
  readonly lockedPages: number
}

/** One row of the call log. */
export interface CallRecord {
  readonly index: number
  readonly name: string
  readonly args: readonly ApiArgument[]
  readonly result: number
  /** Win32 code the call set, 0 when it succeeded. */
  readonly error: number
  /** NTSTATUS of an exception the call raised, 0 = none. */
  readonly exception: number
  readonly thread: number
}
