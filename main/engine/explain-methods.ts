import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import { NONE, type Address, type EventNumber, type RowIndex } from '../../shared/base/units'
import type { Explanation, ExplainMethods } from '../../shared/ipc/explain-api'
import { explainRun, refuseUntold } from '../../shared/jobs/explain-run'
import { traceOfWorkload } from '../../shared/jobs/run-simulation'
import { Occupant, type Run, type RunReasons } from '../../shared/model/run'
import type { Trace } from '../../shared/model/trace'
import { grownRow, placedReason } from '../../shared/sim/profiles/reasons/reason-rows'
import { reasonColumn } from '../../shared/sim/profiles/reasons/reason-column'
import { RunViews } from './document-views'
import type { Documents } from './documents'
import type { Handlers } from './handlers'

/** Reasons of open runs: made when first asked for, kept as long as the run. */
class Explanations {
  readonly #documents: Documents
  readonly #known = new WeakMap<Run, RunReasons>()

  constructor(documents: Documents) {
    this.#documents = documents
  }

  async explain(documentId: string, event: EventNumber, address: Address | null, job: JobContext): Promise<Explanation> {
    const run = this.#documents.run(documentId)
    const reasons = await this.#reasonsOf(documentId, run, job)
    const row = address === null ? NONE : await this.#lifetimeAt(documentId, run, { event, address }, job)
    return { block: row === NONE ? null : placedReason(run, reasons, row), ...growthAt(run, reasons, event) }
  }

  async #reasonsOf(documentId: string, run: Run, job: JobContext): Promise<RunReasons> {
    const kept = this.#known.get(run)
    if (kept !== undefined) return kept
    refuseUntold(run)
    const reasons = await explainRun(run, await traceOf(this.#documents, run, job), job)
    this.#known.set(run, reasons)
    const { views } = this.#documents.get(documentId)
    if (views instanceof RunViews) views.tellReasons(reasonColumn(run, reasons))
    return reasons
  }

  /** Row of the lifetime that holds the address at the event. */
  async #lifetimeAt(documentId: string, run: Run, { event, address }: { readonly event: EventNumber; readonly address: Address }, job: JobContext): Promise<RowIndex> {
    const { views } = this.#documents.get(documentId)
    const block = views instanceof RunViews ? (await views.moment(event, job)).blockAt(address) : null
    return block === null || block.birth === null ? NONE : lifetimeOf(run, block.address, block.birth)
  }
}

export function explainHandlers(documents: Documents): Handlers<keyof ExplainMethods> {
  const explanations = new Explanations(documents)
  return { explain: ({ documentId, event, address }, job) => explanations.explain(documentId, event, address, job) }
}

/** The open trace the run was made of, or the built-in workload. */
async function traceOf(documents: Documents, { source }: Run, job: JobContext): Promise<Trace> {
  const open = documents.contents().find((content): content is Trace => content.kind === 'trace' && content.hash === source.traceHash)
  if (open !== undefined) return open
  if (source.format === 'workload') return traceOfWorkload(source.name, job)
  throw new HeapscapeError('reasons-unavailable', { why: `they are found by replaying its trace ${source.name}, which is not open` })
}

/** Row of the program's block that was placed at the address by the event. */
function lifetimeOf({ lifetimes }: Run, at: Address, event: EventNumber): RowIndex {
  const { birth, address, occupant, length } = lifetimes
  // Rows are written in order of events, so those of one event are found by halving.
  for (let row = firstRow(length, (place) => birth.at(place) >= event); row < length && birth.at(row) === event; row++) {
    if (address.at(row) === at && occupant.at(row) === Occupant.Busy) return row
  }
  return NONE
}

function growthAt(run: Run, reasons: RunReasons, event: EventNumber): Omit<Explanation, 'block'> {
  const { grownEvent } = reasons
  const growths = grownEvent.length
  const next = firstRow(growths, (row) => grownEvent.at(row) > event)
  const growth = next === 0 ? null : grownRow(run, reasons, next - 1)
  const before = growth === null ? 0 : firstRow(growths, (row) => grownEvent.at(row) >= growth.event)
  return {
    growth,
    previousGrowth: before === 0 ? null : grownEvent.at(before - 1),
    nextGrowth: next === growths ? null : grownEvent.at(next),
    growths,
  }
}

/** First row for which `isPast` holds, which it then does for all later ones; `rows` when there is none. */
function firstRow(rows: number, isPast: (row: number) => boolean): number {
  let low = 0
  let high = rows
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isPast(middle)) high = middle
    else low = middle + 1
  }
  return low
}
