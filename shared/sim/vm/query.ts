import { PAGE_BYTES, RESERVATION_BYTES, roundDown, type Address, type Bytes } from '../../base/units'
import { MemoryState, MemoryType, Protection } from './memory-constants'
import type { VirtualMemory } from './virtual-memory'

/** MEMORY_BASIC_INFORMATION: what VirtualQuery tells of the run of equal pages that begins at an address. */
export interface MemoryInformation {
  readonly baseAddress: Address
  readonly allocationBase: Address
  /** PAGE_* the allocation was made with; 0 when free. */
  readonly allocationProtect: number
  readonly regionBytes: Bytes
  /** MEM_COMMIT, MEM_RESERVE or MEM_FREE. */
  readonly state: number
  /** PAGE_* now; 0 when reserved, PAGE_NOACCESS when free. */
  readonly protect: number
  /** MEM_PRIVATE, MEM_MAPPED or MEM_IMAGE; 0 when free. */
  readonly type: number
}

/**
 * VirtualQuery. Walking on by `regionBytes` from 0 tiles the whole user half: the first 64 KB are free but never given
 * out, the last 64 KB below the limit are reserved for nobody. Undefined beyond.
 */
export function queryMemory(memory: VirtualMemory, address: Address): MemoryInformation | undefined {
  const { runs } = memory
  const at = roundDown(address, PAGE_BYTES)
  if (at < 0) return undefined
  if (at < runs.low) return free(at, runs.low)
  if (at >= runs.high) return at < runs.high + RESERVATION_BYTES ? guardAtTheEnd(at, runs.high) : undefined
  const run = runs.find(at)
  const allocation = runs.allocation(run)
  if (allocation === undefined) return free(at, runs.end(run))
  const protect = runs.protect(run)
  return {
    baseAddress: at,
    allocationBase: allocation.base,
    allocationProtect: allocation.protect,
    regionBytes: runs.end(run) - at,
    state: protect === 0 ? MemoryState.MEM_RESERVE : MemoryState.MEM_COMMIT,
    protect,
    type: allocation.type,
  }
}

const free = (from: Address, to: Address): MemoryInformation => ({
  baseAddress: from,
  allocationBase: 0,
  allocationProtect: 0,
  regionBytes: to - from,
  state: MemoryState.MEM_FREE,
  protect: Protection.PAGE_NOACCESS,
  type: 0,
})

const guardAtTheEnd = (from: Address, high: Address): MemoryInformation => ({
  baseAddress: from,
  allocationBase: high,
  allocationProtect: Protection.PAGE_NOACCESS,
  regionBytes: high + RESERVATION_BYTES - from,
  state: MemoryState.MEM_RESERVE,
  protect: 0,
  type: MemoryType.MEM_PRIVATE,
})
