import { UNKNOWN_SIZE, type Address, type Bytes } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import type { NtLayout } from '../nt/nt-layout'
import { hasDistances, slotCode } from '../nt/slot-code'
import { USER_BLOCKS_SIGNATURE, userBlocksSignatureOffset } from '../nt/user-blocks'
import type { ImageWriter } from './image-writer'
import type { LaidBlock } from './laid-block'

/** A container: slots of one size, each busy with some bytes unused, or free. */
export interface LfhPlan {
  readonly strideUnits: number
  readonly slots: readonly { readonly busy: boolean; readonly unused: number }[]
}

/** Byte 7 of a slot's header: front end; the rest says how many bytes are unused, none for a free slot (walk.md 4). */
const FRONT_END = 0x80

/** Unused bytes from here on do not fit the header (walk.md 4: small ones below 0x3F stand inline). */
const UNUSED_ELSEWHERE = 0x3f

/** From the container's header to its first slot: 64 bits of bitmap belong to the header, more bits push the slots on. */
function firstSlot({ layout, bits, unit }: NtLayout, count: number): Bytes {
  if (layout.optionalOffset('HEAP_USERDATA_HEADER', 'BusyBitmap') === undefined) return layout.size('HEAP_USERDATA_HEADER')
  const bitmapBytes = ((count + 31) >>> 3) & ~3
  const header = layout.offset('HEAP_USERDATA_HEADER', 'BitmapData') + Math.max(bitmapBytes, bits / 8)
  return Math.ceil(header / unit) * unit
}

/** Bytes of the back-end block of a container, its own entry included. */
export function containerBytes(layout: NtLayout, { strideUnits, slots }: LfhPlan): Bytes {
  return layout.unit + firstSlot(layout, slots.length) + slots.length * strideUnits * layout.unit
}

/** The front end of one heap: its structure with a sub-segment for each container, and the containers. */
export class LfhImage {
  /** Of the front end's structure, once it has been placed. */
  address: Address | undefined
  readonly #layout: NtLayout
  readonly #heap: Address
  readonly #key: number
  readonly #described: { readonly address: Address; readonly userBlocks: Address; readonly plan: LfhPlan }[] = []

  constructor(layout: NtLayout, heap: Address, key: number) {
    this.#layout = layout
    this.#heap = heap
    this.#key = key
  }

  structureBytes(containers: number): Bytes {
    const { layout } = this.#layout
    return layout.size('LFH_HEAP') + containers * layout.size('HEAP_SUBSEGMENT')
  }

  /**
   * Writes a container at `userBlocks`; returns what a walk must see of it. Its sub-segment is described at `subSegment`, or
   * behind the front end's structure, once `describe` is called.
   */
  container(put: ImageWriter, userBlocks: Address, plan: LfhPlan, subSegment?: Address): LaidBlock[] {
    const { layout, unit, header } = this.#layout
    const { slots, strideUnits } = plan
    const stride = strideUnits * unit
    const first = firstSlot(this.#layout, slots.length)
    const described = subSegment ?? this.address! + layout.size('LFH_HEAP') + this.#described.length * layout.size('HEAP_SUBSEGMENT')
    this.#described.push({ address: described, userBlocks, plan })
    put.word(userBlocks + layout.offset('HEAP_USERDATA_HEADER', 'SubSegment'), described)
    put.u32(userBlocks + userBlocksSignatureOffset(this.#layout), USER_BLOCKS_SIGNATURE)
    this.#offsets(put, userBlocks, first, stride)
    this.#bitmap(put, userBlocks, plan)
    return slots.map(({ busy, unused }, i) => {
      const address = userBlocks + first + i * stride
      put.u32(address + header, (slotCode(this.#layout, { heap: this.#heap, userBlocks, subSegment: described, entry: address }) ^ this.#key) >>> 0)
      // The slot's number, for the bitmap (Valasek and Mandt, "Windows 8 Heap Internals"); Windows 7 leaves what was there.
      if (hasDistances(layout)) put.u16(address + header + 4, i)
      put.u8(address + header + 7, busy ? FRONT_END | Math.min(unused, UNUSED_ELSEWHERE) : FRONT_END)
      const requested = unused < UNUSED_ELSEWHERE ? stride - unused : UNKNOWN_SIZE
      return { address, size: stride, state: busy ? BlockState.Busy : BlockState.Cached, kind: BlockKind.LfhSlot, requested: busy ? requested : 0 }
    })
  }

  /** A container that no sub-segment names. */
  cachedContainer(put: ImageWriter, userBlocks: Address): void {
    put.u32(userBlocks + userBlocksSignatureOffset(this.#layout), USER_BLOCKS_SIGNATURE)
  }

  /** Writes the sub-segments, whose memory may lie anywhere in the heap. */
  describe(writerAt: (address: Address) => ImageWriter): void {
    const { layout } = this.#layout
    for (const { address, userBlocks, plan } of this.#described) {
      const put = writerAt(address)
      const at = (member: string): Address => address + layout.offset('HEAP_SUBSEGMENT', member)
      put.word(at('UserBlocks'), userBlocks)
      put.u16(at('BlockSize'), plan.strideUnits)
      put.u16(at('BlockCount'), plan.slots.length)
      put.u16(at('AggregateExchg'), plan.slots.filter(({ busy }) => !busy).length)
    }
  }

  #offsets(put: ImageWriter, userBlocks: Address, first: Bytes, stride: Bytes): void {
    const { layout } = this.#layout
    const plain = layout.optionalOffset('HEAP_USERDATA_HEADER', 'FirstAllocationOffset')
    const encoded = layout.optionalOffset('HEAP_USERDATA_HEADER', 'EncodedOffsets')
    if (plain !== undefined) {
      put.u16(userBlocks + plain, first)
      put.u16(userBlocks + layout.offset('HEAP_USERDATA_HEADER', 'BlockStride'), stride)
    }
    if (encoded !== undefined) put.u32(userBlocks + encoded, ((first | (stride << 16)) ^ userBlocks ^ this.address! ^ this.#key) >>> 0)
  }

  #bitmap(put: ImageWriter, userBlocks: Address, { slots }: LfhPlan): void {
    const { layout, word } = this.#layout
    const at = layout.optionalOffset('HEAP_USERDATA_HEADER', 'BusyBitmap')
    if (at === undefined) return
    const data = userBlocks + layout.offset('HEAP_USERDATA_HEADER', 'BitmapData')
    put.u32(userBlocks + at, slots.length)
    put.word(userBlocks + at + word, data)
    for (let i = 0; i < slots.length; i += 8) {
      put.u8(data + i / 8, slots.slice(i, i + 8).reduce((byte, { busy }, bit) => byte | (busy ? 1 << bit : 0), 0))
    }
  }
}
