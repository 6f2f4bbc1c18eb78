import type { ColorEntry } from '../../../shared/analysis/map-colors/colorings'

/*
 * A click on a value of the legend keeps its blocks, beside the condition that is there already:
 *
 *   size > 4k                  ->  (size > 4k) and state = busy and age in 0..3
 *   the same value again       ->  size > 4k
 *   another value              ->  (size > 4k) and state = busy and age in 4..15
 */
const JOINT = ') and '

/** The part of a condition that no value of the legend has put there; '' for none. */
function ownCondition(where: string, entries: readonly ColorEntry[]): string {
  for (const { filter } of entries) {
    if (filter === null) continue
    if (where === filter) return ''
    if (where.startsWith('(') && where.endsWith(JOINT + filter)) return where.slice(1, -(JOINT + filter).length)
  }
  return where
}

const withEntry = (own: string, filter: string): string => (own === '' ? filter : `(${own}${JOINT}${filter}`)

export const isChosen = (where: string, entry: ColorEntry): boolean => entry.filter !== null && (where === entry.filter || (where.startsWith('(') && where.endsWith(JOINT + entry.filter)))

/** The condition after a click; undefined: none is left. */
export function toggledCondition(where: string, entry: ColorEntry, entries: readonly ColorEntry[]): string | undefined {
  const own = ownCondition(where, entries)
  if (entry.filter === null) return where === '' ? undefined : where
  const next = isChosen(where, entry) ? own : withEntry(own, entry.filter)
  return next === '' ? undefined : next
}
