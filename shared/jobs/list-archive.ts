import type { ByteSource } from '../base/byte-source'
import { type ArchiveFile, archiveFiles } from '../importers/archive-members'

export type { ArchiveFile } from '../importers/archive-members'

/** Files told of one archive. */
export const MOST_ARCHIVE_FILES = 1000

/** What an archive offers to be opened: known files before others, each group in the archive's order. */
export function listArchive(source: ByteSource): readonly ArchiveFile[] {
  const files = archiveFiles(source)
  return [...files.filter(({ isKnown }) => isKnown), ...files.filter(({ isKnown }) => !isKnown)].slice(0, MOST_ARCHIVE_FILES)
}
