import type { Address } from '../../../shared/base/units'
import { MemoryView } from '../../../shared/heapwalk/memory-view'
import type { ProcessMemory } from '../../../shared/model/process-memory'
import { RegionKind } from '../../../shared/model/region-table'
import type { LiveSystem, ProcessHandle, RegionRecord, TargetFacts, ThreadRecord } from '../live-system'
import { MemoryState, MemoryType } from '../windows/constants'
import type { RegionOwner } from './target-regions'

interface Surroundings {
  readonly system: LiveSystem
  readonly handle: ProcessHandle
  readonly facts: TargetFacts
  readonly threads: readonly ThreadRecord[]
  readonly regions: readonly RegionRecord[]
  /** For the thread blocks, which tell where their stacks are. */
  readonly memory: ProcessMemory
}

/** 64-bit thread block + this = 32-bit one of the same thread under WOW64 (walk.md 1). */
const WOW64_TEB_DISTANCE = 0x2000
/** StackLimit in the thread block, lowest committed address of the stack. */
const STACK_LIMIT = { 64: 0x10, 32: 0x8 } as const

/** Whom a region belongs to, looked up by its reservation: a file, a thread's stack, the system's blocks of process and threads. */
export function nameRegions({ system, handle, facts, threads, regions, memory }: Surroundings): (region: RegionRecord) => RegionOwner | undefined {
  const owners = new Map<Address, RegionOwner>()
  const reservationOf = reservationLookup(regions)
  const view = new MemoryView(memory)
  const own = (address: Address, owner: RegionOwner): void => {
    const reservation = reservationOf(address)
    if (reservation !== undefined && !owners.has(reservation)) owners.set(reservation, owner)
  }
  for (const { id, teb } of threads) {
    own(view.pointer(teb + STACK_LIMIT[64], 64), { name: `stack of thread ${id}`, kind: RegionKind.Stack })
    if (facts.bits === 32) own(view.pointer(teb + WOW64_TEB_DISTANCE + STACK_LIMIT[32], 32), { name: `32-bit stack of thread ${id}`, kind: RegionKind.Stack })
  }
  for (const { teb } of threads) own(teb, { name: 'process and thread blocks', kind: RegionKind.Environment })
  for (const { address } of facts.pebs) own(address, { name: 'process and thread blocks', kind: RegionKind.Environment })
  for (const region of regions) {
    if (region.state === MemoryState.Free || region.type === MemoryType.Private || owners.has(region.allocationBase)) continue
    const path = system.mappedFile(handle, region.base)
    const name = path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1)
    const isImage = region.type === MemoryType.Image
    owners.set(region.allocationBase, { name: name === '' ? (isImage ? 'image' : 'mapped') : name, kind: isImage ? RegionKind.Image : RegionKind.Mapped })
  }
  return (region) => owners.get(region.allocationBase)
}

/** The reservation that holds an address; regions are sorted. */
function reservationLookup(regions: readonly RegionRecord[]): (address: Address) => Address | undefined {
  return (address) => {
    let low = 0
    let high = regions.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (regions[middle]!.base <= address) low = middle + 1
      else high = middle
    }
    const region = regions[low - 1]
    return region !== undefined && region.state !== MemoryState.Free && address < region.base + region.bytes ? region.allocationBase : undefined
  }
}
