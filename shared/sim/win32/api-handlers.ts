import type { Address, Bytes } from '../../base/units'
import { NO_BLOCK } from '../heaps/heap'
import { HeapFlag } from './constants'
import { Win32Error } from './error-codes'
import * as heap from './heap-calls'
import * as information from './heap-information'
import * as memory from './memory-calls'
import * as movable from './movable-calls'
import type { ProcessCore } from './process-core'

/** Arguments as the catalogue orders them: numbers in `n`, the one text or block of bytes beside them (0 stands in `n`). */
export type ApiHandler = (core: ProcessCore, n: readonly number[], text: string, data: Uint8Array) => number

const memoryHandlers: Record<string, ApiHandler> = {
  VirtualAlloc: (core, n) => memory.virtualAlloc(core, n[0]!, n[1]!, n[2]!, n[3]!),
  VirtualFree: (core, n) => memory.virtualFree(core, n[0]!, n[1]!, n[2]!),
  VirtualProtect: (core, n) => memory.virtualProtect(core, n[0]!, n[1]!, n[2]!),
  VirtualQuery: (core, n) => memory.virtualQuery(core, n[0]!),
  VirtualLock: (core, n) => memory.virtualLock(core, n[0]!, n[1]!),
  VirtualUnlock: (core, n) => memory.virtualUnlock(core, n[0]!, n[1]!),
  SetProcessWorkingSetSize: (core, n) => memory.setWorkingSetSize(core, n[0]!, n[1]!),
  CreateFileMapping: (core, n, text) => memory.createFileMapping(core, n[0]!, n[1]!, text),
  MapViewOfFile: (core, n) => memory.mapViewOfFile(core, n[0]!, n[1]!, n[2]!, n[3]!),
  UnmapViewOfFile: (core, n) => memory.unmapViewOfFile(core, n[0]!),
  CloseHandle: (core, n) => memory.closeHandle(core, n[0]!),
  WriteMemory: (core, n, _text, data) => memory.writeMemory(core, n[0]!, data),
  FillMemory: (core, n) => memory.fillMemory(core, n[0]!, n[1]!, n[2]!),
  ReadMemory: (core, n) => memory.readMemory(core, n[0]!, n[1]!),
}

const heapHandlers: Record<string, ApiHandler> = {
  GetProcessHeap: (core) => heap.getProcessHeap(core),
  GetProcessHeaps: (core, n) => heap.getProcessHeaps(core, n[0]!),
  HeapCreate: (core, n, text) => heap.heapCreate(core, n[0]!, n[1]!, n[2]!, text),
  HeapDestroy: (core, n) => heap.heapDestroy(core, n[0]!),
  HeapAlloc: (core, n) => heap.heapAlloc(core, n[0]!, n[1]!, n[2]!),
  HeapReAlloc: (core, n) => heap.heapReAlloc(core, n[0]!, n[1]!, n[2]!, n[3]!),
  HeapFree: (core, n) => heap.heapFree(core, n[0]!, n[1]!, n[2]!),
  HeapSize: (core, n) => heap.heapSize(core, n[0]!, n[1]!, n[2]!),
  HeapValidate: (core, n) => heap.heapValidate(core, n[0]!, n[1]!, n[2]!),
  HeapWalk: (core, n) => heap.heapWalk(core, n[0]!, n[1]!),
  HeapCompact: (core, n) => heap.heapCompact(core, n[0]!, n[1]!),
  HeapSetInformation: (core, n) => information.heapSetInformation(core, n[0]!, n[1]!, n[2]!),
  HeapQueryInformation: (core, n) => information.heapQueryInformation(core, n[0]!, n[1]!),
  HeapLock: (core, n) => heap.heapLock(core, n[0]!),
  HeapUnlock: (core, n) => heap.heapUnlock(core, n[0]!),
}

function familyHandlers(prefix: string, family: movable.FamilyFlags): Record<string, ApiHandler> {
  return {
    [`${prefix}Alloc`]: onDefaultHeap((core, n) => movable.movableAlloc(core, family, n[0]!, n[1]!)),
    [`${prefix}Discard`]: onDefaultHeap((core, n) => movable.movableDiscard(core, n[0]!)),
    [`${prefix}Flags`]: onDefaultHeap((core, n) => movable.movableFlags(core, family, n[0]!)),
    [`${prefix}Free`]: onDefaultHeap((core, n) => movable.movableFree(core, n[0]!), (n) => n[0]!),
    [`${prefix}Handle`]: onDefaultHeap((core, n) => movable.movableHandle(core, n[0]!)),
    [`${prefix}Lock`]: onDefaultHeap((core, n) => movable.movableLock(core, n[0]!)),
    [`${prefix}ReAlloc`]: onDefaultHeap((core, n) => movable.movableReAlloc(core, family, n[0]!, n[1]!, n[2]!)),
    [`${prefix}Size`]: onDefaultHeap((core, n) => movable.movableSize(core, n[0]!)),
    [`${prefix}Unlock`]: onDefaultHeap((core, n) => movable.movableUnlock(core, family, n[0]!)),
    [`${prefix}Compact`]: onDefaultHeap((core) => movable.movableCompact(core)),
  }
}

/** Global*, Local* and the C runtime work in the default heap: nothing without one, or while another thread holds it. */
function onDefaultHeap(handler: ApiHandler, failure: (n: readonly number[]) => number = () => 0): ApiHandler {
  return (core, n, text, data) => {
    const handle = heap.getProcessHeap(core)
    return handle === 0 || heap.enter(core, handle, 0) === undefined ? failure(n) : handler(core, n, text, data)
  }
}

const runtimeHandlers: Record<string, ApiHandler> = {
  malloc: onDefaultHeap((core, n) => allocFixed(core, n[0]!, false)),
  calloc: onDefaultHeap((core, n) => {
    const bytes = n[0]! * n[1]!
    return bytes < 2 ** core.settings.bits ? allocFixed(core, bytes, true) : core.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
  }),
  realloc: onDefaultHeap((core, n) => reallocFixed(core, n[0]!, n[1]!)),
  free: onDefaultHeap((core, n) => {
    heap.heapFree(core, core.defaultHeap!.heap.base, 0, n[0]!)
    return 0
  }),
}

const allocFixed = (core: ProcessCore, bytes: Bytes, zero: boolean): Address =>
  heap.heapAlloc(core, core.defaultHeap!.heap.base, zero ? HeapFlag.HEAP_ZERO_MEMORY : 0, bytes)

/** As in C: pointer 0 allocates, size 0 frees. */
function reallocFixed(core: ProcessCore, pointer: Address, bytes: Bytes): Address {
  const { heap: owner } = core.defaultHeap!
  if (pointer === 0) return allocFixed(core, bytes, false)
  if (bytes === 0 && owner.find(pointer) !== NO_BLOCK) {
    heap.heapFree(core, owner.base, 0, pointer)
    return 0
  }
  return heap.heapReAlloc(core, owner.base, 0, pointer, bytes)
}

const processHandlers: Record<string, ApiHandler> = {
  GetLastError: (core) => core.lastError,
  SetLastError: (core, n) => {
    core.lastError = n[0]!
    return 0
  },
  SwitchToThread: (core, n) => {
    core.thread = n[0]!
    return 1
  },
}

/** By the name the catalogue has. */
export const apiHandlers: ReadonlyMap<string, ApiHandler> = new Map(
  Object.entries({
    ...memoryHandlers,
    ...heapHandlers,
    ...familyHandlers('Global', movable.globalFamily),
    ...familyHandlers('Local', movable.localFamily),
    ...runtimeHandlers,
    ...processHandlers,
  }),
)
