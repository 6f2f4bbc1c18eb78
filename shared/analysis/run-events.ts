import { CHUNK_LENGTH } from '../base/column'
import type { JobContext } from '../base/job-context'
import { NONE, STILL_ALIVE, type Address, type EventNumber } from '../base/units'
import type { Run } from '../model/run'

/** First row of `failures` with an event of at least `event`; their number where there is none. */
function failureFrom({ failures }: Run, event: EventNumber): number {
  let low = 0
  let high = failures.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (failures.event.at(middle) < event) low = middle + 1
    else high = middle
  }
  return low
}

/** The next failed request behind `event`, or the last one before it; null where there is none. */
export function neighbourFailure(run: Run, event: EventNumber, forward: boolean): EventNumber | null {
  const row = forward ? failureFrom(run, event + 1) : failureFrom(run, event) - 1
  return row >= 0 && row < run.failures.length ? run.failures.event.at(row) : null
}

/** Failed requests of the events `from` to `to` (both included): how many, and the first of each of `points` equal parts that has one. */
export function failuresBetween(run: Run, from: EventNumber, to: EventNumber, points: number): { readonly events: Float64Array; readonly total: number } {
  const first = failureFrom(run, from)
  const end = failureFrom(run, to + 1)
  const width = Math.max(1, (to - from + 1) / points)
  const events: number[] = []
  for (let part = 0, row = first; row < end; ) {
    const event = run.failures.event.at(row)
    events.push(event)
    part = Math.floor((event - from) / width) + 1
    row = failureFrom(run, Math.max(event + 1, Math.ceil(from + part * width)))
  }
  return { events: Float64Array.from(events), total: Math.max(0, end - first) }
}

/** The next event behind `event` (or the last before it) at which what stands on the page of an address changes: a block comes or goes there, or its memory. Throws `cancelled`. */
export async function neighbourPageChange(run: Run, address: Address, event: EventNumber, forward: boolean, job: JobContext): Promise<EventNumber | null> {
  const from = Math.floor(address / run.pageBytes) * run.pageBytes
  const to = from + run.pageBytes
  let best = forward ? STILL_ALIVE : NONE
  const { pages } = run
  for (let row = 0; row < pages.length; row++) {
    const at = pages.event.at(row)
    if (pages.base.at(row) < to && pages.base.at(row) + pages.size.at(row) > from) best = nearer(best, at, event, forward)
  }
  const { lifetimes } = run
  for (let chunk = 0, left = lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const addresses = lifetimes.address.chunks[chunk]!
    const sizes = lifetimes.size.chunks[chunk]!
    const births = lifetimes.birth.chunks[chunk]!
    const deaths = lifetimes.death.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      if (addresses[i]! >= to || addresses[i]! + sizes[i]! <= from) continue
      best = nearer(best, births[i]!, event, forward)
      if (deaths[i] !== STILL_ALIVE) best = nearer(best, deaths[i]!, event, forward)
    }
    job.progress({ done: lifetimes.length - left + rows, total: lifetimes.length, unit: 'lifetimes' })
    await job.checkpoint()
  }
  return best === NONE || best === STILL_ALIVE ? null : best
}

function nearer(best: number, at: EventNumber, event: EventNumber, forward: boolean): number {
  return forward ? (at > event && at < best ? at : best) : at < event && at > best ? at : best
}
