import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { finish, type Steps } from '../../base/steps'
import type { EventNumber } from '../../base/units'
import type { TraceSites } from '../../model/trace'

/*
 * What can be asked of the call sites of a document. The definitions are those of docs/sites.md; each measure adds up
 * over the sites (and `heapBytes`) to a total the document states elsewhere.
 */
export interface SiteMeasure {
  /** Stable; what the command line takes. */
  readonly id: string
  readonly title: string
  readonly meaning: string
  /** What the first column is measured in: `bytes`, or the source's own unit. */
  readonly unit: string
  /** What `count` counts, plural; "" when nothing is counted beside the first column. */
  readonly counted: string
  /** Whether it is taken at an event the reader chooses. */
  readonly isAtEvent: boolean
}

/** Values by site: that of site i at [i + 1], of calls without a known site at [0]. */
export interface SiteValues {
  readonly bytes: Float64Array
  readonly count: Float64Array
  /** Bytes that belong to no call of the program, only to the heap. */
  readonly heapBytes: number
  /** Where the source itself is a difference: what was less than before, as positive figures; `bytes` and `count` hold what was more. */
  readonly less?: { readonly bytes: Float64Array; readonly count: Float64Array }
}

/** The call sites of a document with their measures. */
export interface SiteSource {
  readonly sites: TraceSites
  readonly measures: readonly SiteMeasure[]
  /** Event that `event: null` stands for; null when the document has no events. */
  readonly lastEvent: EventNumber | null
  /** Long work behind `valueSteps`, where there is any, in turns. */
  prepare?(measure: string, event: EventNumber | null, job: JobContext): Promise<void>
  /** @throws HeapscapeError `measure-unknown`, `event-out-of-range` */
  valueSteps(measure: string, event: EventNumber | null): Steps<SiteValues>
}

/** @throws as valueSteps */
export const valuesOf = (source: SiteSource, measure: string, event: EventNumber | null): SiteValues => finish(source.valueSteps(measure, event))

const LIVE: SiteMeasure = { id: 'live', title: 'Live', meaning: 'Bytes asked for and not yet freed at the event shown, at the call that asked last (a reallocation counts as its own call).', unit: 'bytes', counted: 'blocks', isAtEvent: true }
const PEAK: SiteMeasure = { id: 'peak', title: 'Live at the peak', meaning: 'The same at the first moment at which most bytes are live.', unit: 'bytes', counted: 'blocks', isAtEvent: false }
const ALLOCATED: SiteMeasure = { id: 'allocated', title: 'Allocated', meaning: 'Bytes of all requests up to the end, whether freed or not; a reallocation counts with its new size.', unit: 'bytes', counted: 'requests', isAtEvent: false }
const TEMPORARY: SiteMeasure = { id: 'temporary', title: 'Temporary', meaning: 'Requests whose block the very next event freed.', unit: 'bytes', counted: 'requests', isAtEvent: false }
const WASTE: SiteMeasure = { id: 'waste', title: 'Waste', meaning: 'Committed bytes beyond the live ones: header and rounding of each block, and the free bytes it keeps from being given back; what no block is to blame for stands under the heap itself.', unit: 'bytes', counted: 'blocks', isAtEvent: true }
const ROUNDING: SiteMeasure = { id: 'rounding', title: 'Waste: header and rounding', meaning: 'Consumed less requested bytes of the blocks alive at the event shown.', unit: 'bytes', counted: 'blocks', isAtEvent: true }
const PINNED: SiteMeasure = { id: 'pinned', title: 'Waste: pinned free bytes', meaning: 'Free bytes on pages that cannot be given back because of a block, shared equally among the blocks of each page.', unit: 'bytes', counted: 'blocks', isAtEvent: true }

export const TRACE_MEASURES: readonly SiteMeasure[] = [LIVE, PEAK, ALLOCATED, TEMPORARY]
export const RUN_MEASURES: readonly SiteMeasure[] = [LIVE, PEAK, ALLOCATED, TEMPORARY, WASTE, ROUNDING, PINNED]
export const SNAPSHOT_MEASURES: readonly SiteMeasure[] = [LIVE, WASTE, ROUNDING, PINNED].map((measure) => ({ ...measure, isAtEvent: false }))

export const emptyValues = (sites: TraceSites): { bytes: Float64Array; count: Float64Array } => ({
  bytes: new Float64Array(sites.names.length + 1),
  count: new Float64Array(sites.names.length + 1),
})

/** @throws HeapscapeError `measure-unknown` */
export function findMeasure(measures: readonly SiteMeasure[], id: string): SiteMeasure {
  const found = measures.find((measure) => measure.id === id)
  if (found === undefined) throw new HeapscapeError('measure-unknown', { got: id, expected: measures.map((measure) => measure.id).join(', ') })
  return found
}

/** @throws HeapscapeError `event-out-of-range` */
export function checkEvent(event: EventNumber | null, last: EventNumber): EventNumber {
  const wanted = event ?? last
  if (!(wanted >= 0 && wanted <= last)) throw new HeapscapeError('event-out-of-range', { expected: `0 to ${last}`, got: wanted })
  return wanted
}
