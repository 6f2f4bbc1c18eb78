import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync, type Stats } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'

/** Takes the bytes of a file in order. */
export interface FileSink {
  write(bytes: Uint8Array): void
}

/**
 * Writes a file so that its name always stands for a whole one: into a temporary file of the same folder, flushed to
 * the disk, then renamed over `path`, then the folder flushed. When anything fails the temporary file is removed and
 * whatever was at `path` is untouched.
 * Throws file-unwritable with the system's error name (ENOSPC, EACCES, EISDIR, ...), and what `produce` throws.
 */
export async function writeFileAtomically(path: string, produce: (sink: FileSink) => Promise<void> | void): Promise<void> {
  refuseFolder(path)
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const fd = system(path, () => openSync(temporary, 'wx', 0o666))
  let isOpen = true
  try {
    await produce({ write: (bytes) => writeAll(path, fd, bytes) })
    system(path, () => fsyncSync(fd))
    isOpen = false
    system(path, () => closeSync(fd))
    system(path, () => renameSync(temporary, path))
  } catch (error) {
    if (isOpen) closeQuietly(fd)
    rmSync(temporary, { force: true })
    throw error
  }
  flushFolder(dirname(path))
}

/** Says so before any work is done; the rename would only fail at the end, and differently on each system. */
function refuseFolder(path: string): void {
  const stat = existingAt(path)
  if (stat?.isDirectory() === true) throw unwritable(path, Object.assign(new Error('there is a folder of this name'), { code: 'EISDIR' }))
}

function existingAt(path: string): Stats | undefined {
  return system(path, () => statSync(path, { throwIfNoEntry: false }))
}

function writeAll(path: string, fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += system(path, () => writeSync(fd, bytes, at, bytes.length - at))
}

/** Makes the rename last through a power cut. Windows cannot open a folder for this, and some file systems refuse: harmless. */
function flushFolder(folder: string): void {
  let fd: number
  try {
    fd = openSync(folder, 'r')
  } catch {
    return
  }
  try {
    fsyncSync(fd)
  } catch {
    // The file itself is flushed; only the folder's entry is not known to be.
  } finally {
    closeQuietly(fd)
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // An earlier error is on its way, or the data is already safe.
  }
}

function system<T>(path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw unwritable(path, error)
  }
}

function unwritable(path: string, error: unknown): HeapscapeError {
  const code = (error as { code?: unknown } | null)?.code
  const text = error instanceof Error ? error.message : String(error)
  const name = basename(path)
  return new HeapscapeError('file-unwritable', { detail: `${name}: ${text}`, error: typeof code === 'string' ? code : 'unknown' }, { file: name })
}
