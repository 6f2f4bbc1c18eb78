import type { RunDocument, SnapshotDocument } from '../../shared/ipc/engine-api'

export interface LayoutOrigin {
  readonly isSimulated: boolean
  /** One or two sentences: where the addresses come from. */
  readonly reason: string
}

/** Runs that stand for a recording as it was name this heap. */
export const RECORDED_HEAP = 'recorded'

/** `addresses`: whether the source tells those its program got; undefined when that is no longer known. */
export function layoutOriginOf(document: RunDocument | SnapshotDocument, addresses?: boolean): LayoutOrigin {
  if (document.kind === 'snapshot') return { isSimulated: false, reason: 'The addresses are those the source tells.' }
  const { request, source } = document
  if (request.heap === RECORDED_HEAP) return { isSimulated: false, reason: `Every block lies where ${source.name} says its program had it; no heap was simulated. Consumed sizes, pages and segments are reckoned from that, as the notes say.` }
  const made = `Addresses, segments and pages come from replaying ${source.name} in the simulated heap ${request.heap}; they are not those of the recorded program.`
  if (source.format === 'workload') return { isSimulated: true, reason: `${made} The workload is synthetic and has no addresses of its own.` }
  if (addresses === undefined) return { isSimulated: true, reason: made }
  return { isSimulated: true, reason: addresses ? `${made} The file does tell its own.` : `${made} The file tells none, so it can be laid out in no other way.` }
}
