import type { JobContext } from '../base/job-context'
import type { View } from '../file/meta'
import { writeOwnFile } from '../file/write-own-file'
import type { AnyDocument } from '../model/run'

export interface ByteSink {
  write(bytes: Uint8Array): void
}

/** Writes a document as a .heapscape file, with what the window wants to find again. */
export function saveDocument(document: AnyDocument, sink: ByteSink, view: View, job: JobContext): Promise<void> {
  return writeOwnFile(document, sink, job, { view })
}
