import type { ByteSource } from '../../base/byte-source'
import { StreamType, type Directory } from './directory'
import { recordsAt, textAt } from './dump-bytes'
import type { DumpNotes } from './dump-notes'

export type Architecture = 'x86' | 'x64' | 'arm' | 'arm64' | 'other'

export interface SystemInfo {
  readonly architecture: Architecture
  /** Width of native pointers; what is not known is taken for 64. */
  readonly bits: 32 | 64
  readonly platform: 'windows' | 'linux' | 'macos' | 'other'
  readonly major: number
  readonly minor: number
  readonly build: number
  readonly servicePack: string
  /** Version texts Wine adds, for instance `wine-8.0`. */
  readonly wine: readonly string[]
}

/** PROCESSOR_ARCHITECTURE values; those from 0x8001 on are Breakpad's own. */
const ARCHITECTURES: Readonly<Record<number, Architecture>> = { 0: 'x86', 5: 'arm', 9: 'x64', 10: 'x86', 12: 'arm64', 0x8003: 'arm64' }
/** VER_PLATFORM values; those from 0x8101 on are Breakpad's own. */
const PLATFORMS: Readonly<Record<number, SystemInfo['platform']>> = { 1: 'windows', 2: 'windows', 0x8101: 'macos', 0x8102: 'macos', 0x8201: 'linux', 0x8203: 'linux' }
const SYSTEM_BYTES = 56
/** "WINE" behind the documented structure. */
const WINE_TAG = 0x454e4957
const MAX_WINE_TEXTS = 8

/** undefined when the stream is missing or too short. */
export function readSystemInfo(source: ByteSource, directory: Directory, notes: DumpNotes): SystemInfo | undefined {
  const stream = directory.streams.get(StreamType.SystemInfo)
  if (stream === undefined) return undefined
  const info = recordsAt(source, stream.offset, SYSTEM_BYTES)
  if (info.length < 28) {
    notes.partial('system-info-truncated', 'The system information is cut short.', stream.offset)
    return undefined
  }
  const code = info.u16(0)
  const architecture = ARCHITECTURES[code] ?? 'other'
  if (architecture === 'other') notes.add('architecture-unknown', `Processor architecture ${code} is not known; pointers are taken for 64 bits wide.`, stream.offset)
  return {
    architecture,
    bits: architecture === 'x86' || architecture === 'arm' ? 32 : 64,
    platform: PLATFORMS[info.u32(20)] ?? 'other',
    major: info.u32(8),
    minor: info.u32(12),
    build: info.u32(16),
    servicePack: textAt(source, info.u32(24)),
    wine: readWine(source, stream.offset + SYSTEM_BYTES),
  }
}

function readWine(source: ByteSource, offset: number): string[] {
  const head = recordsAt(source, offset, 8 + 4 * MAX_WINE_TEXTS)
  if (head.length < 8 || head.u32(0) !== WINE_TAG) return []
  const count = Math.min(head.u32(4), MAX_WINE_TEXTS, (head.length - 8) / 4)
  return Array.from({ length: Math.floor(count) }, (_, i) => {
    const text = recordsAt(source, offset + 4 + head.u32(8 + 4 * i), 64)
    let end = 0
    while (end < text.length && text.u8(end) !== 0) end++
    return Array.from({ length: end }, (_unused, k) => String.fromCharCode(text.u8(k))).join('')
  })
}

export interface MiscInfo {
  readonly processId: number | undefined
  /** Seconds since 1970. */
  readonly createTime: number | undefined
}

const HAS_PROCESS_ID = 1
const HAS_TIMES = 2

export function readMiscInfo(source: ByteSource, directory: Directory): MiscInfo {
  const stream = directory.streams.get(StreamType.MiscInfo)
  const misc = recordsAt(source, stream?.offset ?? 0, stream === undefined ? 0 : Math.min(stream.size, 24))
  const flags = misc.length >= 12 ? misc.u32(4) : 0
  return {
    processId: (flags & HAS_PROCESS_ID) !== 0 ? misc.u32(8) : undefined,
    createTime: (flags & HAS_TIMES) !== 0 && misc.length >= 16 ? misc.u32(12) : undefined,
  }
}

export interface ExceptionInfo {
  readonly threadId: number
  readonly code: number
  readonly address: number
}

export function readException(source: ByteSource, directory: Directory): ExceptionInfo | undefined {
  const stream = directory.streams.get(StreamType.Exception)
  if (stream === undefined) return undefined
  const record = recordsAt(source, stream.offset, 32)
  return record.length < 32 ? undefined : { threadId: record.u32(0), code: record.u32(8), address: record.u64(24) }
}
