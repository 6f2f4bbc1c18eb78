import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * Files with the bytes of captured programs: in a folder that only this user can read, one file per document, gone with it.
 * What a crash left behind goes when the next engine needs the folder.
 */
const PREFIX = 'heapscape-live-'

export class LiveBytes {
  #folder: string | null = null
  #next = 1

  path(): string {
    this.#folder ??= makeFolder()
    return join(this.#folder, `${this.#next++}.bytes`)
  }

  drop(path: string): void {
    rmSync(path, { force: true, maxRetries: 3 })
  }
}

function makeFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1])
    if (pid > 0 && pid !== process.pid && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
