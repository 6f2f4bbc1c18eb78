import { PAGE_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import { BlockState } from '../../model/snapshot'
import { NO_BLOCK } from '../heaps/heap'
import { HeapFlag } from './constants'
import { RaisedException, Status, Win32Error } from './error-codes'
import { leastReserve } from '../heap-bytes/create-windows-heap'
import { reportedEntries } from './heap-entries'
import { allBits } from './memory-calls'
import { NO_THREAD, type HeapRecord, type ProcessCore } from './process-core'

const { HEAP_NO_SERIALIZE, HEAP_GENERATE_EXCEPTIONS, HEAP_ZERO_MEMORY, HEAP_REALLOC_IN_PLACE_ONLY, HEAP_CREATE_ENABLE_EXECUTE } = HeapFlag
const CREATE_FLAGS = HEAP_NO_SERIALIZE | HEAP_GENERATE_EXCEPTIONS
const ALLOC_FLAGS = CREATE_FLAGS | HEAP_ZERO_MEMORY
const REALLOC_FLAGS = ALLOC_FLAGS | HEAP_REALLOC_IN_PLACE_ONLY

/** Blocks above this are not filled with letters: nobody reads a dump of megabytes. */
const MOST_LETTERS: Bytes = 2 ** 16

export const getProcessHeap = (core: ProcessCore): Address => core.defaultHeap?.heap.base ?? core.fail(Win32Error.ERROR_INVALID_HANDLE)

/** The number of heaps; the output holds at most `count` handles. */
export function getProcessHeaps(core: ProcessCore, count: number): number {
  core.output = { kind: 'heaps', value: [...core.heaps.keys()].slice(0, count) }
  return core.heaps.size
}

export function heapCreate(core: ProcessCore, options: number, initial: Bytes, maximum: Bytes, owner: string): Address {
  const isArticle = core.settings.version.heap === 'kath-nt31'
  const known = isArticle ? CREATE_FLAGS : CREATE_FLAGS | HEAP_CREATE_ENABLE_EXECUTE
  if ((options & ~known) !== 0 || (maximum !== 0 && initial > maximum)) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const isFixed = maximum !== 0
  const growable = isArticle ? Math.max(core.settings.growthBytes, roundUp(initial, PAGE_BYTES)) : leastReserve(initial)
  const reserveBytes = isFixed ? roundUp(maximum, PAGE_BYTES) : growable
  const name = owner === '' ? `heap ${core.nextHeapNumber()}` : `${owner} heap`
  const made = core.makeHeap({ name, isDefault: false, flags: options, reserveBytes, commitBytes: initial, maximumBytes: isFixed ? reserveBytes : 0 }, 0)
  return made?.heap.base ?? 0
}

/** The default heap stays for the life of the process. */
export function heapDestroy(core: ProcessCore, handle: Address): number {
  const record = enter(core, handle, 0)
  if (record === undefined) return 0
  if (record.isDefault) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const { runs } = core.memory
  for (const { base } of record.heap.parts()) core.memory.remove(runs.allocation(runs.find(base))!)
  core.heaps.delete(handle)
  return 1
}

export function heapAlloc(core: ProcessCore, handle: Address, flags: number, bytes: Bytes): Address {
  if ((flags & ~ALLOC_FLAGS) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const record = enter(core, handle, flags)
  if (record === undefined) return 0
  return allocBlock(core, record, bytes, (flags & HEAP_ZERO_MEMORY) !== 0) || core.failAlloc(flags | record.flags)
}

export function heapReAlloc(core: ProcessCore, handle: Address, flags: number, pointer: Address, bytes: Bytes): Address {
  if ((flags & ~REALLOC_FLAGS) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const record = enter(core, handle, flags)
  if (record === undefined) return 0
  const slot = fixedBlock(record, pointer)
  if (slot === NO_BLOCK) return failPointer(core, flags | record.flags)
  if (isDamaged(core, record, slot)) return 0
  const inPlaceOnly = (flags & HEAP_REALLOC_IN_PLACE_ONLY) !== 0
  return resizeBlock(core, record, slot, bytes, inPlaceOnly, (flags & HEAP_ZERO_MEMORY) !== 0) || core.failAlloc(flags | record.flags)
}

/** Pointer 0 is allowed and frees nothing. */
export function heapFree(core: ProcessCore, handle: Address, flags: number, pointer: Address): number {
  if ((flags & ~HEAP_NO_SERIALIZE) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const record = enter(core, handle, flags)
  if (record === undefined) return 0
  if (pointer === 0) return 1
  const slot = fixedBlock(record, pointer)
  if (slot === NO_BLOCK) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  if (isDamaged(core, record, slot)) return 0
  record.heap.free(slot)
  return 1
}

/** The requested size, as the article finds. */
export function heapSize(core: ProcessCore, handle: Address, flags: number, pointer: Address): Bytes {
  if ((flags & ~HEAP_NO_SERIALIZE) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER, allBits(core))
  const record = enter(core, handle, flags)
  if (record === undefined) return allBits(core)
  const slot = record.heap.find(pointer)
  return slot === NO_BLOCK ? core.fail(Win32Error.ERROR_INVALID_PARAMETER, allBits(core)) : record.heap.requestedOf(slot)
}

/** Compares the bytes in memory with what the heap wrote; a program that wrote past a block is found so. */
export function heapValidate(core: ProcessCore, handle: Address, flags: number, pointer: Address): number {
  if ((flags & ~HEAP_NO_SERIALIZE) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const record = enter(core, handle, flags)
  if (record === undefined) return 0
  const { heap } = record
  if (pointer !== 0) {
    const slot = heap.find(pointer)
    return slot !== NO_BLOCK && heap.isIntact(slot) ? 1 : 0
  }
  return heap.isAllIntact() ? 1 : 0
}

export function heapWalk(core: ProcessCore, handle: Address, index: number): number {
  const record = enter(core, handle, 0)
  if (record === undefined) return 0
  const value = reportedEntries(core, record)[index]
  if (value === undefined) return core.fail(Win32Error.ERROR_NO_MORE_ITEMS)
  core.output = { kind: 'heap-entry', value }
  return 1
}

/** Largest committed free block; moves blocks together before when the process is set to. */
export function heapCompact(core: ProcessCore, handle: Address, flags: number): Bytes {
  if ((flags & ~HEAP_NO_SERIALIZE) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  const record = enter(core, handle, flags)
  if (record === undefined) return 0
  if (core.settings.compaction === 'moveable') moveTogether(core, record)
  return largestFree(record)
}

/** Bytes of the largest free block of the back end. */
export function largestFree({ heap }: HeapRecord): Bytes {
  let largest = 0
  for (const { pieces } of heap.parts()) for (const { state, bytes } of pieces) if (state === BlockState.Free) largest = Math.max(largest, bytes)
  return largest
}

export function heapLock(core: ProcessCore, handle: Address): number {
  const record = enter(core, handle, 0)
  if (record === undefined) return 0
  if ((record.flags & HEAP_NO_SERIALIZE) !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  record.lockedBy = core.thread
  record.lockDepth++
  return 1
}

export function heapUnlock(core: ProcessCore, handle: Address): number {
  const record = enter(core, handle, 0)
  if (record === undefined) return 0
  if (record.lockDepth === 0) return core.fail(Win32Error.ERROR_NOT_LOCKED)
  if (--record.lockDepth === 0) record.lockedBy = NO_THREAD
  return 1
}

/**
 * The heap of a handle, unless another thread has locked it: the caller would wait for ever in a process where one call
 * happens at a time. Undefined with the last error set.
 */
export function enter(core: ProcessCore, handle: Address, flags: number): HeapRecord | undefined {
  const record = core.heaps.get(handle)
  if (record === undefined) {
    core.fail(Win32Error.ERROR_INVALID_HANDLE)
    return undefined
  }
  const serialised = ((flags | record.flags) & HEAP_NO_SERIALIZE) === 0
  if (serialised && record.lockedBy !== NO_THREAD && record.lockedBy !== core.thread) {
    core.fail(Win32Error.ERROR_POSSIBLE_DEADLOCK)
    return undefined
  }
  record.heap.thread = core.thread
  return record
}

/** Address of a new block's data, 0 when there is no memory. */
export function allocBlock(core: ProcessCore, { heap }: HeapRecord, bytes: Bytes, zero: boolean): Address {
  const data = heap.alloc(bytes)
  if (data === 0 || bytes === 0) return data
  if (zero) core.access.fill(data, bytes, 0)
  else if (core.settings.fillLetters && bytes <= MOST_LETTERS) core.access.fill(data, bytes, core.nextLetter())
  return data
}

/** Address of the data afterwards, 0 when there is no room; with `zero` the added bytes are zero. */
export function resizeBlock(core: ProcessCore, { heap }: HeapRecord, slot: number, bytes: Bytes, inPlaceOnly: boolean, zero: boolean): Address {
  const old = heap.requestedOf(slot)
  const data = heap.resize(slot, bytes, inPlaceOnly)
  if (data !== 0 && zero && bytes > old) core.access.fill(data + old, bytes - old, 0)
  return data
}

/** Moves unlocked movable blocks down; their handles name the new addresses. */
export function moveTogether(core: ProcessCore, { heap }: HeapRecord): void {
  const { table } = core
  const indexOf = (slot: number): number => (heap.handleOf(slot) === 0 ? -1 : table.find(heap.handleOf(slot)))
  heap.compact(
    (slot) => indexOf(slot) >= 0 && table.locksOf(indexOf(slot)) === 0,
    (slot, data) => table.setData(indexOf(slot), data),
  )
}

/** Data of a movable block belongs to its handle: the pointer functions take only blocks without one. */
function fixedBlock({ heap }: HeapRecord, pointer: Address): number {
  const slot = heap.find(pointer)
  return slot !== NO_BLOCK && heap.handleOf(slot) === 0 ? slot : NO_BLOCK
}

/**
 * Heaps of later Windows check the header of a block they take back (its checksum, for a start). The call fails; when
 * the process asked for it, the program ends there, which here is an exception and leaves the process to be looked at.
 */
function isDamaged(core: ProcessCore, { heap }: HeapRecord, slot: number): boolean {
  if (core.settings.version.heap === 'kath-nt31' || heap.isIntact(slot)) return false
  core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  if (core.terminatesOnCorruption) throw new RaisedException(Status.STATUS_HEAP_CORRUPTION)
  return true
}

function failPointer(core: ProcessCore, flags: number): number {
  core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  if ((flags & HEAP_GENERATE_EXCEPTIONS) !== 0) throw new RaisedException(Status.STATUS_ACCESS_VIOLATION)
  return 0
}
