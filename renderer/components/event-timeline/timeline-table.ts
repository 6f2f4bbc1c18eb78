import type { ShownColumn, ShownTable } from '../../../shared/base/shown-table'
import type { TimelinePage } from './layout'

/** The page shown as a table: the event each bucket ends at, then least, most and last value of every line. */
export function timelineTable(page: TimelinePage | null, title: string, note: string): ShownTable {
  const series = Object.entries(page?.series ?? {})
  const columns: ShownColumn[] = [{ key: 'event', label: 'Event' }]
  for (const [name] of series) for (const part of ['min', 'max', 'last']) columns.push({ key: `${name}_${part}`, label: `${name} ${part}`, unit: 'bytes' })
  const rows = Array.from(page?.events ?? [], (event, i) => [event, ...series.flatMap(([, { min, max, last }]) => [min[i] ?? null, max[i] ?? null, last[i] ?? null])])
  return { title, notes: [note], columns, rows }
}
