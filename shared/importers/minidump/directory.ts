import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { recordsAt } from './dump-bytes'
import type { DumpNotes } from './dump-notes'

/** Stream types (minidumpapiset.h); those of Breakpad and Crashpad are vendors' own and skipped. */
export const StreamType = {
  ThreadList: 3, ModuleList: 4, MemoryList: 5, Exception: 6, SystemInfo: 7, ThreadExList: 8, Memory64List: 9, CommentA: 10, CommentW: 11, HandleData: 12,
  UnloadedModuleList: 14, MiscInfo: 15, MemoryInfoList: 16, ThreadInfoList: 17, ThreadNames: 24, WineHostModules: 0xfff0,
} as const
export type StreamType = (typeof StreamType)[keyof typeof StreamType]

export interface Stream {
  readonly type: number
  readonly size: number
  readonly offset: number
}

export interface Directory {
  /** MINIDUMP_TYPE flags as the header tells them; streams are believed before them. */
  readonly flags: number
  /** Seconds since 1970, 0 when not told. */
  readonly timestamp: number
  /** The first stream of each type. */
  readonly streams: ReadonlyMap<number, Stream>
}

const HEADER_BYTES = 32
const ENTRY_BYTES = 12
/** Real dumps have fewer than 30. */
const MAX_STREAMS = 4096

/** Throws format-truncated or format-malformed when there is not one stream to be read. */
export function readDirectory(source: ByteSource, notes: DumpNotes): Directory {
  const header = recordsAt(source, 0, HEADER_BYTES)
  if (header.length < HEADER_BYTES) throw new HeapscapeError('format-truncated', { expected: `a header of ${HEADER_BYTES} bytes`, got: header.length }, { offset: header.length })
  const count = header.u32(8)
  const directoryOffset = header.u32(12)
  if (count > MAX_STREAMS) notes.add('stream-count', `The header counts ${count} streams; the first ${MAX_STREAMS} are looked at.`, 8)
  const entries = recordsAt(source, directoryOffset, Math.min(count, MAX_STREAMS) * ENTRY_BYTES)
  const whole = Math.floor(entries.length / ENTRY_BYTES)
  if (whole === 0) throw new HeapscapeError('format-truncated', { expected: `a directory of ${count} streams at ${directoryOffset}`, got: `a file of ${source.size} bytes` }, { offset: directoryOffset })
  if (whole < Math.min(count, MAX_STREAMS)) notes.partial('directory-truncated', `The directory ends after ${whole} of ${count} streams.`, directoryOffset)
  const streams = new Map<number, Stream>()
  for (let i = 0; i < whole; i++) {
    const at = i * ENTRY_BYTES
    const stream = { type: entries.u32(at), size: entries.u32(at + 4), offset: entries.u32(at + 8) }
    if (stream.type === 0) continue
    if (streams.has(stream.type)) notes.add('stream-twice', `Stream type ${stream.type} occurs more than once; the first is read.`, directoryOffset + at)
    else if (stream.offset >= source.size) notes.partial('stream-outside', `Stream type ${stream.type} begins beyond the end of the file.`, directoryOffset + at)
    else streams.set(stream.type, stream)
  }
  return { flags: header.u32(24), timestamp: header.u32(20), streams }
}
