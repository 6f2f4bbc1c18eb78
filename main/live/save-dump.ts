import { renameSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'
import type { LiveSystem } from './live-system'

/**
 * A full-memory dump of a process as the system writes it, under its name only when it is whole.
 * Throws what `open` and `writeDump` of a LiveSystem throw, and file-unwritable.
 */
export function saveDump(system: LiveSystem, target: { readonly pid: number; readonly startedAt?: string }, path: string): void {
  if (target.pid === process.pid) throw new HeapscapeError('live-access-denied', { pid: target.pid, detail: 'it is the process that captures' })
  const handle = system.open(target.pid, 'dump', target.startedAt)
  const temporary = `${path}.partial`
  try {
    system.writeDump(handle, temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error instanceof HeapscapeError ? error : new HeapscapeError('file-unwritable', { detail: `${basename(path)}: ${error instanceof Error ? error.message : String(error)}` }, { file: basename(path) })
  } finally {
    system.close(handle)
  }
}
