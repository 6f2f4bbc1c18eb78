import { layoutOf } from '../../../heapwalk/layouts/choose-layout'
import type { PlannedBlock } from '../../../heapwalk/materialise/nt-heap-image'
import { buildNtHeap } from '../../../heapwalk/testing/nt-heap-image'
import { type DumpedMemory, writeDump } from './write-dump'

const TEB = 0x7efdd000
const PEB = 0x7efde000
const HEAP = 0x530000
const HEAP_LIST = PEB + 0x300
const KEY = [0xa1, 0x43, 0x11, 0x3b, 0x78, 0x40, 0, 0]
const BLOCKS: readonly PlannedBlock[] = [
  { units: 2, busy: true, unused: 8 },
  { units: 5, busy: true, unused: 13 },
  { units: 9, busy: false },
  { units: 64, busy: true, unused: 8 },
]

/** A 32-bit Windows 7 process with one small heap; `damaged` flips a bit in the third entry. */
export function smallDump(damaged = false): Uint8Array {
  const heap = buildNtHeap({ bits: 32, build: 'win7', address: HEAP, key: KEY, blocks: BLOCKS, committedPages: 1, reservedPages: 16 })
  if (damaged) heap.bytes[heap.entries[2]! - HEAP + 1]! ^= 0x40
  const memory: DumpedMemory[] = [
    { address: HEAP, bytes: heap.bytes, reservedBehind: heap.uncommittedBytes },
    { address: TEB, bytes: words(0x40, [[0x18, TEB], [0x30, PEB]]) },
    { address: PEB, bytes: pebBytes() },
  ]
  return writeDump({ architecture: 0, build: 7601, tebs: [TEB], memory })
}

function pebBytes(): Uint8Array {
  const layout = layoutOf(32, 'win7')
  const at = (member: string): number => layout.offset('PEB', member)
  const bytes = words(0x304, [[at('ProcessHeap'), HEAP], [at('NumberOfHeaps'), 1], [at('MaximumNumberOfHeaps'), 16], [at('ProcessHeaps'), HEAP_LIST], [0x300, HEAP]])
  new DataView(bytes.buffer).setUint16(at('OSBuildNumber'), 7601, true)
  return bytes
}

function words(length: number, values: readonly (readonly [number, number])[]): Uint8Array {
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  for (const [offset, value] of values) view.setUint32(offset, value, true)
  return bytes
}
