import type { Address, Bytes } from '../../base/units'
import { hex } from '../finding-list'
import type { MemoryView } from '../memory-view'
import type { WalkedBlocks } from '../walked-blocks'
import type { NtHeap } from './nt-heap'
import type { NtLayout } from './nt-layout'
import { slotCode } from './slot-code'

/** A container of the low-fragmentation front end ("UserBlocks"): one back-end block cut into slots of one size. */
export interface LfhContainer {
  /** Row of the back-end block. */
  readonly row: number
  readonly userBlocks: Address
  readonly subSegment: Address
  /** No sub-segment points to it: it waits for reuse and holds no slots. */
  readonly isCached: boolean
  /** From `userBlocks` to the first slot; NaN when not known. */
  firstOffset: Bytes
  stride: Bytes
  readonly count: number
  /** Free slots as the sub-segment counts them. */
  readonly depth: number
  /** Busy bits; undefined before Windows 8, where the slot's header tells. */
  readonly bitmap: Uint8Array | undefined
  /** Offset and stride, XORed with addresses and a key of the process; undefined where they are plain. */
  readonly encodedOffsets: number | undefined
  /** Where the first slot would be by the container's own header. */
  readonly firstCandidates: readonly Bytes[]
  isCertain: boolean
  /** What the process XORs to the headers of its slots; undefined where too few of them agree. */
  slotKey: number | undefined
}

const MAX_SLOTS = 0x10000

/** Reads the containers a walk of the back end found. */
export function readContainers(view: MemoryView, heap: NtHeap, blocks: WalkedBlocks, rows: readonly number[]): LfhContainer[] {
  return rows.map((row) => readContainer(view, heap, row, blocks.address.at(row), blocks.size.at(row)))
}

function readContainer(view: MemoryView, heap: NtHeap, row: number, entry: Address, size: Bytes): LfhContainer {
  const { layout: nt, findings } = heap
  const { layout, bits, unit } = nt
  const userBlocks = entry + unit
  const header = (member: string): number => layout.offset('HEAP_USERDATA_HEADER', member)
  const sub = (member: string): number => layout.offset('HEAP_SUBSEGMENT', member)
  const subSegment = view.pointer(userBlocks + header('SubSegment'), bits)
  const cached: LfhContainer = { row, userBlocks, subSegment, isCached: true, firstOffset: NaN, stride: 0, count: 0, depth: 0, bitmap: undefined, encodedOffsets: undefined, firstCandidates: [], isCertain: true, slotKey: undefined }
  if (!(subSegment > 0) || view.pointer(subSegment + sub('UserBlocks'), bits) !== userBlocks) return cached
  const stride = view.u16(subSegment + sub('BlockSize')) * unit
  const count = view.u16(subSegment + sub('BlockCount'))
  const depth = view.u16(subSegment + sub('AggregateExchg'))
  if (!(stride > 0 && count > 0) || count > MAX_SLOTS || count * stride > size) {
    findings.add('lfh-damaged', 'damage', `The container at ${hex(userBlocks)} claims ${count} slots of ${stride} bytes in a block of ${size}.`, { address: userBlocks })
    return { ...cached, isCertain: false }
  }
  const live = { ...cached, isCached: false, stride, count, depth }
  const plainFirst = layout.optionalOffset('HEAP_USERDATA_HEADER', 'FirstAllocationOffset')
  const encoded = layout.optionalOffset('HEAP_USERDATA_HEADER', 'EncodedOffsets')
  if (plainFirst === undefined && encoded === undefined) return { ...live, firstOffset: layout.size('HEAP_USERDATA_HEADER') }
  const bitmap = readBitmap(view, nt, userBlocks, count)
  if (plainFirst !== undefined) {
    const firstOffset = view.u16(userBlocks + plainFirst)
    return { ...live, bitmap, firstOffset, stride: view.u16(userBlocks + header('BlockStride')) || stride, isCertain: firstOffset + count * stride <= size }
  }
  return { ...live, bitmap, encodedOffsets: view.u32(userBlocks + encoded!), firstCandidates: firstCandidates(view, nt, userBlocks, count) }
}

function readBitmap(view: MemoryView, { layout, bits }: NtLayout, userBlocks: Address, count: number): Uint8Array | undefined {
  const at = userBlocks + layout.offset('HEAP_USERDATA_HEADER', 'BusyBitmap')
  const inline = userBlocks + layout.offset('HEAP_USERDATA_HEADER', 'BitmapData')
  const buffer = view.pointer(at + bits / 8, bits)
  // The pointer normally leads to the bits right behind; if it is damaged they are still there.
  return view.bytes(buffer >= inline && buffer < inline + 64 ? buffer : inline, Math.ceil(count / 8))
}

/** By the rule of walk.md 4: the header with 64 bits of bitmap, whole words of bitmap above that, and the padding. */
function firstCandidates(view: MemoryView, { layout, unit, bits }: NtLayout, userBlocks: Address, count: number): Bytes[] {
  const bitmapAt = layout.offset('HEAP_USERDATA_HEADER', 'BitmapData')
  const bitmapBytes = ((count + 31) >>> 3) & ~3
  const padding = view.u16(userBlocks + layout.offset('HEAP_USERDATA_HEADER', 'PaddingBytes')) || 0
  const aligned = (bytes: number): number => Math.ceil(bytes / unit) * unit
  const plain = aligned(bitmapAt + Math.max(bitmapBytes, bits / 8))
  const roomy = aligned((bits === 64 ? 0x40 : 0x20) + Math.max(0, bitmapBytes - 8))
  return [...new Set([plain + padding, roomy + padding, plain, roomy])]
}

export interface HeapContainers {
  readonly heap: NtHeap
  readonly containers: readonly LfhContainer[]
}

/** Finds first slots where they are encoded, then the key of the slots' headers. Containers of all heaps of a process together. */
export function decodeContainers(view: MemoryView, heaps: readonly HeapContainers[]): void {
  const live = heaps.flatMap(({ heap, containers }) => containers.filter(({ isCached, count }) => !isCached && count > 0).map((container) => ({ heap, container })))
  decodeFirstSlots(view, live.filter(({ container }) => container.encodedOffsets !== undefined))
  const votes = live.flatMap(({ heap, container }) => (Number.isNaN(container.firstOffset) ? [] : someSlots(container).map((i) => [slotKeyAt(view, heap, container, container.firstOffset, i)])))
  const { value, votes: agreeing } = winner(votes)
  if (agreeing >= LEAST_AGREEING && agreeing * 2 > votes.length) for (const { container } of live) container.slotKey = value
}

/** Slots that must have one key before it is believed: a wrong reading gives each slot another. */
const LEAST_AGREEING = 4
/** Slots of a container that are asked for the key. */
const ASKED_SLOTS = 16

const someSlots = ({ count }: LfhContainer): number[] => Array.from({ length: Math.min(count, ASKED_SLOTS) }, (_, i) => i)

function slotKeyAt(view: MemoryView, { layout, address }: NtHeap, { userBlocks, subSegment, stride }: LfhContainer, first: Bytes, slot: number): number {
  const entry = userBlocks + first + slot * stride
  return (view.u32(entry + layout.header) ^ slotCode(layout, { heap: address, userBlocks, subSegment, entry })) >>> 0
}

interface Encoded {
  readonly heap: NtHeap
  readonly container: LfhContainer
}

/** Encoded offsets but for the key. */
const mixedOffsets = ({ heap, container }: Encoded): number => (container.encodedOffsets! ^ container.userBlocks % 0x100000000 ^ heap.frontEnd % 0x100000000) >>> 0

/**
 * First slots of Windows 8.1 and later. The key is a variable of ntdll. The slots' own headers hold it too: where they and the
 * encoded offsets give the same one, the first slot is sure. Else, as the same key must come out of every container of the
 * process, each votes with what its own header suggests.
 */
function decodeFirstSlots(view: MemoryView, encoded: readonly Encoded[]): void {
  if (encoded.length === 0) return
  const high = winner(encoded.map((one) => [(mixedOffsets(one) >>> 16) ^ one.container.stride]))
  const low = winner(encoded.map((one) => one.container.firstCandidates.map((first) => (mixedOffsets(one) & 0xffff) ^ first)))
  for (const one of encoded) {
    const { container } = one
    const told = firstBySlots(view, one)
    if (told !== undefined) {
      container.firstOffset = told
      container.isCertain = true
      continue
    }
    const first = (mixedOffsets(one) & 0xffff) ^ low.value
    const agrees = ((mixedOffsets(one) >>> 16) ^ high.value) === container.stride && first % 8 === 0 && first >= 0x20 && first <= 0x1000
    container.firstOffset = agrees ? first : (container.firstCandidates[0] ?? NaN)
    // One container alone confirms nothing: any first slot gives a key.
    container.isCertain = agrees && high.votes === encoded.length && low.votes === encoded.length && encoded.length > 1
    if (!agrees) one.heap.findings.add('lfh-offset-uncertain', 'warning', `The first slot of the container at ${hex(container.userBlocks)} is a guess: its encoded offset does not agree with the others.`, { address: container.userBlocks })
  }
}

/** The first slot under which the headers of most slots asked hold the key that the encoded offsets hold. */
function firstBySlots(view: MemoryView, one: Encoded): Bytes | undefined {
  const { heap, container } = one
  const asked = someSlots(container)
  return container.firstCandidates.find((first) => {
    const key = (mixedOffsets(one) ^ (first | (container.stride << 16))) >>> 0
    return asked.filter((slot) => slotKeyAt(view, heap, container, first, slot) === key).length * 2 > asked.length
  })
}

/** The value most voters have among their choices; of equals, the one first met. */
function winner(choices: readonly (readonly number[])[]): { value: number; votes: number } {
  const votes = new Map<number, number>()
  for (const choice of choices) for (const value of new Set(choice)) votes.set(value, (votes.get(value) ?? 0) + 1)
  let best = { value: 0, votes: 0 }
  for (const [value, count] of votes) if (count > best.votes) best = { value, votes: count }
  return best
}
