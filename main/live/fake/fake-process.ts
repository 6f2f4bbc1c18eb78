import { PAGE_BYTES, type Address, type Bytes } from '../../../shared/base/units'
import { FIRST_BUILD, layoutOf } from '../../../shared/heapwalk/layouts/choose-layout'
import type { Bits } from '../../../shared/heapwalk/layouts/structure-table'
import { ImageWriter } from '../../../shared/heapwalk/materialise/image-writer'
import { materialiseNtHeap, type NtItem } from '../../../shared/heapwalk/materialise/nt-heap-image'
import type { ProcessAccess } from '../../../shared/model/live-capture'

/*
 * A made-up process with true bytes: an NT heap per list of items, process and thread blocks, modules and mapped files by
 * name, and as much private memory besides as is asked for, whose bytes are made when they are read.
 */
export const FAKE_BUILD = 'win10_2004'

export interface FakeStage {
  /** Items of each heap, laid out as Windows does. */
  readonly heaps: readonly (readonly NtItem[])[]
  /** Private bytes beside the heaps, in regions of 1 GiB at the most. */
  readonly otherBytes?: Bytes
}

export type FakeCall = 'open' | 'facts' | 'regions' | 'read' | 'clone' | 'suspend' | 'resume' | 'dump'

export interface FakeProcess {
  readonly pid: number
  readonly parentPid?: number
  readonly name: string
  readonly user?: string | null
  readonly bits: Bits
  readonly access?: ProcessAccess
  readonly startedAt?: string
  /** The memory as each capture after the other finds it; the last one stays. */
  readonly stages: readonly FakeStage[]
  /** The process ends when the call is made for the n-th time (from 1), before it is answered. */
  readonly endsAt?: { readonly call: FakeCall; readonly time: number }
  /** Pages that cannot be read although the system calls them readable. */
  readonly unreadable?: readonly Address[]
  /** Clones are refused. */
  readonly noClone?: boolean
}

export interface FakeRegion {
  readonly base: Address
  readonly bytes: Bytes
  /** Reserved bytes right behind. */
  readonly reservedBehind: Bytes
  readonly kind: 'private' | 'image' | 'mapped'
  readonly protection: number
  readonly file: string
  /** Absent: made when read. */
  readonly content?: Uint8Array
}

export const FAKE_PEB: Readonly<Record<Bits, Address>> = { 64: 0x7ff5ffe10000, 32: 0x7efde000 }
export const FAKE_TEB: Readonly<Record<Bits, Address>> = { 64: 0x7ff5ffe00000, 32: 0x7efdb000 }
const STACK: Address = 0x20000000000
const FIRST_HEAP: Readonly<Record<Bits, Address>> = { 64: 0x1f4a0000000, 32: 0x500000 }
const HEAP_DISTANCE: Readonly<Record<Bits, Bytes>> = { 64: 0x10000000, 32: 0x1000000 }
const OTHER: Readonly<Record<Bits, Address>> = { 64: 0x30000000000, 32: 0x40000000 }
const OTHER_BYTES: Bytes = 2 ** 30
const HEAP_LIST = 0x800
const PAGE_READWRITE = 4
const PAGE_EXECUTE_READ = 0x20
const PAGE_READONLY = 2
const GUARDED = 0x104
const STACK_BYTES = 0x10000
/** Of 64-bit Windows; a WOW64 process has a 64-bit thread block this far below the 32-bit one. */
const WOW64_TEB_DISTANCE = 0x2000

/** The address space at one stage, in address order. */
export function layOut(process: FakeProcess, stage: FakeStage): FakeRegion[] {
  const { bits } = process
  const regions: FakeRegion[] = []
  const add = (region: Partial<FakeRegion> & Pick<FakeRegion, 'base' | 'bytes'>): void => void regions.push({ reservedBehind: 0, kind: 'private', protection: PAGE_READWRITE, file: '', ...region })
  const heaps = stage.heaps.map((items, i) => {
    const address = FIRST_HEAP[bits] + i * HEAP_DISTANCE[bits]
    const key = [0x5a, 0x13 + i, 0xc4, 0x7e, 0x21, 0x90, 0, 0]
    const image = materialiseNtHeap({ bits, build: FAKE_BUILD, key, segments: [{ address, items, reservedPages: 256 }] })
    for (const piece of image.memory) add({ base: piece.address, bytes: piece.bytes.length, reservedBehind: piece.reservedBehind, content: piece.bytes })
    return address
  })
  for (let left = stage.otherBytes ?? 0, base = OTHER[bits]; left > 0; left -= OTHER_BYTES, base += OTHER_BYTES) add({ base, bytes: Math.min(OTHER_BYTES, left) })
  addBlocks(process, heaps, add)
  // A stack: a guard page below what is committed, which no reader may touch.
  add({ base: STACK, bytes: PAGE_BYTES, protection: GUARDED })
  add({ base: STACK + PAGE_BYTES, bytes: STACK_BYTES - PAGE_BYTES, content: new Uint8Array(STACK_BYTES - PAGE_BYTES) })
  add({ base: 0x7ff700000000, bytes: 0x4000, kind: 'image', protection: PAGE_EXECUTE_READ, file: `\\Device\\HarddiskVolume3\\Programs\\${process.name}`, content: new Uint8Array(0x4000) })
  add({ base: 0x7ffb00000000, bytes: 0x8000, kind: 'image', protection: PAGE_EXECUTE_READ, file: '\\Device\\HarddiskVolume3\\Windows\\System32\\ntdll.dll', content: new Uint8Array(0x8000) })
  add({ base: 0x7ff600000000, bytes: 0x10000, kind: 'mapped', protection: PAGE_READONLY, file: '\\Device\\HarddiskVolume3\\Windows\\Globalization\\SortDefault.nls', content: new Uint8Array(0x10000) })
  return regions.sort((a, b) => a.base - b.base)
}

/** Process and thread blocks, those of both widths for a 32-bit process. */
function addBlocks({ bits }: FakeProcess, heaps: readonly Address[], add: (region: Pick<FakeRegion, 'base' | 'bytes' | 'content'>) => void): void {
  const wide = new Uint8Array(PAGE_BYTES)
  const teb64 = bits === 64 ? FAKE_TEB[64] : FAKE_TEB[32]
  const put = new ImageWriter(wide, teb64, 64)
  put.word(teb64 + 0x10, STACK + PAGE_BYTES)
  put.word(teb64 + 0x30, teb64)
  put.word(teb64 + 0x60, FAKE_PEB[64])
  add({ base: teb64, bytes: PAGE_BYTES, content: wide })
  add({ base: FAKE_PEB[64], bytes: PAGE_BYTES, content: processBlock(64, bits === 64 ? heaps : []) })
  if (bits === 64) return
  const narrowTeb = FAKE_TEB[32] + WOW64_TEB_DISTANCE
  const narrow = new Uint8Array(PAGE_BYTES)
  const putNarrow = new ImageWriter(narrow, narrowTeb, 32)
  putNarrow.word(narrowTeb + 0x18, narrowTeb)
  putNarrow.word(narrowTeb + 0x30, FAKE_PEB[32])
  add({ base: narrowTeb, bytes: PAGE_BYTES, content: narrow })
  add({ base: FAKE_PEB[32], bytes: PAGE_BYTES, content: processBlock(32, heaps) })
}

function processBlock(bits: Bits, heaps: readonly Address[]): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES)
  const address = FAKE_PEB[bits]
  const put = new ImageWriter(bytes, address, bits)
  const layout = layoutOf(bits, 'win7')
  const at = (member: string): Address => address + layout.offset('PEB', member)
  put.word(at('ProcessHeap'), heaps[0] ?? 0)
  put.u32(at('NumberOfHeaps'), heaps.length)
  put.u32(at('MaximumNumberOfHeaps'), 16)
  put.word(at('ProcessHeaps'), address + HEAP_LIST)
  put.u16(at('OSBuildNumber'), FIRST_BUILD[FAKE_BUILD])
  heaps.forEach((heap, i) => put.word(address + HEAP_LIST + i * (bits / 8), heap))
  return bytes
}
