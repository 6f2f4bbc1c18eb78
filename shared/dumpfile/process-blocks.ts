import { PAGE_BYTES, type Address } from '../base/units'
import { FIRST_BUILD, layoutOf } from '../heapwalk/layouts/choose-layout'
import type { Bits, BuildKey } from '../heapwalk/layouts/structure-table'
import { ImageWriter } from '../heapwalk/materialise/image-writer'
import { BuiltMemory, type MemoryPiece } from './built-memory'
import type { DumpSubject } from './write-minidump'

const TEB: Readonly<Record<Bits, Address>> = { 64: 0x7ff5ffe00000, 32: 0x7efdd000 }
const PEB: Readonly<Record<Bits, Address>> = { 64: 0x7ff5ffe10000, 32: 0x7efde000 }
/** Inside the page of the process block. */
const HEAP_LIST = 0x800

/** A Windows process of these heaps, whose memory is given: with a thread block and a process block that names them. */
export function dumpOfHeaps(pieces: readonly MemoryPiece[], heaps: readonly Address[], { bits, build }: { readonly bits: Bits; readonly build: BuildKey }, comment: string): DumpSubject {
  const all = [...pieces, threadBlock(bits), processBlock(bits, FIRST_BUILD[build], heaps)]
  return { memory: new BuiltMemory(all), bits, build: FIRST_BUILD[build], tebs: [TEB[bits]], comment }
}

function threadBlock(bits: Bits): MemoryPiece {
  const bytes = new Uint8Array(PAGE_BYTES)
  const put = new ImageWriter(bytes, TEB[bits], bits)
  put.word(TEB[bits] + (bits === 64 ? 0x30 : 0x18), TEB[bits])
  put.word(TEB[bits] + (bits === 64 ? 0x60 : 0x30), PEB[bits])
  return { address: TEB[bits], bytes, reservedBehind: 0 }
}

function processBlock(bits: Bits, build: number, heaps: readonly Address[]): MemoryPiece {
  const bytes = new Uint8Array(PAGE_BYTES)
  const address = PEB[bits]
  const put = new ImageWriter(bytes, address, bits)
  const layout = layoutOf(bits, 'win7')
  const at = (member: string): Address => address + layout.offset('PEB', member)
  put.word(at('ProcessHeap'), heaps[0] ?? 0)
  put.u32(at('NumberOfHeaps'), heaps.length)
  put.u32(at('MaximumNumberOfHeaps'), Math.max(16, heaps.length))
  put.word(at('ProcessHeaps'), address + HEAP_LIST)
  put.u16(at('OSBuildNumber'), build)
  heaps.forEach((heap, i) => put.word(address + HEAP_LIST + i * (bits / 8), heap))
  return { address, bytes, reservedBehind: 0 }
}
