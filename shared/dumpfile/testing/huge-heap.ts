import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { quietJob } from '../../base/job-context'
import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { layoutOf } from '../../heapwalk/layouts/choose-layout'
import { ImageWriter } from '../../heapwalk/materialise/image-writer'
import { ntLayoutOf } from '../../heapwalk/nt/nt-layout'
import type { ProcessMemory } from '../../model/process-memory'
import { RegionState, RegionTable } from '../../model/region-table'
import { type ByteSink, writeMinidump } from '../write-minidump'

const BUILD = 'win10_2004'
const layout = ntLayoutOf(layoutOf(64, BUILD))
const BASE = 0x20000000000
const SEGMENT_BYTES = 0x1000000
const HEADER_BYTES = 0x740
const UNIT = 16
const SMALL_UNITS = 3
/** 508 KB: busy, and nothing but a header of it is ever read. */
const LARGE_UNITS = 0x7f00
/** Every n-th small block is free. */
const FREE_EVERY = 20
const KEY = [0x5b, 0x1d, 0x9a, 0x02, 0x77, 0xc4, 0, 0]

export interface HugeHeap {
  readonly memory: ProcessMemory
  readonly blocks: number
  readonly freeBlocks: number
  readonly bytes: Bytes
}

/**
 * An NT heap of `bytes` (a multiple of 16 MB) with `smallBlocks` blocks of 48 bytes at the front of its segments and blocks
 * of 508 KB in the rest, which is zeros but for their headers. Its bytes are made when they are read.
 */
export function hugeHeap(bytes: Bytes, smallBlocks: number): HugeHeap {
  const segments = bytes / SEGMENT_BYTES
  const small = Math.ceil(smallBlocks / segments)
  const template = makeTemplate(small)
  const memory = new HugeHeapMemory(segments, template)
  return { memory, blocks: segments * (small + template.large.length), freeBlocks: segments * template.free.length, bytes }
}

/** What every segment has at the same offsets: entries hold no addresses. */
interface Template {
  /** Header and small blocks. */
  readonly dense: Uint8Array
  /** Offsets of free blocks. */
  readonly free: readonly number[]
  readonly large: readonly { readonly offset: number; readonly entry: Uint8Array }[]
}

function makeTemplate(small: number): Template {
  const dense = new Uint8Array(Math.ceil((HEADER_BYTES + small * SMALL_UNITS * UNIT) / PAGE_BYTES) * PAGE_BYTES)
  dense.set(entry(HEADER_BYTES / UNIT, 1, 0, 1), 0)
  const free: number[] = []
  let at = HEADER_BYTES
  let previous = HEADER_BYTES / UNIT
  for (let i = 0; i < small; i++) {
    const isFree = i % FREE_EVERY === FREE_EVERY - 1
    if (isFree) free.push(at)
    dense.set(entry(SMALL_UNITS, isFree ? 0 : 1, previous, isFree ? 0 : 9), at)
    previous = SMALL_UNITS
    at += SMALL_UNITS * UNIT
  }
  const large: { offset: number; entry: Uint8Array }[] = []
  for (let left = (SEGMENT_BYTES - at) / UNIT; left > 0; ) {
    const units = left < 2 * LARGE_UNITS && left > LARGE_UNITS ? Math.ceil(left / 2) : Math.min(left, LARGE_UNITS)
    large.push({ offset: at, entry: entry(units, 1, previous, 8) })
    previous = units
    at += units * UNIT
    left -= units
  }
  return { dense, free, large }
}

function entry(units: number, flags: number, previous: number, unused: number): Uint8Array {
  const [low, high] = [units & 0xff, units >>> 8]
  const plain = [low, high, flags, low ^ high ^ flags, previous & 0xff, previous >>> 8, 0, unused]
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, ...plain.map((byte, i) => byte ^ KEY[i]!)])
}

class HugeHeapMemory implements ProcessMemory {
  readonly #segments: number
  readonly #template: Template
  #last: Uint8Array = new Uint8Array(0)
  #lastSegment = -1

  constructor(segments: number, template: Template) {
    this.#segments = segments
    this.#template = template
  }

  regions(): RegionTable {
    const table = new RegionTable()
    table.base.push(BASE)
    table.size.push(this.#segments * SEGMENT_BYTES)
    table.state.push(RegionState.Committed)
    table.owner.push(-1)
    return table
  }

  owners(): readonly string[] {
    return []
  }

  /** Ends at the end of a segment at the latest. */
  read(address: Address, length: Bytes): Uint8Array {
    const segment = Math.floor((address - BASE) / SEGMENT_BYTES)
    if (segment < 0 || segment >= this.#segments) return new Uint8Array(0)
    const from = address - BASE - segment * SEGMENT_BYTES
    const bytes = new Uint8Array(Math.min(length, SEGMENT_BYTES - from))
    const { dense, large } = this.#template
    if (from < dense.length) bytes.set(this.#dense(segment).subarray(from, from + bytes.length))
    for (const { offset, entry: header } of large) {
      for (let i = Math.max(0, from - offset); i < header.length && offset + i < from + bytes.length; i++) bytes[offset + i - from] = header[i]!
    }
    return bytes
  }

  #dense(segment: number): Uint8Array {
    if (this.#lastSegment !== segment) this.#last = this.#makeDense(segment)
    this.#lastSegment = segment
    return this.#last
  }

  #makeDense(segment: number): Uint8Array {
    const bytes = this.#template.dense.slice()
    const base = BASE + segment * SEGMENT_BYTES
    const put = new ImageWriter(bytes, base, 64)
    this.#segmentHeader(put, base, segment)
    if (segment === 0) this.#heapHeader(put)
    const { free } = this.#template
    const all = this.#segments * free.length
    for (let i = 0; i < free.length; i++) {
      const node = base + free[i]! + UNIT
      put.word(node, this.#freeNode((segment * free.length + i + 1) % (all + 1)))
      put.word(node + 8, this.#freeNode(segment * free.length + i - 1))
    }
    return bytes
  }

  /** The n-th free block's links; the list's head before the first and after the last. */
  #freeNode(index: number): Address {
    const { free } = this.#template
    if (index < 0 || index >= this.#segments * free.length) return BASE + layout.heap.FreeLists
    return BASE + Math.floor(index / free.length) * SEGMENT_BYTES + free[index % free.length]! + UNIT
  }

  #segmentHeader(put: ImageWriter, base: Address, index: number): void {
    const { segment } = layout
    const link = (i: number): Address => (i < 0 || i >= this.#segments ? BASE + layout.heap.SegmentList : BASE + i * SEGMENT_BYTES + segment.SegmentListEntry)
    put.u32(base + segment.SegmentSignature, 0xffeeffee)
    put.word(base + segment.Heap, BASE)
    put.word(base + segment.BaseAddress, base)
    put.u32(base + segment.NumberOfPages, SEGMENT_BYTES / PAGE_BYTES)
    put.word(base + segment.FirstEntry, base + HEADER_BYTES)
    put.word(base + segment.LastValidEntry, base + SEGMENT_BYTES)
    put.list(base + segment.UCRSegmentList, [])
    put.word(base + segment.SegmentListEntry, link(index + 1))
    put.word(base + segment.SegmentListEntry + 8, link(index - 1))
  }

  #heapHeader(put: ImageWriter): void {
    const { heap, segment, counters } = layout
    const { free } = this.#template
    const count = this.#segments * free.length
    put.u32(BASE + heap.Flags, 2)
    put.u32(BASE + heap.EncodeFlagMask, 0x00100000)
    KEY.forEach((byte, i) => put.u8(BASE + heap.Encoding + layout.header + i, byte))
    put.u32(BASE + heap.Signature, 0xeeffeeff)
    put.u16(BASE + heap.HeaderValidateLength, layout.heapSize)
    put.word(BASE + heap.SegmentList, BASE + segment.SegmentListEntry)
    put.word(BASE + heap.SegmentList + 8, BASE + (this.#segments - 1) * SEGMENT_BYTES + segment.SegmentListEntry)
    put.list(BASE + heap.VirtualAllocdBlocks, [])
    put.word(BASE + heap.FreeLists, this.#freeNode(0))
    put.word(BASE + heap.FreeLists + 8, this.#freeNode(count - 1))
    put.word(BASE + heap.TotalFreeSize, count * SMALL_UNITS)
    put.word(BASE + heap.Counters + counters.TotalMemoryReserved, this.#segments * SEGMENT_BYTES)
    put.word(BASE + heap.Counters + counters.TotalMemoryCommitted, this.#segments * SEGMENT_BYTES)
    put.u32(BASE + heap.Counters + counters.TotalSegments, this.#segments)
  }
}

/** Writes the heap as a dump whose pages of zeros take no room on disk. */
export async function writeHugeDump(file: string, heap: HugeHeap): Promise<void> {
  const fd = openSync(file, 'w')
  let position = 0
  const sink: ByteSink = {
    write: (bytes) => {
      // Words instead of bytes: all of the file passes here.
      const words = bytes.byteOffset % 8 === 0 && bytes.length % 8 === 0 ? new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8) : undefined
      for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
        const end = Math.min(bytes.length, at + PAGE_BYTES)
        if (words === undefined || words.subarray(at / 8, end / 8).some((word) => word !== 0)) writeSync(fd, bytes, at, end - at, position + at)
      }
      position += bytes.length
    },
  }
  try {
    await writeMinidump({ memory: heap.memory, bits: 64, build: 19045, tebs: [], comment: 'a huge heap' }, sink, quietJob)
    ftruncateSync(fd, position)
  } finally {
    closeSync(fd)
  }
}
