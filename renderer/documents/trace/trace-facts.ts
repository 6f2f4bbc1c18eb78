import { formatBytes, formatCount } from '../../components/format'
import type { TraceDocument } from '../../../shared/ipc/engine-api'

/** One figure of a trace with what it means. */
export interface TraceFact {
  readonly title: string
  /** Exact, for the table. */
  readonly value: string
  /** The same in binary units, where it is bytes. */
  readonly rounded: string | null
  readonly meaning: string
}

const count = (title: string, value: number, meaning: string): TraceFact => ({ title, value: formatCount(value), rounded: null, meaning })
const bytes = (title: string, value: number, meaning: string): TraceFact => {
  const exact = `${formatCount(value)} B`
  const rounded = formatBytes(value)
  return { title, value: exact, rounded: rounded === exact ? null : rounded, meaning }
}

/** `1 event`, `2 events`. */
export const counted = (value: number, noun: string): string => `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`

export function traceFacts(document: TraceDocument): readonly TraceFact[] {
  const { summary } = document
  const { events } = summary
  return [
    bytes('Peak live', summary.peakLiveBytes, `Most bytes asked for and not yet freed; reached at event ${formatCount(summary.peakEvent)}. No heap can do with less.`),
    count('Blocks at the peak', summary.peakLiveBlocks, `Blocks alive at the byte peak. At most ${formatCount(summary.maxLiveBlocks)} were alive at once.`),
    bytes('Live at the end', summary.endLiveBytes, summary.endLiveBlocks === 0 ? 'Everything was freed.' : `In ${counted(summary.endLiveBlocks, 'block')} never freed: what the program kept, or lost.`),
    bytes('Requested in total', summary.requestedBytesTotal, 'Sum of all requests, each reallocation with its new size.'),
    count('Allocations', events.alloc, 'Requests for a new block.'),
    count('Reallocations', events.realloc, 'Requests to change the size of a block.'),
    count('Frees', events.free, 'Blocks given back.'),
    count('Orphan frees', events.orphanFree, 'Frees of something never seen allocated; they have no effect on a simulated heap.'),
  ]
}
