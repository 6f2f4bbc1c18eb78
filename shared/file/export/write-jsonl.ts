import { Op } from '../../model/trace'
import { EVENT_WORDS, EventLines } from './event-lines'
import { commonLosses, writeLines, type TraceTarget } from './trace-target'

/** Our plain events as JSON Lines (docs/recording.md). */
export const jsonlTarget: TraceTarget = {
  id: 'events-jsonl',
  title: 'Events as JSON Lines',
  extensions: ['jsonl', 'ndjson'],
  write: async (trace, sink, job) => {
    const { op, size, time, thread, site, origin } = trace
    const events = new EventLines(trace)
    const place = (at: number): string => (events.hasAddress ? `"0x${at.toString(16)}"` : String(at))
    const sites = trace.sites.names.map((name) => JSON.stringify(name))
    const producer = origin.producer === undefined ? '' : `,"producer":${JSON.stringify(origin.producer)}`
    await writeLines(trace, sink, job, `{"heapscape":"events","version":1${producer}}\n`, (event) => {
      events.move(event)
      const operation = op.at(event)
      let line = `{"op":"${EVENT_WORDS[operation]}","at":${place(events.at)}`
      if (events.from >= 0) line += `,"from":${place(events.from)}`
      if (operation === Op.Alloc || operation === Op.Realloc) line += `,"size":${size.at(event)}`
      if (time !== undefined) line += `,"time":${Math.round(time.at(event))}`
      if (thread !== undefined) line += `,"thread":${thread.at(event)}`
      const name = site === undefined ? undefined : sites[site.at(event)]
      // The first event decides which columns a reader sees, so it has them all.
      if (name !== undefined) line += `,"site":${name}`
      else if (site !== undefined && event === 0) line += ',"site":null'
      return `${line}}\n`
    })
    return commonLosses(trace)
  },
}
