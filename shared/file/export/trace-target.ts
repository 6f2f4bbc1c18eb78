import type { JobContext } from '../../base/job-context'
import type { Trace } from '../../model/trace'
import type { ByteSink } from '../container/zip-writer'

/** Something of a trace that the target cannot hold; told, never dropped in silence. */
export interface Loss {
  /** Kebab-case. */
  readonly code: string
  /** Events concerned; 0 when it is the trace as a whole. */
  readonly count: number
  /** One sentence. */
  readonly text: string
}

/** A format that traces are written in. A passive record, like an importer. */
export interface TraceTarget {
  /** Id of the importer that reads it back. */
  readonly id: string
  readonly title: string
  /** Lower case, without dot. */
  readonly extensions: readonly string[]
  /** Writes all events front to back and answers what could not be kept. Throws what the sink throws, and `cancelled`. */
  write(trace: Trace, sink: ByteSink, job: JobContext): Promise<Loss[]>
}

const EVENTS_PER_PIECE = 64 * 1024

/** Writes a line per event, in pieces that are handed on before the next is made. */
export async function writeLines(trace: Trace, sink: ByteSink, job: JobContext, head: string, lineOf: (event: number) => string): Promise<void> {
  const encoder = new TextEncoder()
  let text = head
  for (let event = 0; event < trace.events; ) {
    const end = Math.min(trace.events, event + EVENTS_PER_PIECE)
    for (; event < end; event++) text += lineOf(event)
    sink.write(encoder.encode(text))
    text = ''
    job.progress({ done: event, total: trace.events, unit: 'events' })
    await job.checkpoint()
  }
  if (text !== '') sink.write(encoder.encode(text))
}

/** What none of the plain formats holds; each writer adds its own. */
export function commonLosses({ sites, resident, origin }: Trace): Loss[] {
  const losses: Loss[] = []
  const lost = (code: string, text: string): void => void losses.push({ code, count: 0, text })
  if (sites.calls !== undefined) lost('call-paths', 'Of call sites only their texts are kept: frames, files and lines are not.')
  if (resident !== undefined) lost('resident', 'Resident memory over time is not kept.')
  if (origin.partial) lost('partial', 'That only a part of the source could be read is not kept.')
  if (origin.notes.length > 0) lost('notes', 'The notes of the source are not kept.')
  return losses
}
