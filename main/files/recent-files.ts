import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { JsonRecord } from './json-record'

export const MOST_RECENT_FILES = 20

interface RecentRecord {
  readonly version: 1
  readonly files: readonly RecentEntry[]
}

interface RecentEntry {
  readonly id: string
  readonly path: string
  /** ISO 8601. */
  readonly openedAt: string
}

/** A file of the list that exists now. */
export interface ListedFile extends RecentEntry {
  readonly sizeBytes: number
}

/** Files opened or saved before, newest first, in `recent-files.json` of the folder given. */
export class RecentFiles {
  readonly #record: JsonRecord<RecentRecord>
  readonly #now: () => Date
  #entries: readonly RecentEntry[]

  constructor(folder: string, now: () => Date = () => new Date()) {
    this.#record = new JsonRecord(path.join(folder, 'recent-files.json'), checkRecord)
    this.#now = now
    this.#entries = this.#record.read()?.files ?? []
  }

  /** As remembered, without a look at the disk; for menus. */
  remembered(): readonly RecentEntry[] {
    return this.#entries
  }

  /** Files that are there; the others drop out of the list for good. */
  async list(): Promise<readonly ListedFile[]> {
    const before = this.#entries
    const found = await Promise.all(before.map(statEntry))
    const listed = found.filter((file) => file !== null)
    if (listed.length < before.length) {
      const lost = new Set(before.filter((_, index) => found[index] === null).map((entry) => entry.id))
      this.#replace(this.#entries.filter((entry) => !lost.has(entry.id)))
    }
    return listed
  }

  /** Puts a file on top; a path that is listed already keeps its id. */
  add(file: string): void {
    const known = this.#entries.find((entry) => entry.path === file)
    const added = { id: known?.id ?? randomUUID(), path: file, openedAt: this.#now().toISOString() }
    this.#replace([added, ...this.#entries.filter((entry) => entry !== known)].slice(0, MOST_RECENT_FILES))
  }

  /** The path of an entry, null when the list has no such entry (any more). */
  pathOf(id: string): string | null {
    return this.#entries.find((entry) => entry.id === id)?.path ?? null
  }

  clear(): void {
    this.#replace([])
  }

  #replace(entries: readonly RecentEntry[]): void {
    this.#entries = entries
    this.#record.write({ version: 1, files: entries })
  }
}

async function statEntry(entry: RecentEntry): Promise<ListedFile | null> {
  try {
    const stat = await fs.promises.stat(entry.path)
    return stat.isFile() ? { ...entry, sizeBytes: stat.size } : null
  } catch {
    return null
  }
}

function checkRecord(content: unknown): RecentRecord | null {
  const { version, files } = asObject(content)
  if (version !== 1 || !Array.isArray(files) || files.length > MOST_RECENT_FILES) return null
  return files.every(isEntry) ? { version, files } : null
}

function isEntry(value: unknown): value is RecentEntry {
  const entry = asObject(value)
  return typeof entry['id'] === 'string' && typeof entry['path'] === 'string' && typeof entry['openedAt'] === 'string'
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
