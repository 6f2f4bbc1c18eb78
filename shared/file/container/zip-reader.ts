import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import {
  DIRECTORY_BYTES, DIRECTORY_SIGNATURE, END_BYTES, END_SIGNATURE, LOCAL_BYTES, LOCAL_SIGNATURE, STORED, U16_MAX, U32_MAX,
  ZIP64_END_BYTES, ZIP64_END_SIGNATURE, ZIP64_EXTRA_ID, ZIP64_LOCATOR_BYTES, ZIP64_LOCATOR_SIGNATURE, getUint64, viewOf,
} from './zip-format'

export interface ZipMember {
  readonly name: string
  /** Offset of the first byte of content in the file. */
  readonly offset: number
  /** Bytes of content; may reach beyond the end of a truncated file. */
  readonly size: number
  readonly crc: number
}

export interface ZipDirectory {
  readonly members: ReadonlyMap<string, ZipMember>
  /** False when the directory at the end is missing or damaged and the members were found by their own headers. */
  readonly complete: boolean
}

/** Our files have fewer than ten members; a directory that claims more than this is not ours. */
const MAX_MEMBERS = 1000
/** The end record may be followed by a comment of this length. */
const MAX_COMMENT_BYTES = U16_MAX

/**
 * Finds the members of a ZIP or ZIP64 file. The directory at the end is the normal way; when it is missing or damaged
 * (an interrupted copy), the local headers are followed from the start instead.
 * Throws format-corrupt when neither leads to a member.
 */
export function readZipDirectory(source: ByteSource): ZipDirectory {
  const entries = readDirectory(source)
  if (entries !== undefined) return { members: entries, complete: true }
  const found = followLocalHeaders(source)
  if (found.size === 0) {
    throw new HeapscapeError('format-corrupt', { expected: 'a ZIP member', got: `${source.size} bytes without one` }, { offset: 0 })
  }
  return { members: found, complete: false }
}

function readDirectory(source: ByteSource): Map<string, ZipMember> | undefined {
  const place = findDirectory(source)
  if (place === undefined) return undefined
  const { start, size, count } = place
  if (count > MAX_MEMBERS || start + size > source.size) return undefined
  const bytes = source.read(start, size).slice()
  const view = viewOf(bytes)
  const members = new Map<string, ZipMember>()
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_BYTES > bytes.length || view.getUint32(at, true) !== DIRECTORY_SIGNATURE) return undefined
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const next = at + DIRECTORY_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true)
    if (next > bytes.length) return undefined
    const member = readEntry(source, bytes, at, nameBytes, extraBytes)
    if (member === undefined || members.has(member.name)) return undefined
    members.set(member.name, member)
    at = next
  }
  return members
}

function readEntry(source: ByteSource, bytes: Uint8Array, at: number, nameBytes: number, extraBytes: number): ZipMember | undefined {
  const view = viewOf(bytes)
  const name = new TextDecoder().decode(bytes.subarray(at + DIRECTORY_BYTES, at + DIRECTORY_BYTES + nameBytes))
  const wide = zip64Fields(view, at + DIRECTORY_BYTES + nameBytes, extraBytes)
  const size = view.getUint32(at + 24, true)
  const packed = view.getUint32(at + 20, true)
  const offset = view.getUint32(at + 42, true)
  // The zip64 field holds only those of the three values whose 32-bit place says "see there", in this order.
  const fullSize = size === U32_MAX ? wide.shift() : size
  const fullPacked = packed === U32_MAX ? wide.shift() : packed
  const fullOffset = offset === U32_MAX ? wide.shift() : offset
  if (fullSize === undefined || fullPacked !== fullSize || fullOffset === undefined) return undefined
  if (view.getUint16(at + 10, true) !== STORED) return undefined
  const local = localHeaderAt(source, fullOffset)
  if (local === undefined || local.name !== name || local.dataOffset + fullSize > source.size) return undefined
  return { name, offset: local.dataOffset, size: fullSize, crc: view.getUint32(at + 16, true) }
}

interface DirectoryPlace {
  readonly start: number
  readonly size: number
  readonly count: number
}

function findDirectory(source: ByteSource): DirectoryPlace | undefined {
  // Nearly always there is no comment, and the last 22 bytes are the end record.
  return findEndRecord(source, END_BYTES) ?? findEndRecord(source, END_BYTES + MAX_COMMENT_BYTES)
}

function findEndRecord(source: ByteSource, searchBytes: number): DirectoryPlace | undefined {
  const tailBytes = Math.min(source.size, searchBytes)
  const tailStart = source.size - tailBytes
  const tail = source.read(tailStart, tailBytes).slice()
  const view = viewOf(tail)
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue
    if (at + END_BYTES + view.getUint16(at + 20, true) !== tail.length) continue
    const place = { start: view.getUint32(at + 16, true), size: view.getUint32(at + 12, true), count: view.getUint16(at + 10, true) }
    const wide = place.start === U32_MAX || place.size === U32_MAX || place.count === U16_MAX
    return wide ? findZip64Directory(source, tailStart + at - ZIP64_LOCATOR_BYTES) : place
  }
  return undefined
}

function findZip64Directory(source: ByteSource, locatorOffset: number): DirectoryPlace | undefined {
  if (locatorOffset < 0) return undefined
  const locator = viewOf(source.read(locatorOffset, ZIP64_LOCATOR_BYTES).slice())
  if (locator.getUint32(0, true) !== ZIP64_LOCATOR_SIGNATURE) return undefined
  const endOffset = getUint64(locator, 8)
  if (endOffset + ZIP64_END_BYTES > source.size) return undefined
  const end = viewOf(source.read(endOffset, ZIP64_END_BYTES).slice())
  if (end.getUint32(0, true) !== ZIP64_END_SIGNATURE) return undefined
  return { start: getUint64(end, 48), size: getUint64(end, 40), count: getUint64(end, 32) }
}

function followLocalHeaders(source: ByteSource): Map<string, ZipMember> {
  const members = new Map<string, ZipMember>()
  let at = 0
  while (members.size < MAX_MEMBERS) {
    const local = localHeaderAt(source, at)
    if (local === undefined || local.size === undefined || members.has(local.name)) break
    members.set(local.name, { name: local.name, offset: local.dataOffset, size: local.size, crc: local.crc })
    at = local.dataOffset + local.size
  }
  return members
}

interface LocalHeader {
  readonly name: string
  readonly dataOffset: number
  /** Undefined when only the directory knows it. */
  readonly size: number | undefined
  readonly crc: number
}

function localHeaderAt(source: ByteSource, offset: number): LocalHeader | undefined {
  if (offset + LOCAL_BYTES > source.size) return undefined
  const fixed = viewOf(source.read(offset, LOCAL_BYTES).slice())
  if (fixed.getUint32(0, true) !== LOCAL_SIGNATURE || fixed.getUint16(8, true) !== STORED) return undefined
  const nameBytes = fixed.getUint16(26, true)
  const extraBytes = fixed.getUint16(28, true)
  if (offset + LOCAL_BYTES + nameBytes + extraBytes > source.size) return undefined
  const rest = source.read(offset + LOCAL_BYTES, nameBytes + extraBytes).slice()
  const size32 = fixed.getUint32(22, true)
  // Bit 3: sizes follow the content; then only the directory tells where the member ends.
  const sizeFollows = (fixed.getUint16(6, true) & 8) !== 0
  const size = sizeFollows ? undefined : size32 === U32_MAX ? zip64Fields(viewOf(rest), nameBytes, extraBytes)[0] : size32
  return {
    name: new TextDecoder().decode(rest.subarray(0, nameBytes)),
    dataOffset: offset + LOCAL_BYTES + nameBytes + extraBytes,
    size,
    crc: fixed.getUint32(14, true),
  }
}

/** The 64-bit values of the zip64 extra field in [at, at + length), in the order they stand. */
function zip64Fields(view: DataView, at: number, length: number): number[] {
  const end = at + length
  while (at + 4 <= end) {
    const id = view.getUint16(at, true)
    const size = view.getUint16(at + 2, true)
    if (id === ZIP64_EXTRA_ID) {
      const values: number[] = []
      for (let i = at + 4; i + 8 <= Math.min(end, at + 4 + size); i += 8) values.push(getUint64(view, i))
      return values
    }
    at += 4 + size
  }
  return []
}
