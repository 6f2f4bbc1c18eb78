import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'

/** Recordings of a comparison lie in a folder of their own, by side and by test at most. */
const MOST_LEVELS = 3
const MOST_FILES = 2000

export interface ListedFile {
  readonly path: string
  /** Way below the folder, with slashes. */
  readonly below: string
}

export interface ListedFolder {
  readonly isFolder: boolean
  /** In the order of their names, numbers by value. */
  readonly files: readonly ListedFile[]
  /** Files beyond the first 2000. */
  readonly leftOut: number
}

/** Files of a folder and of the folders in it, three levels deep; what begins with a dot is left out, and so are links. Not a folder: none. */
export async function listFolder(folder: string): Promise<ListedFolder> {
  const files: ListedFile[] = []
  const isFolder = await collect(folder, '', 1, files)
  files.sort((a, b) => a.below.localeCompare(b.below, 'en', { numeric: true }))
  return { isFolder, files: files.slice(0, MOST_FILES), leftOut: Math.max(0, files.length - MOST_FILES) }
}

async function collect(folder: string, below: string, level: number, files: ListedFile[]): Promise<boolean> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch {
    // A file, or a folder that may not be read: there is nothing to list in it.
    return false
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const found = { path: path.join(folder, entry.name), below: below === '' ? entry.name : `${below}/${entry.name}` }
    if (entry.isFile()) files.push(found)
    else if (entry.isDirectory() && level < MOST_LEVELS) await collect(found.path, found.below, level + 1, files)
  }
  return true
}
