/*
 * Flags and values of virtual memory as the Windows headers define them (winnt.h, memoryapi.h). Each set is named for
 * the parameter that takes it.
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
export type MemoryType = (typeof MemoryType)[keyof typeof MemoryType]

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

const MODIFIERS = Protection.PAGE_GUARD | Protection.PAGE_NOCACHE | Protection.PAGE_WRITECOMBINE
const WRITECOPY = Protection.PAGE_WRITECOPY | Protection.PAGE_EXECUTE_WRITECOPY
const WRITABLE = Protection.PAGE_READWRITE | Protection.PAGE_EXECUTE_READWRITE

/** Exactly one base protection; no modifier together with PAGE_NOACCESS, not both cache modifiers. */
export function isProtection(protect: number): boolean {
  const base = protect & 0xff
  const rest = protect & ~0xff
  if (base === 0 || (base & (base - 1)) !== 0 || (rest & ~MODIFIERS) !== 0) return false
  if (base === Protection.PAGE_NOACCESS && rest !== 0) return false
  return (rest & (Protection.PAGE_NOCACHE | Protection.PAGE_WRITECOMBINE)) !== (Protection.PAGE_NOCACHE | Protection.PAGE_WRITECOMBINE)
}

export const isCopyOnWrite = (protect: number): boolean => (protect & WRITECOPY) !== 0
/** A write succeeds: directly, or by making a private copy. */
export const isWritable = (protect: number): boolean => (protect & (WRITABLE | WRITECOPY)) !== 0
/** x86 pages that can be executed can be read. */
export const isReadable = (protect: number): boolean => protect !== 0 && (protect & Protection.PAGE_NOACCESS) === 0
export const isGuarded = (protect: number): boolean => (protect & Protection.PAGE_GUARD) !== 0
/** What a written copy-on-write page is protected by from then on. */
export const afterCopy = (protect: number): number => (protect & ~WRITECOPY) | (protect & WRITECOPY) >> 1
