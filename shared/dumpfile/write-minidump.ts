import type { JobContext } from '../base/job-context'
import { PAGE_BYTES, type Address, type Bytes } from '../base/units'
import type { Bits } from '../heapwalk/layouts/structure-table'
import type { ProcessMemory } from '../model/process-memory'
import { RegionKind, RegionState } from '../model/region-table'

/** Takes the bytes of a file in order. */
export interface ByteSink {
  write(bytes: Uint8Array): void
}

/** A process to be written. */
export interface DumpSubject {
  readonly memory: ProcessMemory
  readonly bits: Bits
  /** Windows build the structures in memory are of. */
  readonly build: number
  /** Addresses of the thread blocks, one per thread. */
  readonly tebs: readonly Address[]
  /** Stands in the file for people. */
  readonly comment: string
}

const Stream = { ThreadList: 3, SystemInfo: 7, Memory64List: 9, CommentW: 11, MemoryInfoList: 16 } as const
const SIGNATURE = 0x504d444d
const VERSION = 0xa793
/** MiniDumpWithFullMemory | MiniDumpWithFullMemoryInfo. */
const FLAGS = 0x802
const HEADER_BYTES = 32
const DIRECTORY_ENTRY_BYTES = 12
const THREAD_BYTES = 48
const SYSTEM_BYTES = 56
const REGION_BYTES = 48
const FIRST_THREAD_ID = 1000
/** Read and written at a time. */
const CHUNK_BYTES = 1 << 20

/** Widths of a region's fields by state: MEM_COMMIT, MEM_RESERVE, MEM_FREE. */
const STATES: Readonly<Record<number, number>> = { [RegionState.Committed]: 0x1000, [RegionState.Reserved]: 0x2000, [RegionState.Free]: 0x10000 }
const MEM_PRIVATE = 0x20000
/** MEM_MAPPED and MEM_IMAGE; everything else is private. */
const TYPES: Readonly<Record<number, number>> = { [RegionKind.Mapped]: 0x40000, [RegionKind.Image]: 0x1000000 }
const PAGE_READWRITE = 4
const PAGE_NOACCESS = 1

/**
 * Writes a full-memory minidump: system information, threads, regions, and all memory that can be read. The memory goes
 * through in pieces, so that a process of any size is written in little memory. Throws `cancelled`, and what the sink throws.
 */
export async function writeMinidump(subject: DumpSubject, sink: ByteSink, job: JobContext): Promise<void> {
  const ranges = await readableRanges(subject.memory, job)
  const streams = [
    { type: Stream.SystemInfo, bytes: systemInfo(subject) },
    { type: Stream.ThreadList, bytes: threadList(subject) },
    { type: Stream.CommentW, bytes: utf16(subject.comment) },
    { type: Stream.MemoryInfoList, bytes: memoryInfo(subject.memory) },
    { type: Stream.Memory64List, bytes: new Uint8Array(16 + 16 * ranges.length) },
  ]
  let offset = HEADER_BYTES + DIRECTORY_ENTRY_BYTES * streams.length
  const head = new DataView(new ArrayBuffer(offset))
  ;[SIGNATURE, VERSION, streams.length, HEADER_BYTES, 0, 0, FLAGS, 0].forEach((value, i) => head.setUint32(4 * i, value, true))
  streams.forEach(({ type, bytes }, i) => {
    const at = HEADER_BYTES + DIRECTORY_ENTRY_BYTES * i
    head.setUint32(at, type, true)
    head.setUint32(at + 4, bytes.length, true)
    head.setUint32(at + 8, offset, true)
    offset += bytes.length
  })
  fillMemoryList(streams.at(-1)!.bytes, ranges, offset)
  sink.write(new Uint8Array(head.buffer))
  for (const { bytes } of streams) sink.write(bytes)
  await writeRanges(subject.memory, ranges, sink, job)
}

interface Range {
  readonly address: Address
  readonly bytes: Bytes
}

/** Committed memory as far as it can be read; runs that touch are one. */
async function readableRanges(memory: ProcessMemory, job: JobContext): Promise<Range[]> {
  const regions = memory.regions()
  const ranges: { address: Address; bytes: Bytes }[] = []
  const add = (address: Address, bytes: Bytes): void => {
    const last = ranges.at(-1)
    if (last !== undefined && last.address + last.bytes === address) last.bytes += bytes
    else ranges.push({ address, bytes })
  }
  for (let row = 0; row < regions.length; row++) {
    if (regions.state.at(row) !== RegionState.Committed) continue
    const end = regions.base.at(row) + regions.size.at(row)
    for (let at = regions.base.at(row); at < end; ) {
      const length = memory.read(at, Math.min(CHUNK_BYTES, end - at)).length
      if (length > 0) add(at, length)
      // What cannot be read begins and ends at pages.
      at += length > 0 ? length : PAGE_BYTES
      await job.checkpoint()
    }
  }
  return ranges
}

async function writeRanges(memory: ProcessMemory, ranges: readonly Range[], sink: ByteSink, job: JobContext): Promise<void> {
  const total = ranges.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const { address, bytes } of ranges) {
    for (let at = address; at < address + bytes; ) {
      const wanted = Math.min(CHUNK_BYTES, address + bytes - at)
      const read = memory.read(at, wanted)
      // Memory that can no longer be read must not move what follows.
      const piece = read.length > 0 ? read : new Uint8Array(Math.min(wanted, PAGE_BYTES))
      sink.write(piece)
      at += piece.length
      done += piece.length
      job.progress({ done, total, unit: 'bytes' })
      await job.checkpoint()
    }
  }
}

function fillMemoryList(bytes: Uint8Array, ranges: readonly Range[], dataOffset: number): void {
  const view = new DataView(bytes.buffer)
  setU64(view, 0, ranges.length)
  setU64(view, 8, dataOffset)
  ranges.forEach((range, i) => {
    setU64(view, 16 + 16 * i, range.address)
    setU64(view, 24 + 16 * i, range.bytes)
  })
}

const setU64 = (view: DataView, at: number, value: number): void => {
  view.setUint32(at, value % 0x100000000, true)
  view.setUint32(at + 4, Math.floor(value / 0x100000000), true)
}

function systemInfo({ bits, build, tebs }: DumpSubject): Uint8Array {
  const bytes = new Uint8Array(SYSTEM_BYTES)
  const view = new DataView(bytes.buffer)
  // Versions of builds: 6.1 is Windows 7, 6.2 and 6.3 are 8 and 8.1, all later ones call themselves 10.0.
  const [major, minor] = build >= 10_000 ? [10, 0] : build >= 9600 ? [6, 3] : build >= 9200 ? [6, 2] : [6, 1]
  view.setUint16(0, bits === 64 ? 9 : 0, true)
  view.setUint8(6, Math.max(1, Math.min(255, tebs.length)))
  view.setUint32(8, major!, true)
  view.setUint32(12, minor!, true)
  view.setUint32(16, build, true)
  view.setUint32(20, 2, true)
  return bytes
}

function threadList({ tebs }: DumpSubject): Uint8Array {
  const bytes = new Uint8Array(4 + THREAD_BYTES * tebs.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, tebs.length, true)
  tebs.forEach((teb, i) => {
    view.setUint32(4 + THREAD_BYTES * i, FIRST_THREAD_ID + i, true)
    setU64(view, 4 + THREAD_BYTES * i + 16, teb)
  })
  return bytes
}

function memoryInfo(memory: ProcessMemory): Uint8Array {
  const regions = memory.regions()
  const bytes = new Uint8Array(16 + REGION_BYTES * regions.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 16, true)
  view.setUint32(4, REGION_BYTES, true)
  setU64(view, 8, regions.length)
  for (let row = 0; row < regions.length; row++) {
    const at = 16 + REGION_BYTES * row
    const state = regions.state.at(row)
    setU64(view, at, regions.base.at(row))
    setU64(view, at + 8, regions.base.at(row))
    view.setUint32(at + 16, PAGE_READWRITE, true)
    setU64(view, at + 24, regions.size.at(row))
    view.setUint32(at + 32, STATES[state]!, true)
    view.setUint32(at + 36, state === RegionState.Committed ? (regions.protect?.at(row) ?? PAGE_READWRITE) : state === RegionState.Free ? PAGE_NOACCESS : 0, true)
    view.setUint32(at + 40, state === RegionState.Free ? 0 : (TYPES[regions.kind?.at(row) ?? RegionKind.Unknown] ?? MEM_PRIVATE), true)
  }
  return bytes
}

/** Ends with a zero character. */
function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * (text.length + 1))
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true)
  return bytes
}
