import type { JobContext } from '../base/job-context'
import { HeapscapeError } from '../base/errors'
import type { EventNumber } from '../base/units'
import { processOfSnapshot, type ProcessPlan } from '../dumpfile/process-of-snapshot'
import { type ByteSink, writeMinidump } from '../dumpfile/write-minidump'
import type { AnyDocument } from '../model/run'
import { snapshotAt } from '../model/snapshot-at'

/**
 * Writes the heaps of a run after `event` of its events (undefined: at its end), or of a snapshot, as a full-memory dump
 * of a Windows process with NT heaps of the build named. Throws document-wrong-kind for anything else, `cancelled`, and what
 * `snapshotAt` and `processOfSnapshot` throw.
 */
export async function exportDump(document: AnyDocument, event: EventNumber | undefined, plan: ProcessPlan, sink: ByteSink, job: JobContext): Promise<void> {
  if (document.kind !== 'run' && document.kind !== 'snapshot') throw new HeapscapeError('document-wrong-kind', { expected: 'a run or a snapshot', got: `a ${document.kind}` })
  const snapshot = document.kind === 'run' ? snapshotAt(document, event ?? document.events) : document
  await writeMinidump(processOfSnapshot(snapshot, plan), sink, job)
}
