import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import type { Loss, TraceTarget } from '../file/export/trace-target'
import { csvTarget } from '../file/export/write-csv'
import { jsonlTarget } from '../file/export/write-jsonl'
import { repTarget } from '../file/export/write-rep'
import type { AnyDocument } from '../model/run'
import type { ByteSink } from './save-document'

/** Formats of other programs that traces are written in. */
export const TRACE_TARGETS: readonly TraceTarget[] = [csvTarget, jsonlTarget, repTarget]

/** The target whose files have this extension (lower case, without dot). */
export const traceTargetOf = (extension: string): TraceTarget | undefined => TRACE_TARGETS.find(({ extensions }) => extensions.includes(extension))

/**
 * Writes a trace for other programs and answers what the format cannot hold.
 * @throws HeapscapeError `document-wrong-kind` for anything but a trace, `cancelled`
 */
export function exportTrace(document: AnyDocument, target: TraceTarget, sink: ByteSink, job: JobContext): Promise<Loss[]> {
  if (document.kind !== 'trace') throw new HeapscapeError('document-wrong-kind', { expected: 'a trace', got: `a ${document.kind}` })
  return target.write(document, sink, job)
}
