import { UNKNOWN_SIZE } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import { hex } from '../finding-list'
import type { MemoryView } from '../memory-view'
import { Trust, type WalkedBlocks } from '../walked-blocks'
import type { LfhContainer } from './lfh'
import type { NtHeap } from './nt-heap'
import { slotCode } from './slot-code'

/** Byte 7 of a slot's header: the top bit says front end, the rest how many bytes are unused; 0 there means free (walk.md 4). */
const FREE_SLOT = 0x80
/** Busy, with the unused bytes elsewhere because a stack trace is kept. */
const TRACED_SLOT = 0xc2

export interface LfhSums {
  subSegments: number
  busyBlocks: number
  busyBytes: number
  freeBlocks: number
  /** Free slots as the sub-segments count them. */
  depth: number
}

export const emptyLfhSums = (): LfhSums => ({ subSegments: 0, busyBlocks: 0, busyBytes: 0, freeBlocks: 0, depth: 0 })

/** Puts a container into `out` as header, slots and rest. */
export function expandContainer(view: MemoryView, heap: NtHeap, container: LfhContainer, blocks: WalkedBlocks, out: WalkedBlocks, sums: LfhSums): void {
  const address = blocks.address.at(container.row)
  const size = blocks.size.at(container.row)
  const end = address + size
  const { firstOffset, stride, count, userBlocks } = container
  const first = userBlocks + firstOffset
  const last = first + count * stride
  if (container.isCached) {
    out.push(address, size, 0, BlockState.Cached, BlockKind.LfhContainer, container.isCertain ? Trust.Verified : Trust.Uncertain)
    return
  }
  sums.subSegments++
  sums.depth += container.depth
  const bytes = view.memory.read(first, count * stride)
  if (!(first >= address) || last > end || bytes.length < count * stride) {
    heap.findings.add('lfh-opaque', 'warning', `The slots of the container at ${hex(userBlocks)} cannot be told apart.`, { address: userBlocks })
    out.push(address, size, 0, BlockState.Internal, BlockKind.Opaque, Trust.Opaque)
    return
  }
  const trust = container.isCertain ? Trust.Verified : Trust.Uncertain
  out.push(address, first - address, 0, BlockState.Internal, BlockKind.LfhContainer, trust)
  const statusAt = heap.layout.header + 7
  let disagreeing = 0
  checkSlotHeaders(heap, container, bytes)
  for (let i = 0; i < count; i++) {
    const status = bytes[i * stride + statusAt]!
    const byHeader = status > FREE_SLOT
    const isBusy = container.bitmap === undefined ? byHeader : ((container.bitmap[i >> 3]! >> (i & 7)) & 1) === 1
    if (isBusy !== byHeader) disagreeing++
    if (isBusy) {
      const unused = status & 0x7f
      const requested = status !== TRACED_SLOT && unused >= 8 && unused < 0x3f && unused <= stride ? stride - unused : UNKNOWN_SIZE
      out.push(first + i * stride, stride, requested, BlockState.Busy, BlockKind.LfhSlot, trust)
      sums.busyBlocks++
      if (requested !== UNKNOWN_SIZE) sums.busyBytes += requested
    } else {
      out.push(first + i * stride, stride, 0, BlockState.Cached, BlockKind.LfhSlot, trust)
      sums.freeBlocks++
    }
  }
  if (last < end) out.push(last, end - last, 0, BlockState.Internal, BlockKind.LfhContainer, trust)
  if (disagreeing > 0) heap.findings.add('lfh-bitmap', 'warning', `${disagreeing} slots of the container at ${hex(userBlocks)} are busy by bitmap or header only; the bitmap is believed.`, { address: userBlocks })
}

/** Slots whose header leads elsewhere have been written over: their first bytes never change while the container lives. */
function checkSlotHeaders({ address: heapAddress, layout, findings }: NtHeap, { userBlocks, subSegment, firstOffset, stride, count, slotKey }: LfhContainer, bytes: Uint8Array): void {
  if (slotKey === undefined) return
  const stored = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i < count; i++) {
    const entry = userBlocks + firstOffset + i * stride
    const code = stored.getUint32(i * stride + layout.header, true)
    const expected = (slotCode(layout, { heap: heapAddress, userBlocks, subSegment, entry }) ^ slotKey) >>> 0
    if (code === expected) continue
    const words = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0')
    findings.add('lfh-slot-header', 'damage', `The header of the slot at ${hex(entry)} does not lead to its container: it begins with ${words(code)}, expected ${words(expected)}.`, { address: entry })
  }
}
