import type { EventNumber } from '../../../../shared/base/units'
import type { RunDocument } from '../../../../shared/ipc/engine-api'
import type { MenuCommand } from '../../../../shared/ipc/host-api'

/** A place in a run worth going to. */
export interface Jump {
  readonly command: MenuCommand
  readonly title: string
  readonly short: string
  /** null: the run has no such event, or it is not known yet. */
  readonly event: EventNumber | null
  readonly isKnown: boolean
}

/** In the order of the buttons. */
export function jumpsOf({ events, jumps: { peakLive, peakFootprint, worstOverhead, firstFailure } }: Pick<RunDocument, 'events' | 'jumps'>): Jump[] {
  const known = { isKnown: true }
  return [
    { command: 'run.first', title: 'Before the first event', short: 'First', event: 0, ...known },
    { command: 'run.peakLive', title: 'Peak of live bytes', short: 'Peak live', event: peakLive, isKnown: peakLive !== null },
    { command: 'run.peakFootprint', title: 'Peak of the footprint', short: 'Peak footprint', event: peakFootprint, ...known },
    { command: 'run.worstOverhead', title: 'Worst overhead: most bytes committed beyond what is live', short: 'Worst overhead', event: worstOverhead, isKnown: worstOverhead !== null },
    { command: 'run.firstFailure', title: 'First failed request', short: 'First failure', event: firstFailure, ...known },
    { command: 'run.last', title: 'Last event', short: 'Last', event: events, ...known },
  ]
}

/** The next (or previous) peak, failure or end after `event`; `event` itself when there is none. */
export function neighbourJump(jumps: readonly Jump[], event: EventNumber, forward: boolean): EventNumber {
  const events = jumps.flatMap((jump) => (jump.event === null ? [] : [jump.event])).sort((a, b) => a - b)
  return (forward ? events.find((other) => other > event) : events.filter((other) => other < event).at(-1)) ?? event
}
