import type { Address, Bytes } from '../../base/units'
import { TypeByte } from '../heaps/kath-nt31/handle-table'
import { NO_BLOCK } from '../heaps/heap'
import { FlagsResult, GlobalFlag, LocalFlag } from './constants'
import { Win32Error } from './error-codes'
import { allocBlock, largestFree, moveTogether, resizeBlock } from './heap-calls'
import type { HeapRecord, ProcessCore } from './process-core'

/*
 * The nine pairs of Global* and Local* over the default heap. Both families take each other's handles; they differ only
 * in the values of some flags, so each function is told its family.
 *
 *   FIXED      result = data pointer
 *   MOVEABLE   result = handle = address inside the handle table; the pointer comes from Lock
 */
export interface FamilyFlags {
  readonly discardable: number
  readonly shared: number
  readonly known: number
  /** Bit that GlobalFlags or LocalFlags shows for a discardable block. */
  readonly discardableResult: number
  /** GlobalUnlock of a fixed block succeeds, LocalUnlock does not. */
  readonly unlocksFixed: boolean
}

const { GMEM_MOVEABLE: MOVEABLE, GMEM_NOCOMPACT: NOCOMPACT, GMEM_NODISCARD: NODISCARD, GMEM_ZEROINIT: ZEROINIT, GMEM_MODIFY: MODIFY } = GlobalFlag
const COMMON = MOVEABLE | NOCOMPACT | NODISCARD | ZEROINIT | MODIFY

export const globalFamily: FamilyFlags = {
  discardable: GlobalFlag.GMEM_DISCARDABLE,
  shared: GlobalFlag.GMEM_DDESHARE,
  known: COMMON | GlobalFlag.GMEM_DISCARDABLE | GlobalFlag.GMEM_DDESHARE,
  discardableResult: FlagsResult.GMEM_DISCARDABLE,
  unlocksFixed: true,
}

export const localFamily: FamilyFlags = {
  discardable: LocalFlag.LMEM_DISCARDABLE,
  shared: 0,
  known: COMMON | LocalFlag.LMEM_DISCARDABLE,
  discardableResult: FlagsResult.LMEM_DISCARDABLE,
  unlocksFixed: false,
}

export function movableAlloc(core: ProcessCore, family: FamilyFlags, flags: number, bytes: Bytes): Address {
  const heap = core.defaultHeap
  if (heap === undefined || (flags & ~family.known) !== 0 || (flags & MODIFY) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const type = typeOf(family, flags)
  if (type === 0) return allocMakingRoom(core, heap, flags, bytes) || core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
  // A movable block of no bytes is a handle without memory, as if it had been discarded.
  const data = bytes === 0 ? 0 : allocMakingRoom(core, heap, flags, bytes)
  if (bytes !== 0 && data === 0) return core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
  const index = core.table.add(data, type)
  if (index < 0) {
    if (data !== 0) heap.heap.free(heap.heap.find(data))
    return core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
  }
  const handle = core.table.handleOf(index)
  if (data !== 0) heap.heap.setHandle(heap.heap.find(data), handle)
  return handle
}

/** 0 when it succeeds, else the handle. */
export function movableFree(core: ProcessCore, handle: Address): Address {
  if (handle === 0) return 0
  const index = core.table.find(handle)
  const heap = core.defaultHeap?.heap
  if (index >= 0) {
    const data = core.table.dataOf(index)
    if (data !== 0) heap!.free(heap!.find(data))
    core.table.remove(index)
    return 0
  }
  const slot = fixedSlot(core, handle)
  if (slot === NO_BLOCK) return core.fail(Win32Error.ERROR_INVALID_HANDLE, handle)
  heap!.free(slot)
  return 0
}

export function movableLock(core: ProcessCore, handle: Address): Address {
  const index = core.table.find(handle)
  if (index < 0) return fixedSlot(core, handle) === NO_BLOCK ? core.fail(Win32Error.ERROR_INVALID_HANDLE) : handle
  const data = core.table.dataOf(index)
  if (data === 0) return core.fail(Win32Error.ERROR_DISCARDED)
  return core.table.lock(index) ? data : core.fail(Win32Error.ERROR_LOCKED)
}

/** 1 while locks are left. At 0 the result is 0 and the last error is 0, unless there was no lock to undo. */
export function movableUnlock(core: ProcessCore, family: FamilyFlags, handle: Address): number {
  const index = core.table.find(handle)
  if (index < 0) {
    if (fixedSlot(core, handle) === NO_BLOCK) return core.fail(Win32Error.ERROR_INVALID_HANDLE)
    return family.unlocksFixed ? 1 : core.fail(Win32Error.ERROR_NOT_LOCKED)
  }
  if (core.table.locksOf(index) === 0) return core.fail(Win32Error.ERROR_NOT_LOCKED)
  if (core.table.unlock(index) > 0) return 1
  core.lastError = Win32Error.ERROR_SUCCESS
  return 0
}

/** The requested size; 0 of a discarded block. */
export function movableSize(core: ProcessCore, handle: Address): Bytes {
  const index = core.table.find(handle)
  const heap = core.defaultHeap?.heap
  if (index >= 0) {
    const data = core.table.dataOf(index)
    return data === 0 ? 0 : heap!.requestedOf(heap!.find(data))
  }
  const slot = fixedSlot(core, handle)
  return slot === NO_BLOCK ? core.fail(Win32Error.ERROR_INVALID_HANDLE) : heap!.requestedOf(slot)
}

export function movableFlags(core: ProcessCore, family: FamilyFlags, handle: Address): number {
  const { table } = core
  const index = table.find(handle)
  if (index < 0) return fixedSlot(core, handle) === NO_BLOCK ? core.fail(Win32Error.ERROR_INVALID_HANDLE, FlagsResult.GMEM_INVALID_HANDLE) : 0
  const type = table.typeOf(index)
  return (
    Math.min(FlagsResult.GMEM_LOCKCOUNT, table.locksOf(index)) |
    (isDiscardable(type) ? family.discardableResult : 0) |
    (isShared(type) ? family.shared : 0) |
    (table.dataOf(index) === 0 ? FlagsResult.GMEM_DISCARDED : 0)
  )
}

/** The handle of a movable block, the pointer itself of a fixed one. */
export function movableHandle(core: ProcessCore, pointer: Address): Address {
  const heap = core.defaultHeap?.heap
  const slot = heap?.find(pointer) ?? NO_BLOCK
  return slot === NO_BLOCK ? core.fail(Win32Error.ERROR_INVALID_HANDLE) : heap!.handleOf(slot) || pointer
}

/** Takes the memory of an unlocked movable block away; its handle stays. */
export function movableDiscard(core: ProcessCore, handle: Address): Address {
  const index = core.table.find(handle)
  if (index < 0) return core.fail(Win32Error.ERROR_INVALID_HANDLE)
  if (core.table.locksOf(index) > 0) return core.fail(Win32Error.ERROR_LOCKED)
  discard(core, index)
  return handle
}

export function movableReAlloc(core: ProcessCore, family: FamilyFlags, handle: Address, bytes: Bytes, flags: number): Address {
  if ((flags & ~family.known) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const index = core.table.find(handle)
  const slot = index < 0 ? fixedSlot(core, handle) : NO_BLOCK
  if (index < 0 && slot === NO_BLOCK) return core.fail(Win32Error.ERROR_INVALID_HANDLE)
  if ((flags & MODIFY) !== 0) return modify(core, family, handle, index, slot, flags)
  if (index >= 0) return reallocMovable(core, handle, index, bytes, flags)
  const moved = resizeBlock(core, core.defaultHeap!, slot, bytes, (flags & MOVEABLE) === 0, (flags & ZEROINIT) !== 0)
  return moved || core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
}

/** Largest free block of the default heap; NT's own functions move nothing. */
export function movableCompact(core: ProcessCore): Bytes {
  const heap = core.defaultHeap
  if (heap === undefined) return core.fail(Win32Error.ERROR_INVALID_HANDLE)
  if (core.settings.compaction === 'moveable') moveTogether(core, heap)
  return largestFree(heap)
}

/** A locked block stays where it is unless MOVEABLE asks for a move all the same. */
function reallocMovable(core: ProcessCore, handle: Address, index: number, bytes: Bytes, flags: number): Address {
  const { table } = core
  const heap = core.defaultHeap!
  const isLocked = table.locksOf(index) > 0
  const data = table.dataOf(index)
  if (bytes === 0) {
    if (isLocked) return core.fail(Win32Error.ERROR_LOCKED)
    discard(core, index)
    return handle
  }
  if (data === 0) {
    const fresh = allocMakingRoom(core, heap, flags, bytes)
    if (fresh === 0) return core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
    heap.heap.setHandle(heap.heap.find(fresh), handle)
    table.setData(index, fresh)
    return handle
  }
  const inPlaceOnly = isLocked && (flags & MOVEABLE) === 0
  const moved = resizeBlock(core, heap, heap.heap.find(data), bytes, inPlaceOnly, (flags & ZEROINIT) !== 0)
  if (moved === 0) return core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
  if (moved !== data) table.setData(index, moved)
  return handle
}

/** Changes attributes, not size: a fixed block gets a handle, a movable one becomes discardable or not. */
function modify(core: ProcessCore, family: FamilyFlags, handle: Address, index: number, slot: number, flags: number): Address {
  const { table } = core
  const type = typeOf(family, flags)
  if (index >= 0) {
    const isStillShared = table.typeOf(index) & (TypeByte.Shared << 8)
    table.setType(index, (isDiscardable(type) ? TypeByte.Discardable : TypeByte.Moveable) | isStillShared)
    return handle
  }
  if (type === 0) return handle
  const made = table.add(handle, type)
  if (made < 0) return core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
  core.defaultHeap!.heap.setHandle(slot, table.handleOf(made))
  return table.handleOf(made)
}

/**
 * Data of a new block. When the heap refuses, movable blocks are moved together (where the process is set to) and
 * unlocked discardable ones discarded, lowest handle first, until it fits; NODISCARD and NOCOMPACT forbid that.
 */
function allocMakingRoom(core: ProcessCore, heap: HeapRecord, flags: number, bytes: Bytes): Address {
  const zero = (flags & ZEROINIT) !== 0
  let data = allocBlock(core, heap, bytes, zero)
  if (data !== 0 || (flags & NOCOMPACT) !== 0) return data
  if (core.settings.compaction === 'moveable') {
    moveTogether(core, heap)
    data = allocBlock(core, heap, bytes, zero)
  }
  if ((flags & NODISCARD) !== 0) return data
  const { table } = core
  for (let index = 0; data === 0 && index < table.entries; index++) {
    if (!table.isLive(index) || !isDiscardable(table.typeOf(index)) || table.locksOf(index) > 0 || table.dataOf(index) === 0) continue
    discard(core, index)
    data = allocBlock(core, heap, bytes, zero)
  }
  return data
}

function discard(core: ProcessCore, index: number): void {
  const data = core.table.dataOf(index)
  if (data === 0) return
  const { heap } = core.defaultHeap!
  heap.free(heap.find(data))
  core.table.setData(index, 0)
}

/** Busy block of the default heap without a handle, NO_BLOCK when the pointer is none. */
function fixedSlot(core: ProcessCore, pointer: Address): number {
  const heap = core.defaultHeap?.heap
  const slot = heap?.find(pointer) ?? NO_BLOCK
  return slot !== NO_BLOCK && heap!.handleOf(slot) === 0 ? slot : NO_BLOCK
}

/** Third and fourth byte of an entry, 0 for a fixed block. DISCARDABLE implies movable. */
function typeOf(family: FamilyFlags, flags: number): number {
  const wantsDiscard = (flags & family.discardable) !== 0
  if (!wantsDiscard && (flags & MOVEABLE) === 0) return 0
  return (wantsDiscard ? TypeByte.Discardable : TypeByte.Moveable) | ((flags & family.shared) !== 0 ? TypeByte.Shared << 8 : 0)
}

const isDiscardable = (type: number): boolean => (type & 0xff) === TypeByte.Discardable
const isShared = (type: number): boolean => (type & (TypeByte.Shared << 8)) !== 0
