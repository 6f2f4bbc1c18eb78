import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import type { ByteSource } from '../../shared/base/byte-source'
import { HeapscapeError } from '../../shared/base/errors'

/** Bytes of a file on disk, read where asked. Its size is the one at opening; a file that grows later does not. */
export class FileSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #fd: number
  #isOpen = true

  /** `name` is what messages call the file. Throws file-unreadable with the system's error name (ENOENT, EACCES, EISDIR, ...). */
  constructor(path: string, name = basename(path)) {
    this.name = name
    try {
      this.#fd = openSync(path, 'r')
    } catch (error) {
      throw unreadable(this.name, error)
    }
    try {
      const stat = fstatSync(this.#fd)
      if (stat.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
      this.size = stat.size
    } catch (error) {
      closeSync(this.#fd)
      throw unreadable(this.name, error)
    }
  }

  /** A fresh array each time. Throws file-unreadable, for instance EIO, or when the file has shrunk since. */
  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.size - offset))
    const bytes = new Uint8Array(wanted)
    let filled = 0
    // One call may give less than asked, above all beyond 2 GiB.
    while (filled < wanted) {
      const count = this.#readSome(bytes, filled, offset + filled)
      if (count === 0) {
        throw new HeapscapeError('file-unreadable', { detail: `${this.name} became shorter while it was read`, error: 'ESHRUNK' }, { offset: offset + filled })
      }
      filled += count
    }
    return bytes
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#fd)
  }

  #readSome(bytes: Uint8Array, at: number, position: number): number {
    try {
      return readSync(this.#fd, bytes, at, bytes.length - at, position)
    } catch (error) {
      throw unreadable(this.name, error)
    }
  }
}

function unreadable(name: string, error: unknown): HeapscapeError {
  const code = (error as { code?: unknown } | null)?.code
  const text = error instanceof Error ? error.message : String(error)
  return new HeapscapeError('file-unreadable', { detail: `${name}: ${text}`, error: typeof code === 'string' ? code : 'unknown' }, { file: name })
}
