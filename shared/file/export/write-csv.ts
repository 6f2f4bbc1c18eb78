import { Op, type Trace } from '../../model/trace'
import { EVENT_WORDS, EventLines } from './event-lines'
import { commonLosses, writeLines, type TraceTarget } from './trace-target'

/** Our plain events as CSV (docs/recording.md). */
export const csvTarget: TraceTarget = {
  id: 'events-csv',
  title: 'Events as CSV',
  extensions: ['csv'],
  write: async (trace, sink, job) => {
    const { op, size, time, thread, site } = trace
    const events = new EventLines(trace)
    const prefix = events.hasAddress ? '0x' : ''
    const radix = events.hasAddress ? 16 : 10
    const sites = trace.sites.names.map(fieldOf)
    const optional = [...(time ? ['time'] : []), ...(thread ? ['thread'] : []), ...(site ? ['site'] : [])]
    const head = `op,at,size,from${optional.map((name) => `,${name}`).join('')}\n`
    await writeLines(trace, sink, job, head, (event) => {
      events.move(event)
      const operation = op.at(event)
      const bytes = operation === Op.Alloc || operation === Op.Realloc ? size.at(event) : ''
      let line = `${EVENT_WORDS[operation]},${prefix}${events.at.toString(radix)},${bytes},${events.from < 0 ? '' : prefix + events.from.toString(radix)}`
      if (time !== undefined) line += `,${Math.round(time.at(event))}`
      if (thread !== undefined) line += `,${thread.at(event)}`
      if (site !== undefined) line += `,${sites[site.at(event)] ?? ''}`
      return `${line}\n`
    })
    return [...commonLosses(trace), ...csvLosses(trace)]
  },
}

/** Line ends would end the event: they become spaces. */
function fieldOf(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ')
  return /[",;\t]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line
}

function csvLosses({ origin, sites }: Trace): ReturnType<typeof commonLosses> {
  const broken = sites.names.filter((name) => /[\r\n]/.test(name)).length
  return [
    ...(origin.producer === undefined ? [] : [{ code: 'producer', count: 0, text: 'The name of the recorder is not kept.' }]),
    ...(broken === 0 ? [] : [{ code: 'line-ends', count: broken, text: 'Line ends in the texts of call sites became spaces.' }]),
  ]
}
