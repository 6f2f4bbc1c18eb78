import { AllocationType, FreeType, Protection, SectionFlag, ViewAccess } from '../vm/memory-constants'

/*
 * Flags and values of the simulated calls as the Windows headers define them (winnt.h, winbase.h, minwinbase.h).
 * Each set is named for what its parameter is called in the catalogue, so that a console can offer the names.
 */
export const HeapFlag = {
  HEAP_NO_SERIALIZE: 0x01,
  HEAP_GROWABLE: 0x02,
  HEAP_GENERATE_EXCEPTIONS: 0x04,
  HEAP_ZERO_MEMORY: 0x08,
  HEAP_REALLOC_IN_PLACE_ONLY: 0x10,
  HEAP_CREATE_ENABLE_EXECUTE: 0x40000,
} as const

/** Classes of HeapSetInformation and HeapQueryInformation (HEAP_INFORMATION_CLASS). */
export const HeapInformation = {
  HeapCompatibilityInformation: 0,
  HeapEnableTerminationOnCorruption: 1,
  HeapOptimizeResources: 3,
} as const

export const EntryFlag = {
  PROCESS_HEAP_REGION: 0x01,
  PROCESS_HEAP_UNCOMMITTED_RANGE: 0x02,
  PROCESS_HEAP_ENTRY_BUSY: 0x04,
  PROCESS_HEAP_ENTRY_MOVEABLE: 0x10,
  PROCESS_HEAP_ENTRY_DDESHARE: 0x20,
} as const

export const GlobalFlag = {
  GMEM_FIXED: 0,
  GMEM_MOVEABLE: 0x02,
  GMEM_NOCOMPACT: 0x10,
  GMEM_NODISCARD: 0x20,
  GMEM_ZEROINIT: 0x40,
  GMEM_MODIFY: 0x80,
  GMEM_DISCARDABLE: 0x100,
  GMEM_DDESHARE: 0x2000,
} as const

export const LocalFlag = {
  LMEM_FIXED: 0,
  LMEM_MOVEABLE: 0x02,
  LMEM_NOCOMPACT: 0x10,
  LMEM_NODISCARD: 0x20,
  LMEM_ZEROINIT: 0x40,
  LMEM_MODIFY: 0x80,
  LMEM_DISCARDABLE: 0xf00,
} as const

/** What GlobalFlags and LocalFlags return: a state, not flags of a request. */
export const FlagsResult = {
  GMEM_LOCKCOUNT: 0xff,
  GMEM_DISCARDABLE: 0x100,
  LMEM_DISCARDABLE: 0xf00,
  GMEM_DISCARDED: 0x4000,
  GMEM_INVALID_HANDLE: 0x8000,
} as const

/** Sets of names by the `set` of a catalogue parameter. */
export const flagSets = {
  AllocationType,
  FreeType,
  Protection,
  SectionFlag,
  ViewAccess,
  HeapFlag,
  HeapInformation,
  GlobalFlag,
  LocalFlag,
} as const
export type FlagSetName = keyof typeof flagSets
