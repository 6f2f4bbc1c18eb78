import { UNKNOWN_SIZE, type Address, type Bytes } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import { FindingList } from '../finding-list'
import { layoutOf } from '../layouts/choose-layout'
import { BUILD_KEYS, type BuildKey } from '../layouts/structure-table'
import type { MemoryView } from '../memory-view'
import { decodeEntry } from '../nt/entry'
import { readKey, SEGMENT_SIGNATURE } from '../nt/nt-heap'
import { ntLayoutOf, type NtLayout } from '../nt/nt-layout'
import { hasDistances, slotCode } from '../nt/slot-code'
import { USER_BLOCKS_SIGNATURE, userBlocksSignatureOffset } from '../nt/user-blocks'
import type { BlockPlace, EntryBytes, OverlaidHeap } from './block-place'
import { byteText, FieldList, hexNumber } from './field-list'

const ENTRY = 'block header'
/** Flags of a back-end entry (nt-heap.md: HEAP_ENTRY_*). */
const ENTRY_FLAGS: readonly (readonly [number, string])[] = [[1, 'busy'], [2, 'extra'], [4, 'fill'], [8, 'internal'], [16, 'last entry']]
/** Byte 7 of a slot's header: above it the slot is in use (walk.md 4). */
const FREE_SLOT = 0x80
/** Containers are at most this large (nt-heap.md 5.3). */
const LARGEST_CONTAINER = 0xf0000

/** Names the bytes of NT heaps: structures by the layout of the heap, entries decoded with its key. */
export class NtOverlay {
  readonly #view: MemoryView
  readonly #heap: Address
  readonly #layout: NtLayout
  readonly #key: Uint8Array
  /** Containers met so far, up to the end of as many slots as they have. */
  readonly #containers: { readonly userBlocks: Address; readonly subSegment: Address; readonly end: Address }[] = []

  constructor(view: MemoryView, report: OverlaidHeap) {
    this.#view = view
    this.#heap = report.address
    this.#layout = ntLayoutOf(layoutOf(report.bits, keyOf(report.layout)))
    this.#key = readKey(view, report.address, this.#layout, new FindingList()).key
  }

  fields(block: BlockPlace): FieldList {
    const list = new FieldList(this.#view)
    switch (block.kind) {
      case BlockKind.LfhSlot:
        this.#addSlot(list, block)
        break
      case BlockKind.VirtualAlloc:
        this.#addVirtualAlloc(list, block)
        break
      case BlockKind.HeapStructure:
        this.#addHeapStructure(list, block)
        break
      case BlockKind.LfhContainer:
        this.#addContainer(list, block)
        break
      case BlockKind.UncommittedMarker:
        this.#addMarker(list, block)
        break
      case BlockKind.BackEnd:
      case BlockKind.LookAside:
        this.#addEntry(list, block.address)
        this.#addData(list, block)
        break
      case BlockKind.Damaged:
        this.#addEntry(list, block.address)
    }
    return list
  }

  /** The header bytes of the block; undefined for a block that has none of its own. */
  entry(block: BlockPlace): EntryBytes | undefined {
    const { kind } = block
    if (kind === BlockKind.Opaque || kind === BlockKind.Uncommitted) return undefined
    if ((kind === BlockKind.HeapStructure || kind === BlockKind.LfhContainer) && !this.#hasEntry(block.address)) return undefined
    const at = kind === BlockKind.VirtualAlloc ? block.address + this.#layout.virtualAlloc.BusyBlock : block.address
    const address = at + this.#layout.header
    const raw = this.#view.bytes(address, 8)
    if (raw === undefined) return undefined
    const stored = raw.slice()
    // Slots of the front end code their first bytes in another way, and the last one not at all.
    const key = kind === BlockKind.LfhSlot ? NO_KEY : this.#key
    return { address, raw: stored, decoded: stored.map((byte, i) => byte ^ key[i]!) }
  }

  #hasEntry(at: Address): boolean {
    const raw = this.#view.bytes(at + this.#layout.header, 8)
    return raw !== undefined && decodeEntry(raw, this.#key).hasChecksum
  }

  #addEntry(list: FieldList, at: Address): void {
    const { header, unit } = this.#layout
    const raw = this.#view.bytes(at + header, 8)
    if (raw === undefined) return
    const entry = decodeEntry(raw, this.#key)
    const decoded = raw.map((byte, i) => byte ^ this.#key[i]!)
    const text = (from: number, to: number, words: string): string => `${words}; decoded ${byteText(decoded.subarray(from, to))}`
    const h = at + header
    list.add(ENTRY, 'last bytes of the block before', at, header)
    list.add(ENTRY, 'size', h, 2, text(0, 2, `${entry.units} units, ${entry.units * unit} bytes`))
    list.add(ENTRY, 'flags', h + 2, 1, text(2, 3, flagText(entry.flags)))
    list.add(ENTRY, 'checksum', h + 3, 1, text(3, 4, entry.hasChecksum ? 'right' : 'wrong'))
    list.add(ENTRY, 'size of the block before', h + 4, 2, text(4, 6, `${entry.previousUnits} units, ${entry.previousUnits * unit} bytes`))
    list.add(ENTRY, 'segment', h + 6, 1, text(6, 7, String(entry.segmentOffset)))
    list.add(ENTRY, 'unused bytes', h + 7, 1, text(7, 8, String(entry.unusedBytes)))
  }

  #addData(list: FieldList, block: BlockPlace): void {
    const { unit, bits, word } = this.#layout
    const data = block.address + unit
    if (block.state === BlockState.Free) {
      list.addPointer('free block', 'next in the free list', data, bits)
      list.addPointer('free block', 'previous in the free list', data + word, bits)
      list.add('free block', 'free bytes', data + 2 * word, block.size - unit - 2 * word)
      return
    }
    addPayload(list, data, block, block.size - unit)
  }

  #addSlot(list: FieldList, block: BlockPlace): void {
    const { unit, header } = this.#layout
    const at = block.address + header
    const status = this.#view.u8(at + 7)
    const { layout } = this.#layout
    list.add('slot header', 'last bytes of the slot before', block.address, header)
    list.add('slot header', hasDistances(layout) ? 'way to the container, encoded' : 'sub-segment, encoded', at, 4, this.#wayText(block))
    if (hasDistances(layout)) list.add('slot header', 'number of the slot', at + 4, 2, String(this.#view.u16(at + 4)))
    else list.add('slot header', 'not used', at + 4, 2)
    list.add('slot header', 'flags', at + 6, 1)
    list.add('slot header', 'unused bytes', at + 7, 1, status > FREE_SLOT ? `in use, ${status & 0x7f} unused` : 'free')
    if (block.state === BlockState.Busy) addPayload(list, block.address + unit, block, block.size - unit)
    else list.add('free slot', 'free bytes', block.address + unit, block.size - unit)
  }

  /** Where a slot's header leads: the process's key is what is left of it, and the same for the slots beside it. */
  #wayText({ address, size }: BlockPlace): string {
    const container = this.#containerOf(address)
    if (container === undefined) return ''
    const keyAt = (entry: Address): number => (this.#view.u32(entry + this.#layout.header) ^ slotCode(this.#layout, { heap: this.#heap, ...container, entry })) >>> 0
    const key = keyAt(address)
    const agrees = keyAt(address + size) === key || keyAt(address - size) === key
    return `container ${hexNumber(container.userBlocks)}, sub-segment ${hexNumber(container.subSegment)}; ${agrees ? `key ${hexNumber(key)}, as the slot beside it` : 'no slot beside it has this key'}`
  }

  /** The container a slot stands in, looked for backwards: the heap keeps no list of them. */
  #containerOf(slot: Address): { readonly userBlocks: Address; readonly subSegment: Address } | undefined {
    const { layout, unit, bits } = this.#layout
    const known = this.#containers.find(({ userBlocks, end }) => slot > userBlocks && slot < end)
    if (known !== undefined) return known
    const signatureAt = userBlocksSignatureOffset(this.#layout)
    for (let userBlocks = slot - unit; userBlocks > slot - LARGEST_CONTAINER; userBlocks -= unit) {
      if (this.#view.u32(userBlocks + signatureAt) !== USER_BLOCKS_SIGNATURE) continue
      const subSegment = this.#view.pointer(userBlocks + layout.offset('HEAP_USERDATA_HEADER', 'SubSegment'), bits)
      if (this.#view.pointer(subSegment + layout.offset('HEAP_SUBSEGMENT', 'UserBlocks'), bits) !== userBlocks) continue
      const slots = this.#view.u16(subSegment + layout.offset('HEAP_SUBSEGMENT', 'BlockCount'))
      const stride = this.#view.u16(subSegment + layout.offset('HEAP_SUBSEGMENT', 'BlockSize')) * unit
      const found = { userBlocks, subSegment, end: userBlocks + slots * stride }
      this.#containers.push(found)
      return found
    }
    return undefined
  }

  #addContainer(list: FieldList, block: BlockPlace): void {
    const { unit, layout } = this.#layout
    const userBlocks = block.address + unit
    if (this.#view.u32(userBlocks + userBlocksSignatureOffset(this.#layout)) !== USER_BLOCKS_SIGNATURE) return
    this.#addEntry(list, block.address)
    list.addStructure(layout, 'HEAP_USERDATA_HEADER', userBlocks)
  }

  #addMarker(list: FieldList, block: BlockPlace): void {
    const { ucr, unit, word, bits, layout } = this.#layout
    this.#addEntry(list, block.address)
    for (let at = block.address + unit; at + word <= block.address + block.size; at += word) {
      if (this.#view.pointer(at + ucr.Address, bits) !== block.address + block.size) continue
      return list.addStructure(layout, 'HEAP_UCR_DESCRIPTOR', at)
    }
  }

  #addVirtualAlloc(list: FieldList, block: BlockPlace): void {
    const { layout, virtualAlloc, virtualAllocSize } = this.#layout
    list.addStructure(layout, 'HEAP_VIRTUAL_ALLOC_ENTRY', block.address, { BusyBlock: (at) => this.#addEntry(list, at) })
    if (virtualAlloc.BusyBlock < virtualAllocSize) addPayload(list, block.address + virtualAllocSize, block, block.size - virtualAllocSize)
  }

  #addHeapStructure(list: FieldList, block: BlockPlace): void {
    const { layout, segment, unit } = this.#layout
    const entry = { Entry: (at: Address) => this.#addEntry(list, at) }
    if (block.address === this.#heap) {
      const nested = (structure: string) => (at: Address) => list.addStructure(layout, structure, at)
      return list.addStructure(layout, 'HEAP', block.address, { ...entry, Counters: nested('HEAP_COUNTERS'), TuningParameters: nested('HEAP_TUNING_PARAMETERS') })
    }
    if (this.#view.u32(block.address + segment.SegmentSignature) === SEGMENT_SIGNATURE) return list.addStructure(layout, 'HEAP_SEGMENT', block.address, entry)
    this.#addEntry(list, block.address)
    list.add('block of the heap itself', 'its data', block.address + unit, block.size - unit)
  }
}

const NO_KEY = new Uint8Array(8)

/** What the program asked for, and what is left of the block behind it. */
export function addPayload(list: FieldList, data: Address, block: BlockPlace, room: Bytes): void {
  if (block.requested === UNKNOWN_SIZE) return list.add('block', 'data', data, room, 'how much was requested is not known')
  list.add('block', 'data', data, block.requested, `${block.requested} bytes requested`)
  list.add('block', 'not requested', data + block.requested, room - block.requested)
}

function flagText(flags: number): string {
  const names = ENTRY_FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
  return names.length === 0 ? 'free' : names.join(', ')
}

/** The layout a report names; reports come from walks of this program. */
const keyOf = (layout: string): BuildKey => BUILD_KEYS.find((key) => key === layout) ?? 'win7'
