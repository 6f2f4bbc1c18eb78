import { assert } from '../../base/assert'
import { crc32 } from './crc32'
import {
  DIRECTORY_BYTES, DIRECTORY_SIGNATURE, DOS_DATE, END_BYTES, END_SIGNATURE, FLAG_UTF8, LOCAL_BYTES, LOCAL_SIGNATURE,
  STORED, U16_MAX, U32_MAX, VERSION_ZIP64, ZIP64_END_BYTES, ZIP64_END_SIGNATURE, ZIP64_EXTRA_ID, ZIP64_LOCATOR_BYTES,
  ZIP64_LOCATOR_SIGNATURE, setUint64, viewOf,
} from './zip-format'

/** Takes bytes in order; called again only after it returned, and may keep no reference to the array. */
export interface ByteSink {
  write(bytes: Uint8Array): void
}

interface WrittenMember {
  readonly name: Uint8Array
  readonly offset: number
  readonly size: number
  readonly crc: number
}

/** Writes a ZIP64 file of stored members, front to back. */
export class ZipWriter {
  readonly #sink: ByteSink
  readonly #members: WrittenMember[] = []
  #offset = 0
  #finished = false

  constructor(sink: ByteSink) {
    this.#sink = sink
  }

  /** One member, given in parts (a member of several GiB is never one array). */
  add(name: string, parts: readonly Uint8Array[]): void {
    assert(!this.#finished, 'the ZIP file is already closed')
    const nameBytes = new TextEncoder().encode(name)
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    const crc = parts.reduce((sum, part) => crc32(part, sum), 0)
    this.#members.push({ name: nameBytes, offset: this.#offset, size, crc })
    this.#write(localHeader(nameBytes, size, crc))
    for (const part of parts) this.#write(part)
  }

  finish(): void {
    assert(!this.#finished, 'the ZIP file is already closed')
    this.#finished = true
    const start = this.#offset
    for (const member of this.#members) this.#write(directoryEntry(member))
    this.#write(endRecords(this.#members.length, start, this.#offset - start))
  }

  #write(bytes: Uint8Array): void {
    this.#sink.write(bytes)
    this.#offset += bytes.length
  }
}

function localHeader(name: Uint8Array, size: number, crc: number): Uint8Array {
  const extraBytes = 20
  const bytes = new Uint8Array(LOCAL_BYTES + name.length + extraBytes)
  const view = viewOf(bytes)
  view.setUint32(0, LOCAL_SIGNATURE, true)
  setCommon(view, 4, crc)
  view.setUint16(26, name.length, true)
  view.setUint16(28, extraBytes, true)
  bytes.set(name, LOCAL_BYTES)
  const extra = LOCAL_BYTES + name.length
  view.setUint16(extra, ZIP64_EXTRA_ID, true)
  view.setUint16(extra + 2, 16, true)
  setUint64(view, extra + 4, size)
  setUint64(view, extra + 12, size)
  return bytes
}

function directoryEntry(member: WrittenMember): Uint8Array {
  const extraBytes = 28
  const bytes = new Uint8Array(DIRECTORY_BYTES + member.name.length + extraBytes)
  const view = viewOf(bytes)
  view.setUint32(0, DIRECTORY_SIGNATURE, true)
  view.setUint16(4, VERSION_ZIP64, true)
  setCommon(view, 6, member.crc)
  view.setUint16(28, member.name.length, true)
  view.setUint16(30, extraBytes, true)
  view.setUint32(42, U32_MAX, true)
  bytes.set(member.name, DIRECTORY_BYTES)
  const extra = DIRECTORY_BYTES + member.name.length
  view.setUint16(extra, ZIP64_EXTRA_ID, true)
  view.setUint16(extra + 2, 24, true)
  setUint64(view, extra + 4, member.size)
  setUint64(view, extra + 12, member.size)
  setUint64(view, extra + 20, member.offset)
  return bytes
}

/** The fields local header and directory entry share: version, flags, method, date, CRC and the two 32-bit sizes. */
function setCommon(view: DataView, at: number, crc: number): void {
  view.setUint16(at, VERSION_ZIP64, true)
  view.setUint16(at + 2, FLAG_UTF8, true)
  view.setUint16(at + 4, STORED, true)
  view.setUint16(at + 8, DOS_DATE, true)
  view.setUint32(at + 10, crc, true)
  view.setUint32(at + 14, U32_MAX, true)
  view.setUint32(at + 18, U32_MAX, true)
}

function endRecords(count: number, start: number, size: number): Uint8Array {
  const bytes = new Uint8Array(ZIP64_END_BYTES + ZIP64_LOCATOR_BYTES + END_BYTES)
  const view = viewOf(bytes)
  view.setUint32(0, ZIP64_END_SIGNATURE, true)
  setUint64(view, 4, ZIP64_END_BYTES - 12)
  view.setUint16(12, VERSION_ZIP64, true)
  view.setUint16(14, VERSION_ZIP64, true)
  setUint64(view, 24, count)
  setUint64(view, 32, count)
  setUint64(view, 40, size)
  setUint64(view, 48, start)
  const locator = ZIP64_END_BYTES
  view.setUint32(locator, ZIP64_LOCATOR_SIGNATURE, true)
  setUint64(view, locator + 8, start + size)
  view.setUint32(locator + 16, 1, true)
  const end = locator + ZIP64_LOCATOR_BYTES
  view.setUint32(end, END_SIGNATURE, true)
  view.setUint16(end + 8, U16_MAX, true)
  view.setUint16(end + 10, U16_MAX, true)
  view.setUint32(end + 12, U32_MAX, true)
  view.setUint32(end + 16, U32_MAX, true)
  return bytes
}
