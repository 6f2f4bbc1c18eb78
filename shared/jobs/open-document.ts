import type { ByteSource } from '../base/byte-source'
import type { JobContext } from '../base/job-context'
import type { View } from '../file/meta'
import { openOwnFile } from '../file/open-own-file'
import { importSource } from '../importers/import-source'
import type { ImportOptions } from '../importers/importer'
import { ownFileImporter } from '../importers/own-file'
import type { AnyDocument } from '../model/run'

export interface OpenedDocument {
  readonly document: AnyDocument
  /** True when the source is a .heapscape file. */
  readonly own: boolean
  /** What the window left in a .heapscape file. */
  readonly view: View | undefined
}

const HEAD_BYTES = 4096

/** Opens whatever the source holds; the same verb behind File > Open, drop and `heapscape info`. */
export async function openDocument(source: ByteSource, options: ImportOptions, job: JobContext): Promise<OpenedDocument> {
  const own = ownFileImporter.sniff(source.read(0, HEAD_BYTES))
  const document = await importSource(source, options, job)
  return { document, own, view: own ? readView(source) : undefined }
}

function readView(source: ByteSource): View | undefined {
  const file = openOwnFile(source)
  try {
    return file.view
  } finally {
    file.close()
  }
}
