import type { ByteSource } from '../../base/byte-source'
import type { MemoryRange } from '../../model/range-memory'
import { StreamType, type Directory, type Stream } from './directory'
import { type Records, recordsAt, Texts } from './dump-bytes'
import type { DumpNotes } from './dump-notes'

export interface DumpThread {
  readonly id: number
  /** Address of the thread block, NaN when absurd. */
  readonly teb: number
  readonly stackBase: number
  readonly stackBytes: number
  name: string
}

export interface DumpModule {
  readonly base: number
  readonly bytes: number
  readonly path: string
}

export interface DumpHandle {
  readonly value: number
  readonly type: string
  readonly name: string
}

/** More than any process has; a list that claims more is cut. */
const MAX_ENTRIES = 1 << 20

interface ListShape {
  readonly name: string
  readonly headerBytes: number
  readonly entryBytes: number
  readonly count: number
}

/** The entries of a list as far as the file holds them; a note tells what is missing. */
function entriesOf(source: ByteSource, stream: Stream, { name, headerBytes, entryBytes, count }: ListShape, notes: DumpNotes): { records: Records; count: number } {
  const wanted = Math.min(count, MAX_ENTRIES)
  const records = recordsAt(source, stream.offset + headerBytes, wanted * entryBytes)
  const whole = Math.floor(records.length / entryBytes)
  if (whole < count) notes.partial(`${name}-truncated`, `The ${name.replace(/-/g, ' ')} claims ${count} entries; ${whole} are there.`, stream.offset)
  else if (headerBytes + whole * entryBytes > stream.size) notes.add(`${name}-size`, `The ${name.replace(/-/g, ' ')} is longer than its stream.`, stream.offset)
  return { records, count: whole }
}

/** Lists with a 4-byte count may have 4 bytes of padding behind it, which the stream's size gives away. */
function countedList(source: ByteSource, stream: Stream, name: string, entryBytes: number, notes: DumpNotes): { records: Records; count: number } {
  const head = recordsAt(source, stream.offset, 4)
  const count = head.length === 4 ? head.u32(0) : 0
  const headerBytes = stream.size === 8 + count * entryBytes ? 8 : 4
  return entriesOf(source, stream, { name, headerBytes, entryBytes, count }, notes)
}

/** Lists that tell the size of their header and of an entry. */
function describedList(source: ByteSource, stream: Stream, name: string, leastEntryBytes: number, countBytes: 4 | 8, notes: DumpNotes): { records: Records; count: number; entryBytes: number } {
  const head = recordsAt(source, stream.offset, 16)
  if (head.length < 8 + countBytes) return { records: head, count: 0, entryBytes: leastEntryBytes }
  const headerBytes = head.u32(0)
  const entryBytes = head.u32(4)
  const count = countBytes === 8 ? head.u64(8) : head.u32(8)
  if (entryBytes < leastEntryBytes || entryBytes > 4096 || headerBytes > 4096 || headerBytes < 8 + countBytes || Number.isNaN(count)) {
    notes.partial(`${name}-malformed`, `The ${name.replace(/-/g, ' ')} has entries of ${entryBytes} bytes after a header of ${headerBytes}; it is not read.`, stream.offset)
    return { records: head, count: 0, entryBytes: leastEntryBytes }
  }
  return { ...entriesOf(source, stream, { name, headerBytes, entryBytes, count }, notes), entryBytes }
}

export function readThreads(source: ByteSource, directory: Directory, notes: DumpNotes): DumpThread[] {
  const plain = directory.streams.get(StreamType.ThreadList)
  const extended = directory.streams.get(StreamType.ThreadExList)
  const stream = plain ?? extended
  if (stream === undefined) return []
  const entryBytes = plain === undefined ? 64 : 48
  const { records, count } = countedList(source, stream, 'thread-list', entryBytes, notes)
  const names = readThreadNames(source, directory, notes)
  return Array.from({ length: count }, (_, i) => {
    const at = i * entryBytes
    const id = records.u32(at)
    return { id, teb: records.u64(at + 16), stackBase: records.u64(at + 24), stackBytes: records.u32(at + 32), name: names.get(id) ?? '' }
  })
}

function readThreadNames(source: ByteSource, directory: Directory, notes: DumpNotes): Map<number, string> {
  const stream = directory.streams.get(StreamType.ThreadNames)
  const names = new Map<number, string>()
  if (stream === undefined) return names
  const { records, count } = countedList(source, stream, 'thread-names', 12, notes)
  const texts = new Texts(source)
  for (let i = 0; i < count; i++) names.set(records.u32(i * 12), texts.at(records.u64(i * 12 + 4)))
  return names
}

export function readModules(source: ByteSource, directory: Directory, notes: DumpNotes): DumpModule[] {
  const stream = directory.streams.get(StreamType.ModuleList)
  if (stream === undefined) return []
  const { records, count } = countedList(source, stream, 'module-list', 108, notes)
  const texts = new Texts(source)
  const modules = Array.from({ length: count }, (_, i) => ({ base: records.u64(i * 108), bytes: records.u32(i * 108 + 8), path: texts.at(records.u32(i * 108 + 20)) }))
  return modules.filter(({ base, bytes }) => base >= 0 && bytes > 0)
}

export function readUnloadedModules(source: ByteSource, directory: Directory, notes: DumpNotes): DumpModule[] {
  const stream = directory.streams.get(StreamType.UnloadedModuleList)
  if (stream === undefined) return []
  const { records, count, entryBytes } = describedList(source, stream, 'unloaded-modules', 24, 4, notes)
  const texts = new Texts(source)
  return Array.from({ length: count }, (_, i) => ({ base: records.u64(i * entryBytes), bytes: records.u32(i * entryBytes + 8), path: texts.at(records.u32(i * entryBytes + 20)) }))
}

export function readHandles(source: ByteSource, directory: Directory, notes: DumpNotes): DumpHandle[] {
  const stream = directory.streams.get(StreamType.HandleData)
  if (stream === undefined) return []
  const { records, count, entryBytes } = describedList(source, stream, 'handle-list', 32, 4, notes)
  const texts = new Texts(source)
  return Array.from({ length: count }, (_, i) => {
    const at = i * entryBytes
    return { value: records.u64(at), type: texts.at(records.u32(at + 8)), name: texts.at(records.u32(at + 12)) }
  })
}

/** Ranges of both memory lists, as they are told; `placeRanges` sorts out what is absurd. */
export function readMemoryRanges(source: ByteSource, directory: Directory, notes: DumpNotes): MemoryRange[] {
  const ranges: MemoryRange[] = []
  const wide = directory.streams.get(StreamType.Memory64List)
  if (wide !== undefined) {
    const head = recordsAt(source, wide.offset, 16)
    if (head.length < 16) notes.partial('memory64-list-truncated', 'The list of memory ranges is cut short.', wide.offset)
    else {
      const { records, count } = entriesOf(source, wide, { name: 'memory64-list', headerBytes: 16, entryBytes: 16, count: orZero(head.u64(0)) }, notes)
      // The bytes of all ranges lie one after another.
      let offset = head.u64(8)
      for (let i = 0; i < count; i++) {
        const bytes = records.u64(i * 16 + 8)
        ranges.push({ address: records.u64(i * 16), bytes, offset })
        offset += bytes
      }
    }
  }
  const narrow = directory.streams.get(StreamType.MemoryList)
  if (narrow !== undefined) {
    const { records, count } = countedList(source, narrow, 'memory-list', 16, notes)
    for (let i = 0; i < count; i++) ranges.push({ address: records.u64(i * 16), bytes: records.u32(i * 16 + 8), offset: records.u32(i * 16 + 12) })
  }
  return ranges
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value)

export interface MemoryInfo {
  readonly base: number
  readonly allocationBase: number
  readonly bytes: number
  /** MEM_COMMIT 0x1000, MEM_RESERVE 0x2000, MEM_FREE 0x10000. */
  readonly state: number
  readonly protection: number
  /** MEM_PRIVATE 0x20000, MEM_MAPPED 0x40000, MEM_IMAGE 0x1000000. */
  readonly type: number
}

export function readMemoryInfo(source: ByteSource, directory: Directory, notes: DumpNotes): MemoryInfo[] {
  const stream = directory.streams.get(StreamType.MemoryInfoList)
  if (stream === undefined) return []
  const { records, count, entryBytes } = describedList(source, stream, 'memory-info-list', 48, 8, notes)
  return Array.from({ length: count }, (_, i) => {
    const at = i * entryBytes
    return { base: records.u64(at), allocationBase: records.u64(at + 8), bytes: records.u64(at + 24), state: records.u32(at + 32), protection: records.u32(at + 36), type: records.u32(at + 40) }
  })
}
