/*
 * Flags and values of the simulated calls as the Windows headers define them (winnt.h, winbase.h, minwinbase.h).
 * Each set is named for what its parameter is called in the catalogue, so that a console can offer the names.
 */
export const AllocationType = {
  MEM_COMMIT: 0x1000,
  MEM_RESERVE: 0x2000,
  MEM_RESET: 0x80000,
  MEM_TOP_DOWN: 0x100000,
} as const

export const FreeType = { MEM_DECOMMIT: 0x4000, MEM_RELEASE: 0x8000 } as const

export const MemoryState = { MEM_COMMIT: 0x1000, MEM_RESERVE: 0x2000, MEM_FREE: 0x10000 } as const

export const MemoryType = { MEM_PRIVATE: 0x20000, MEM_MAPPED: 0x40000, MEM_IMAGE: 0x1000000 } as const

export const Protection = {
  PAGE_NOACCESS: 0x01,
  PAGE_READONLY: 0x02,
  PAGE_READWRITE: 0x04,
  PAGE_WRITECOPY: 0x08,
  PAGE_EXECUTE: 0x10,
  PAGE_EXECUTE_READ: 0x20,
  PAGE_EXECUTE_READWRITE: 0x40,
  PAGE_EXECUTE_WRITECOPY: 0x80,
  PAGE_GUARD: 0x100,
  PAGE_NOCACHE: 0x200,
  PAGE_WRITECOMBINE: 0x400,
} as const

export const SectionFlag = { SEC_RESERVE: 0x4000000, SEC_COMMIT: 0x8000000 } as const

export const ViewAccess = { FILE_MAP_COPY: 1, FILE_MAP_WRITE: 2, FILE_MAP_READ: 4, FILE_MAP_EXECUTE: 0x20 } as const

export const HeapFlag = {
  HEAP_NO_SERIALIZE: 0x01,
  HEAP_GROWABLE: 0x02,
  HEAP_GENERATE_EXCEPTIONS: 0x04,
  HEAP_ZERO_MEMORY: 0x08,
  HEAP_REALLOC_IN_PLACE_ONLY: 0x10,
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
  GlobalFlag,
  LocalFlag,
} as const
export type FlagSetName = keyof typeof flagSets
