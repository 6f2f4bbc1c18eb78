import { type ByteSource, MemorySource } from '../base/byte-source'
import { asUtf8 } from '../base/utf8-source'
import { isPackedHead, readArchive } from './compression/unpack'
import { HEAD_BYTES, detectImporter } from './detect'

/** One file of an archive. */
export interface ArchiveFile {
  /** With the folders inside the archive. */
  readonly name: string
  /** Unpacked. */
  readonly bytes: number
  /** Its content is of a format that can be opened, or packed once more. */
  readonly isKnown: boolean
}

/** Whether an importer takes content that begins so. */
export const knowsHead = (head: Uint8Array): boolean => detectImporter(asUtf8(new MemorySource(head)).read(0, HEAD_BYTES)) !== undefined

/**
 * The files of a zip archive in its own order; [] when the source is none.
 * @throws HeapscapeError `compression-failed`
 */
export function archiveFiles(source: ByteSource): readonly ArchiveFile[] {
  return readArchive(source, (name, bytes, head) => ({ name, bytes, isKnown: knowsHead(head) || isPackedHead(head) }))
}
