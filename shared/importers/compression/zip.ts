import { Inflate } from 'fflate'
import { createCRC32 } from 'hash-wasm'
import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import type { ChunkStore } from './chunk-store'
import { DamagedStream, INPUT_BYTES, startsWith } from './method'

/*
 * A ZIP archive is read from its end (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16):
 *
 *   local header, content | local header, content | ... | directory: one record a member | end record
 */
const LOCAL_SIGNATURE = 0x04034b50
const LOCAL_BYTES = 30
const DIRECTORY_SIGNATURE = 0x02014b50
const DIRECTORY_BYTES = 46
const END_SIGNATURE = 0x06054b50
const END_BYTES = 22
const MAX_COMMENT_BYTES = 0xffff
/** Nobody packs more files to be looked at one by one; a directory that claims more is made to exhaust the reader. */
const MAX_MEMBERS = 10_000
const STORED = 0
const DEFLATED = 8
const FLAG_ENCRYPTED = 1
const FLAG_UTF8 = 0x800

export interface ArchiveMember {
  /** With the folders inside the archive. */
  readonly name: string
  readonly packedBytes: number
  readonly bytes: number
  readonly crc: number
  readonly method: number
  readonly isEncrypted: boolean
  readonly headerOffset: number
}

export const looksLikeZip = (head: Uint8Array): boolean => startsWith(head, [0x50, 0x4b, 0x03, 0x04])

/** The files of the archive in the order of its directory. Throws DamagedStream. */
export function readZipMembers(source: ByteSource): ArchiveMember[] {
  const end = findEndRecord(source)
  if (end === undefined) throw new DamagedStream('the directory at its end is missing: the archive was cut')
  const count = end.getUint16(10, true)
  const bytes = end.getUint32(12, true)
  const start = end.getUint32(16, true)
  if (start === 0xffffffff || count > MAX_MEMBERS) throw new DamagedStream('it holds more than 4 GiB or 10,000 files')
  const directory = viewOf(source.read(start, bytes))
  const members: ArchiveMember[] = []
  for (let at = 0, i = 0; i < count; i++) {
    if (at + DIRECTORY_BYTES > directory.byteLength || directory.getUint32(at, true) !== DIRECTORY_SIGNATURE) throw new DamagedStream('its directory is damaged')
    const nameBytes = directory.getUint16(at + 28, true)
    const next = at + DIRECTORY_BYTES + nameBytes + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true)
    if (next > directory.byteLength) throw new DamagedStream('its directory is damaged')
    const member = memberAt(directory, at, nameBytes)
    // A name with a slash at its end is a folder.
    if (!member.name.endsWith('/')) members.push(member)
    at = next
  }
  return members
}

/** Unpacks one member; throws DamagedStream with what came before the damage left in `sink`. */
export async function unpackZipMember(source: ByteSource, member: ArchiveMember, sink: ChunkStore, job: JobContext): Promise<void> {
  if (member.isEncrypted) throw new DamagedStream('it is encrypted')
  if (member.method !== STORED && member.method !== DEFLATED) throw new DamagedStream(`it is packed by method ${member.method}; stored and deflated files are read`)
  const crc = await createCRC32()
  crc.init()
  const take = (bytes: Uint8Array): void => {
    if (sink.size + bytes.length > member.bytes) throw new DamagedStream('the length is wrong')
    sink.append(bytes)
    crc.update(bytes)
  }
  const inflate = new Inflate(take)
  const start = contentOffset(source, member)
  for (let offset = 0; offset < member.packedBytes; ) {
    const packed = source.read(start + offset, Math.min(INPUT_BYTES, member.packedBytes - offset))
    if (packed.length === 0) throw new DamagedStream('it ends too early')
    offset += packed.length
    if (member.method === STORED) take(packed)
    else pushSafely(inflate, packed, offset >= member.packedBytes)
    job.progress({ done: offset, total: member.packedBytes, unit: 'bytes' })
    await job.checkpoint()
  }
  if (sink.size !== member.bytes) throw new DamagedStream('the length is wrong')
  if (parseInt(crc.digest('hex'), 16) !== member.crc) throw new DamagedStream('the checksum is wrong')
}

/** The first bytes of a member, [] when they cannot be unpacked. */
export function zipMemberHead(source: ByteSource, member: ArchiveMember, bytes: number): Uint8Array {
  if (member.isEncrypted || (member.method !== STORED && member.method !== DEFLATED)) return new Uint8Array(0)
  const start = contentOffset(source, member)
  if (member.method === STORED) return new Uint8Array(source.read(start, Math.min(bytes, member.packedBytes)))
  const head = new Uint8Array(bytes)
  let length = 0
  const inflate = new Inflate((piece) => {
    const part = piece.subarray(0, bytes - length)
    head.set(part, length)
    length += part.length
  })
  try {
    // Stored blocks of deflate are hardly longer than what they hold.
    inflate.push(source.read(start, Math.min(2 * bytes, member.packedBytes)), 2 * bytes >= member.packedBytes)
  } catch {
    // What came out before the damage is all there is to see.
  }
  return head.subarray(0, length)
}

function pushSafely(inflate: Inflate, packed: Uint8Array, isLast: boolean): void {
  try {
    inflate.push(packed, isLast)
  } catch (error) {
    if (error instanceof HeapscapeError || error instanceof DamagedStream) throw error
    throw new DamagedStream(error instanceof Error ? error.message : String(error))
  }
}

function memberAt(directory: DataView, at: number, nameBytes: number): ArchiveMember {
  const flags = directory.getUint16(at + 8, true)
  // Without the flag the name is in an old code page; its letters, which all of them share with Latin-1, are enough here.
  const decoder = new TextDecoder((flags & FLAG_UTF8) !== 0 ? 'utf-8' : 'latin1')
  return {
    name: decoder.decode(new Uint8Array(directory.buffer, directory.byteOffset + at + DIRECTORY_BYTES, nameBytes)),
    packedBytes: directory.getUint32(at + 20, true),
    bytes: directory.getUint32(at + 24, true),
    crc: directory.getUint32(at + 16, true),
    method: directory.getUint16(at + 10, true),
    isEncrypted: (flags & FLAG_ENCRYPTED) !== 0,
    headerOffset: directory.getUint32(at + 42, true),
  }
}

/** The local header repeats the directory, but its extra field may have another length. */
function contentOffset(source: ByteSource, { headerOffset }: ArchiveMember): number {
  const header = viewOf(source.read(headerOffset, LOCAL_BYTES))
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL_SIGNATURE) throw new DamagedStream('a file is not where the directory says')
  return headerOffset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
}

function findEndRecord(source: ByteSource): DataView | undefined {
  const tail = viewOf(source.read(Math.max(0, source.size - END_BYTES - MAX_COMMENT_BYTES), END_BYTES + MAX_COMMENT_BYTES))
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) === END_SIGNATURE && at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength) {
      return new DataView(tail.buffer, tail.byteOffset + at, END_BYTES)
    }
  }
  return undefined
}

/** A copy: the source may reuse its array. */
const viewOf = (bytes: Uint8Array): DataView => new DataView(new Uint8Array(bytes).buffer)
