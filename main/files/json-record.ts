import fs from 'node:fs'
import path from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'

/**
 * One small record kept as JSON in one file. A reader sees the old or the new content, never half of it. A file that
 * cannot be understood is set aside (`settings.json` becomes `settings.damaged.json`), so that nothing a user might
 * want back is overwritten by defaults.
 */
export class JsonRecord<T> {
  readonly #file: string
  readonly #check: (content: unknown) => T | null

  /** @param check answers the record, or null for a content of another shape or version */
  constructor(file: string, check: (content: unknown) => T | null) {
    this.#file = file
    this.#check = check
  }

  /** Null when there is no file or no usable content. */
  read(): T | null {
    const text = this.#readText()
    if (text === null) return null
    const record = this.#check(parseJson(text))
    if (record === null) this.#setAside()
    return record
  }

  write(record: T): void {
    const temporary = `${this.#file}.${process.pid}.tmp`
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true })
      fs.writeFileSync(temporary, JSON.stringify(record, null, 2))
      fs.renameSync(temporary, this.#file)
    } catch (error) {
      removeQuietly(temporary)
      throw new HeapscapeError('file-unwritable', { detail: reasonOf(error) }, { file: path.basename(this.#file) })
    }
  }

  #readText(): string | null {
    try {
      return fs.readFileSync(this.#file, 'utf8')
    } catch (error) {
      // A folder or a locked file in its place: start with defaults rather than not at all.
      if (!isMissing(error)) this.#setAside()
      return null
    }
  }

  #setAside(): void {
    const { dir, name, ext } = path.parse(this.#file)
    try {
      fs.renameSync(this.#file, path.join(dir, `${name}.damaged${ext}`))
    } catch {
      // It stays where it is and the next write replaces it or reports why it cannot.
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function removeQuietly(file: string): void {
  try {
    fs.rmSync(file, { force: true })
  } catch {
    // The failure to write is the one to tell.
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT'
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
