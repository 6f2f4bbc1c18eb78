import type { ComparedMoment, Comparison, MetricDifference, SizeClassDifference, SplitDifference } from '../../../shared/analysis/compare-runs'
import { metricDefinitions, type MetricDefinition, type MetricValue } from '../../../shared/analysis/metrics/definitions'
import type { Bytes, EventNumber } from '../../../shared/base/units'

/*
 * What the comparison's tables and bars show.
 *
 *   A       |=========|                      footprint of A
 *   live              |==>|                  each term starts where the one before ended
 *   rounding           <==|
 *   B       |==========|                     so the last one ends at B, to the byte
 */
export interface WaterfallRow {
  readonly term: string
  readonly label: string
  readonly a: Bytes
  readonly b: Bytes
  readonly difference: Bytes
  /** Ends of the bar in bytes. */
  readonly from: Bytes
  readonly to: Bytes
  readonly kind: 'total' | 'step'
}

export interface Waterfall {
  readonly rows: readonly WaterfallRow[]
  /** Ends of the scale, in bytes. */
  readonly least: Bytes
  readonly most: Bytes
}

const TERM_LABELS: Readonly<Record<SplitDifference['term'], string>> = {
  live: 'Live',
  header: 'Headers',
  rounding: 'Rounding',
  internal: 'Internal',
  pinnedFree: 'Free, pinned',
  releasableFree: 'Free, releasable',
  cachedFree: 'Cached',
  committed: 'Footprint',
  uncommitted: 'Uncommitted',
  reserved: 'Reserved',
}
const TOTALS: readonly string[] = ['committed', 'uncommitted', 'reserved']

/** The additive split of the footprint's change: A's footprint, one step per term, B's footprint. */
export function buildWaterfall(split: readonly SplitDifference[]): Waterfall {
  const committed = split.find((one) => one.term === 'committed')
  const rows: WaterfallRow[] = []
  let at = committed?.a ?? 0
  rows.push({ term: 'a', label: 'Footprint of A', a: at, b: 0, difference: 0, from: 0, to: at, kind: 'total' })
  for (const { term, a, b, difference } of split) {
    if (TOTALS.includes(term)) continue
    rows.push({ term, label: TERM_LABELS[term], a, b, difference, from: at, to: at + difference, kind: 'step' })
    at += difference
  }
  rows.push({ term: 'b', label: 'Footprint of B', a: 0, b: at, difference: committed?.difference ?? 0, from: 0, to: at, kind: 'total' })
  const ends = rows.slice(1, -1).flatMap((row) => [row.from, row.to]).concat(rows[0]!.to, at)
  const lowest = Math.min(...ends)
  const highest = Math.max(...ends)
  // The scale begins near the smallest total: steps of a per cent would not be seen beside a whole bar.
  const least = Math.max(0, lowest - (highest - lowest) * 0.25)
  return { rows, least: highest === lowest ? 0 : least, most: Math.max(1, highest) }
}

/** Place and length of a bar in per cent of the scale. */
export function barPlace(row: { from: number; to: number }, scale: { least: number; most: number }): { left: number; width: number } {
  const span = Math.max(1e-9, scale.most - scale.least)
  const place = (bytes: number): number => (100 * (Math.min(scale.most, Math.max(scale.least, bytes)) - scale.least)) / span
  const left = Math.min(place(row.from), place(row.to))
  return { left, width: Math.abs(place(row.to) - place(row.from)) }
}

export interface MetricRow {
  readonly difference: MetricDifference
  readonly definition: MetricDefinition
  readonly value: MetricValue
}

/** Figures of one moment, in the order of their definitions. */
export function metricRows(comparison: Comparison, moment: ComparedMoment): MetricRow[] {
  return comparison.metrics.filter((one) => one.moment === moment).flatMap((difference) => {
    for (const definition of metricDefinitions) {
      const value = definition.values.find((candidate) => candidate.key === difference.key)
      if (value !== undefined) return [{ difference, definition, value }]
    }
    return []
  })
}

export interface SizeClassRow {
  readonly upperBytes: Bytes
  readonly lowerBytes: Bytes
  readonly blocksA: number
  readonly blocksB: number
  readonly consumed: Bytes
  readonly pinned: Bytes
}

/** Classes in which anything differs or is there on either side. */
export function sizeClassRows(table: SizeClassDifference): SizeClassRow[] {
  const rows: SizeClassRow[] = []
  for (let i = 0; i < table.upperBytes.length; i++) {
    if (table.blocksA[i] === 0 && table.blocksB[i] === 0) continue
    rows.push({
      lowerBytes: i === 0 ? 0 : table.upperBytes[i - 1]!,
      upperBytes: table.upperBytes[i]!,
      blocksA: table.blocksA[i]!,
      blocksB: table.blocksB[i]!,
      consumed: table.consumedB[i]! - table.consumedA[i]!,
      pinned: table.pinnedB[i]! - table.pinnedA[i]!,
    })
  }
  return rows
}

export interface PairedEvents {
  readonly a: EventNumber
  readonly b: EventNumber
}

/** The event of the other run that belongs to `event`: the same of one trace, else the same share of the run. */
export function pairedEvent(pairing: Comparison['pairing'], event: EventNumber, own: EventNumber, other: EventNumber): EventNumber {
  if (pairing === 'operations') return Math.min(event, other)
  return own === 0 ? 0 : Math.round((event / own) * other)
}

/** What a difference means, in words. */
export function readingText(reading: MetricDifference['reading']): string {
  switch (reading) {
    case 'better': return 'B better'
    case 'worse': return 'B worse'
    case 'equal': return 'equal'
    case 'neutral': return 'differs'
    case 'unknown': return 'no value'
  }
}
