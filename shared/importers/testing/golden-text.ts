import { summariseTrace } from '../../analysis/trace-summary'
import { lackingOf, unitsOf } from '../../model/lacking-of'
import type { AnyDocument, Run } from '../../model/run'
import type { Snapshot } from '../../model/snapshot'
import { profileLines } from './golden-profile'
import { listedLines } from './golden-snapshot'
import { Op, type Trace } from '../../model/trace'

/** Events written out; longer traces are held by their hash. */
const SHOWN_EVENTS = 200
const OP_NAMES: Readonly<Record<number, string>> = { [Op.Alloc]: 'alloc', [Op.Free]: 'free', [Op.Realloc]: 'realloc', [Op.OrphanFree]: 'orphan-free' }

/** Everything an importer found, as text a reviewer can check against the sample. */
export function goldenTextOf(document: AnyDocument): string {
  return [...originLines(document), ...bodyLines(document), ''].join('\n')
}

function bodyLines(document: AnyDocument): string[] {
  if (document.kind === 'trace') return traceLines(document)
  return document.kind === 'profile' ? profileLines(document) : tableLines(document)
}

function originLines(document: AnyDocument): string[] {
  const { format, partial, producer, version, notes } = document.origin
  const units = unitsOf(document)
  return [
    `${document.kind} of format ${format}${version === undefined ? '' : ` ${version}`}${partial ? ', partial' : ''}`,
    `producer ${producer ?? '-'}, sizes in ${units.sizes}, times in ${units.times ?? '-'}`,
    `lacking ${lackingOf(document).join(' ') || '-'}`,
    ...notes.map((note) => `note ${note.code} x${note.count}, first ${note.firstOffset === undefined ? `in line ${note.firstLine ?? '-'}` : `at byte ${note.firstOffset}`}: ${note.text}`),
  ]
}

function traceLines(trace: Trace): string[] {
  const lines = [`hash ${trace.hash}`, `summary ${JSON.stringify(summariseTrace(trace))}`]
  const shown = Math.min(trace.events, SHOWN_EVENTS)
  for (let row = 0; row < shown; row++) lines.push(eventLine(trace, row))
  if (shown < trace.events) lines.push(`... ${trace.events - shown} more events`)
  return lines
}

function eventLine(trace: Trace, row: number): string {
  const op = trace.op.at(row)
  const words = [`${row + 1}`, OP_NAMES[op] ?? `op ${op}`]
  if (op !== Op.OrphanFree) words.push(`object ${trace.object.at(row)}`)
  if (op === Op.Alloc || op === Op.Realloc) words.push(`size ${trace.size.at(row)}`)
  if (trace.address !== undefined) words.push(`at 0x${trace.address.at(row).toString(16)}`)
  if (trace.thread !== undefined) words.push(`thread ${trace.thread.at(row)}`)
  if (trace.time !== undefined) words.push(`time ${trace.time.at(row)} ns`)
  const site = trace.site?.at(row) ?? -1
  if (site >= 0) words.push(`site ${trace.sites.names[site]}`)
  return words.join('  ')
}

function tableLines(document: Snapshot | Run): string[] {
  const heaps = document.heaps.map((heap) => `heap ${heap.id} ${heap.name} ${heap.flavour}`)
  if (document.kind === 'run') {
    return [...heaps, `events ${document.events}`, `lifetimes ${document.lifetimes.length}`, `page changes ${document.pages.length}`]
  }
  const reports = document.heapReports.map((report) => `report ${JSON.stringify(report)}`)
  const counts = [`segments ${document.segments.length}`, `regions ${document.regions.length}`, `blocks ${document.blocks.length}`]
  return [...heaps, ...reports, ...counts, ...(document.heapReports.length > 0 ? [] : listedLines(document))]
}
