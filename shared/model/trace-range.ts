import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { NumberMap } from '../base/number-map'
import { UNKNOWN_SIZE } from '../base/units'
import { type EventRange, Op, ResidentTable, type Note, type Trace } from './trace'

/** Events between two turns for the owner: some 10 ms. */
const EVENTS_PER_TURN = 256 * 1024

/**
 * Keeps the events of a range and makes a trace of its own of them: as if recording had begun and ended there. What was
 * allocated before is not known: its frees become orphan frees, its first reallocation an allocation; both are counted.
 * Throws `range-invalid` when the range holds no event or the trace has no times to tell, `cancelled`.
 */
export async function cutTrace(trace: Trace, range: EventRange, job: JobContext): Promise<void> {
  const [from, to] = rowsOf(trace, range)
  if (from >= to) throw new HeapscapeError('range-invalid', { expected: 'a range with events in it', got: `${range.from} to ${range.to}, of ${trace.skippedEvents + trace.events} events read` })
  for (const column of [trace.op, trace.object, trace.size, trace.address, trace.site, trace.thread, trace.time]) column?.keep(from, to)
  const first = trace.skippedEvents + from
  trace.skippedEvents = 0
  if (trace.resident !== undefined) trace.resident = residentWithin(trace.resident, first, first + to - from)
  const earlier = await renumber(trace, job)
  const note = (code: string, count: number, text: string): Note[] => (count === 0 ? [] : [{ code, count, text }])
  trace.origin = {
    ...trace.origin,
    lacking: [...new Set([...(trace.origin.lacking ?? []), 'earlier-blocks' as const])],
    notes: [
      ...trace.origin.notes,
      ...note('range', trace.events, `Only events ${first + 1} to ${first + trace.events} of the source were opened.`),
      ...note('earlier-free', earlier.frees, 'Frees of blocks that were allocated before the range; they have no effect.'),
      ...note('earlier-realloc', earlier.reallocs, 'Reallocations of blocks that were allocated before the range act as allocations.'),
    ],
  }
}

function rowsOf({ events, skippedEvents, time }: Trace, range: EventRange): [number, number] {
  if (range.by === 'events') return [Math.max(0, range.from - 1 - skippedEvents), Math.min(events, range.to - skippedEvents)]
  if (time === undefined) throw new HeapscapeError('range-invalid', { expected: 'a source that tells times', got: 'one that does not' })
  let from = 0
  while (from < events && time.at(from) < range.from) from++
  let to = from
  while (to < events && time.at(to) <= range.to) to++
  return [from, to]
}

/** Numbers objects from 0 in order of first appearance. */
async function renumber(trace: Trace, job: JobContext): Promise<{ frees: number; reallocs: number }> {
  const { op, object, events } = trace
  const numberOf = new NumberMap()
  let objects = 0
  let frees = 0
  let reallocs = 0
  for (let event = 0; event < events; event++) {
    const operation = op.at(event)
    if (operation !== Op.OrphanFree) {
      const before = object.at(event)
      const known = numberOf.get(before)
      if (operation === Op.Alloc || (operation === Op.Realloc && known < 0)) {
        if (operation === Op.Realloc) {
          reallocs++
          op.set(event, Op.Alloc)
        }
        numberOf.set(before, objects)
        object.set(event, objects++)
      } else if (known >= 0) object.set(event, known)
      else {
        frees++
        op.set(event, Op.OrphanFree)
        object.set(event, UNKNOWN_SIZE)
      }
    }
    if (event % EVENTS_PER_TURN === 0) await job.checkpoint()
  }
  trace.objects = objects
  return { frees, reallocs }
}

function residentWithin({ event, bytes }: ResidentTable, first: number, last: number): ResidentTable | undefined {
  const kept = new ResidentTable()
  for (let row = 0; row < event.length; row++) {
    if (event.at(row) < first || event.at(row) > last) continue
    kept.event.push(event.at(row) - first)
    kept.bytes.push(bytes.at(row))
  }
  return kept.length === 0 ? undefined : kept
}
