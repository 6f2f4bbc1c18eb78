import { NONE, PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import type { MemoryFault } from '../vm/memory-access'
import { queryMemory } from '../vm/query'
import { RaisedException, Status, Win32Error } from './error-codes'
import type { ProcessCore } from './process-core'

/** sizeof(MEMORY_BASIC_INFORMATION). */
const INFORMATION_BYTES = { 32: 28, 64: 48 } as const

/** Written pages cost as much real memory: one access of the simulated program may not take more than this. */
const MOST_BYTES: Bytes = 2 ** 26

const from0 = (core: ProcessCore, address: Address): Address => (address === NONE ? core.failMemory() : address)
const bool = (core: ProcessCore, succeeded: boolean): number => (succeeded ? 1 : core.failMemory())

export const virtualAlloc = (core: ProcessCore, address: Address, bytes: Bytes, type: number, protect: number): Address =>
  from0(core, core.memory.allocate(address, bytes, type, protect, 'VirtualAlloc'))

export const virtualFree = (core: ProcessCore, address: Address, bytes: Bytes, type: number): number =>
  bool(core, core.memory.free(address, bytes, type))

export function virtualProtect(core: ProcessCore, address: Address, bytes: Bytes, protect: number): number {
  const old = core.memory.protect(address, bytes, protect)
  if (old === 0) return core.failMemory()
  core.output = { kind: 'old-protection', value: old }
  return 1
}

export function virtualQuery(core: ProcessCore, address: Address): Bytes {
  const value = queryMemory(core.memory, address)
  if (value === undefined) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  core.output = { kind: 'memory-information', value }
  return INFORMATION_BYTES[core.settings.bits]
}

export const virtualLock = (core: ProcessCore, address: Address, bytes: Bytes): number => bool(core, core.memory.lock(address, bytes))
export const virtualUnlock = (core: ProcessCore, address: Address, bytes: Bytes): number => bool(core, core.memory.unlock(address, bytes))

/** All bits set for both empties the working set. */
export function setWorkingSetSize(core: ProcessCore, minimum: Bytes, maximum: Bytes): number {
  const set = core.memory.workingSet
  if (minimum === allBits(core) && maximum === minimum) {
    set.empty()
    return 1
  }
  const minimumPages = Math.floor(minimum / PAGE_BYTES)
  const maximumPages = Math.floor(maximum / PAGE_BYTES)
  if (minimumPages < 1 || maximumPages < minimumPages || maximum > core.settings.memory.physicalBytes) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  set.limits = { ...set.limits, minimumPages, maximumPages }
  return 1
}

export function createFileMapping(core: ProcessCore, protect: number, bytes: Bytes, name: string): number {
  const handle = core.sections.create(protect, bytes, name)
  if (core.sections.failure === 'already-exists') core.fail(Win32Error.ERROR_ALREADY_EXISTS)
  return handle === 0 ? failSection(core) : handle
}

export const mapViewOfFile = (core: ProcessCore, section: number, access: number, offset: Bytes, bytes: Bytes): Address =>
  core.sections.map(section, access, offset, bytes) || failSection(core)

export const unmapViewOfFile = (core: ProcessCore, address: Address): number => (core.sections.unmap(address) ? 1 : failSection(core))
export const closeHandle = (core: ProcessCore, handle: number): number => (core.sections.close(handle) ? 1 : failSection(core))

export function writeMemory(core: ProcessCore, address: Address, bytes: Uint8Array): number {
  raiseIf(core, core.access.touch(address, bytes.length, true))
  core.programWrites(address, bytes.length)
  core.access.copyIn(address, bytes)
  return 1
}

export function fillMemory(core: ProcessCore, address: Address, bytes: Bytes, value: number): number {
  if (bytes > MOST_BYTES) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  raiseIf(core, core.access.touch(address, bytes, true))
  core.programWrites(address, bytes)
  core.access.fill(address, bytes, value)
  return 1
}

export function readMemory(core: ProcessCore, address: Address, bytes: Bytes): Bytes {
  if (bytes > MOST_BYTES) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  raiseIf(core, core.access.touch(address, bytes, false))
  core.settle()
  core.output = { kind: 'bytes', value: core.access.copyOut(address, bytes) }
  return bytes
}

/** What (SIZE_T)-1 is; beyond exact integers, but equal to itself, with 64 bits. */
export const allBits = (core: ProcessCore): number => 2 ** core.settings.bits - 1

function raiseIf(core: ProcessCore, fault: MemoryFault | undefined): void {
  if (fault === undefined) return
  core.fail(Win32Error.ERROR_NOACCESS)
  throw new RaisedException(fault.reason === 'guard-page' ? Status.STATUS_GUARD_PAGE_VIOLATION : Status.STATUS_ACCESS_VIOLATION, fault.address)
}

function failSection(core: ProcessCore): number {
  switch (core.sections.failure) {
    case 'invalid-handle':
      return core.fail(Win32Error.ERROR_INVALID_HANDLE)
    case 'invalid-address':
      return core.fail(Win32Error.ERROR_INVALID_ADDRESS)
    case 'access-denied':
      return core.fail(Win32Error.ERROR_ACCESS_DENIED)
    case 'alignment':
      return core.fail(Win32Error.ERROR_MAPPED_ALIGNMENT)
    case 'memory':
      return core.failMemory()
    default:
      return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  }
}
