import type { Address } from '../base/units'
import type { Discovery } from '../model/heap-report'
import { RegionState } from '../model/region-table'
import { layoutOf } from './layouts/choose-layout'
import type { Bits } from './layouts/structure-table'
import type { MemoryView } from './memory-view'
import { isWineHeap, wineHeapList } from './wine/wine-layout'

export type HeapFlavour = 'nt-heap' | 'segment-heap' | 'wine-heap'

export interface HeapPlace {
  readonly address: Address
  readonly bits: Bits
  readonly flavour: HeapFlavour
  discovery: Discovery
  /** Index in the process's list of heaps, -1 when found otherwise. */
  readonly listIndex: number
}

export interface PebFacts {
  readonly address: Address
  readonly bits: Bits
  readonly heaps: readonly Address[]
  readonly processHeap: Address
  readonly build: number
  readonly globalFlags: number
  /** Set when the list of heaps was refused, with the reason. */
  readonly problem: string | undefined
}

const NT_OR_WINE = 0xffeeffee
const SEGMENT_HEAP = 0xddeeddee
const MAX_HEAPS = 1024
/** Reservations begin at multiples of this, so heaps do. */
const GRANULE = 0x10000
/** 64-bit thread block + this = 32-bit one of the same thread under WOW64 (walk.md 1; Windows 7 to 11). */
const WOW64_TEB_DISTANCE = 0x2000

/** A process block whose address the system told. */
export interface PebPlace {
  readonly address: Address
  readonly bits: Bits
}

/** The process blocks that are told and those the threads lead to; under WOW64 both the 64-bit and the 32-bit one. `tebs` are the native threads'. */
export function findPebs(view: MemoryView, tebs: readonly Address[], nativeBits: Bits, told: readonly PebPlace[] = []): PebFacts[] {
  const pebs = new Map<string, PebFacts>()
  const add = (address: Address, bits: Bits): void => {
    const id = `${bits} ${address}`
    if (address > 0 && !pebs.has(id)) {
      const peb = readPeb(view, address, bits)
      if (peb !== undefined) pebs.set(id, peb)
    }
  }
  for (const { address, bits } of told) add(address, bits)
  for (const teb of tebs) {
    if (nativeBits === 32) add(view.pointer(teb + 0x30, 32), 32)
    else {
      add(view.pointer(teb + 0x60, 64), 64)
      for (const narrow of [teb + WOW64_TEB_DISTANCE, view.pointer(teb, 64)]) {
        // A 32-bit thread block knows its own address.
        if (narrow > 0 && narrow < 0x100000000 && view.u32(narrow + 0x18) === narrow) add(view.pointer(narrow + 0x30, 32), 32)
      }
    }
  }
  return [...pebs.values()]
}

function readPeb(view: MemoryView, address: Address, bits: Bits): PebFacts | undefined {
  const peb = layoutOf(bits, 'win7')
  const at = (member: string): Address => address + peb.offset('PEB', member)
  const processHeap = view.pointer(at('ProcessHeap'), bits)
  if (!(processHeap > 0)) return undefined
  const count = view.u32(at('NumberOfHeaps'))
  const maximum = view.u32(at('MaximumNumberOfHeaps'))
  const list = view.pointer(at('ProcessHeaps'), bits)
  const heaps: Address[] = []
  let problem: string | undefined
  if (count > maximum) problem = `it counts ${count} heaps of at most ${maximum}`
  else if (count > MAX_HEAPS) problem = `it counts ${count} heaps`
  for (let i = 0; problem === undefined && i < count; i++) {
    const heap = view.pointer(list + i * (bits / 8), bits)
    if (heap > 0) heaps.push(heap)
    else problem = `entry ${i} of its list of heaps cannot be read`
  }
  if (!heaps.includes(processHeap)) heaps.unshift(processHeap)
  return { address, bits, heaps, processHeap, build: view.u16(at('OSBuildNumber')) || 0, globalFlags: view.u32(at('NtGlobalFlag')) || 0, problem }
}

/** Every heap of the process: those its lists name, and those whose signature stands in memory. */
export function findHeaps(view: MemoryView, pebs: readonly PebFacts[], nativeBits: Bits): HeapPlace[] {
  const found = new Map<Address, HeapPlace>()
  for (const peb of pebs) {
    peb.heaps.forEach((address, listIndex) => {
      const flavour = flavourAt(view, address, peb.bits)
      if (flavour !== undefined && !found.has(address)) found.set(address, { address, bits: peb.bits, flavour, discovery: 'peb', listIndex })
    })
    if (isWineHeap(view, peb.processHeap, peb.bits)) {
      for (const address of wineHeapList(view, peb.processHeap, peb.bits)) {
        if (!found.has(address)) found.set(address, { address, bits: peb.bits, flavour: 'wine-heap', discovery: 'list', listIndex: -1 })
      }
    }
  }
  for (const place of scan(view, nativeBits)) {
    const known = found.get(place.address)
    if (known === undefined) found.set(place.address, place)
    else if (known.bits === place.bits) known.discovery = known.discovery === 'peb' ? 'peb+scan' : known.discovery === 'list' ? 'list+scan' : known.discovery
  }
  return [...found.values()].sort((a, b) => a.address - b.address)
}

function* scan(view: MemoryView, nativeBits: Bits): Generator<HeapPlace> {
  const regions = view.memory.regions()
  let found = 0
  for (let row = 0; row < regions.length; row++) {
    if (regions.state.at(row) !== RegionState.Committed) continue
    const base = regions.base.at(row)
    const end = base + regions.size.at(row)
    for (let at = Math.ceil(base / GRANULE) * GRANULE; at < end && found < MAX_HEAPS; at += GRANULE) {
      // One read decides for nearly every granule; a region beyond the dump's memory ends at the first.
      const head = view.memory.read(at, 0x20)
      if (head.length < 0x20) break
      for (const bits of nativeBits === 64 ? ([64, 32] as const) : ([32] as const)) {
        if (bits === 32 && at >= 0x100000000) continue
        const flavour = flavourAt(view, at, bits)
        if (flavour === undefined) continue
        found++
        yield { address: at, bits, flavour, discovery: 'scan', listIndex: -1 }
        break
      }
    }
  }
}

/** What kind of heap begins at the address; undefined for none, and for a further segment of one. */
export function flavourAt(view: MemoryView, address: Address, bits: Bits): HeapFlavour | undefined {
  const signature = view.u32(address + (bits === 64 ? 0x10 : 8))
  if (signature === SEGMENT_HEAP) return 'segment-heap'
  if (signature !== NT_OR_WINE) return undefined
  if (isWineHeap(view, address, bits)) return 'wine-heap'
  return view.pointer(address + (bits === 64 ? 0x28 : 0x18), bits) === address ? 'nt-heap' : undefined
}

