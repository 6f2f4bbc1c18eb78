import type { RankedPoint, SweepRanking } from '../../../shared/analysis/sweep/sweep-ranking'
import type { TilingSplit } from '../../../shared/analysis/metrics/types'
import type { VariantSplit } from '../../../shared/analysis/sweep/sweep-drawings'
import type { TableColumn } from '../../components/table-column'
import { formatBytes, formatCount, formatDifference, NOT_AVAILABLE } from '../../components/format'
import { choiceTitle } from './what-if-form'
import { SPLIT_TERMS, TERM_MEANINGS, TERM_TITLES } from './layout'

/* The three tables of a sweep: the same heaps as ranked, as differences from the baseline, and by what their bytes are. */
export const RESULT_TABS = [
  { id: 'ranking', title: 'Ranking' },
  { id: 'differences', title: 'Differences' },
  { id: 'split', title: 'Bytes at the peak' },
] as const
export type ResultTab = (typeof RESULT_TABS)[number]['id']

/** One heap with its settings; `value` answers for every column, null where it is not available. */
export interface ResultRow {
  readonly point: RankedPoint
  /** Place in the ranking, from 0. */
  readonly place: number
  readonly title: string
  readonly split: TilingSplit | undefined
  readonly reference: RankedPoint | undefined
}

export interface ResultColumn extends TableColumn {
  readonly value: (row: ResultRow) => number | string | null
  readonly text: (row: ResultRow) => string
}

const count = (value: number | null): string => (value === null ? NOT_AVAILABLE : formatCount(value))
const bytes = (value: number | null): string => (value === null ? NOT_AVAILABLE : formatBytes(value))
const percent = (share: number | null): string => (share === null ? NOT_AVAILABLE : `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)} %`)

/** Key `request` with its settings: `First fit · Textbook; align=8`. */
export function variantTitle({ request, settings }: Pick<RankedPoint, 'request' | 'settings'>): string {
  const changed = Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(', ')
  const title = choiceTitle(`${request.heap}/${request.profile}`)
  return changed === '' ? title : `${title}; ${changed}`
}

export function resultRows(ranking: SweepRanking, splits: readonly VariantSplit[]): ResultRow[] {
  const splitOf = new Map(splits.map(({ key, split }) => [key, split]))
  const reference = ranking.points.find(({ key }) => key === ranking.reference)
  return ranking.points.map((point, place) => ({ point, place, title: variantTitle(point), split: splitOf.get(point.key), reference }))
}

const PLACE: ResultColumn = { key: 'place', label: '#', leastPx: 62, grow: 0, align: 'right', sortable: true, hint: 'Place in the ranking: fewest failed requests, then smallest peak, then least waste', value: ({ place }) => place, text: ({ place }) => String(place + 1) }
const NAME: ResultColumn = { key: 'name', label: 'Heap and settings', leastPx: 190, grow: 3, sortable: true, value: ({ title }) => title, text: ({ title }) => title }

type Measure = 'peakFootprintBytes' | 'meanWastedBytes' | 'pinnedAtEndBytes' | 'failedRequests' | 'searchSteps'
const MEASURES: readonly { readonly id: Measure; readonly label: string; readonly hint: string; readonly leastPx: number; readonly isBytes: boolean }[] = [
  { id: 'peakFootprintBytes', label: 'Peak', leastPx: 84, isBytes: true, hint: 'Most committed bytes, summed over the traces (max C)' },
  { id: 'meanWastedBytes', label: 'Waste', leastPx: 84, isBytes: true, hint: 'Committed but not live bytes, mean over events (∫(C − Q) dt / ∫dt), summed over the traces' },
  { id: 'pinnedAtEndBytes', label: 'Pinned', leastPx: 84, isBytes: true, hint: 'Free bytes at the end on pages that also hold busy blocks: they cannot be given back' },
  { id: 'failedRequests', label: 'Failed', leastPx: 64, isBytes: false, hint: 'Requests that got no memory' },
  { id: 'searchSteps', label: 'Search', leastPx: 84, isBytes: false, hint: 'Free blocks that searches looked at, as a walk along the heap’s own lists would; a dash where the heap does not count them' },
]

function measured({ id, label, hint, leastPx, isBytes }: (typeof MEASURES)[number]): ResultColumn {
  return { key: id, label, leastPx, grow: 1, align: 'right', mono: true, sortable: true, hint, value: ({ point }) => point[id], text: ({ point }) => (isBytes ? bytes : count)(point[id]) }
}

const differenceOf = ({ point, reference }: ResultRow, id: Measure): number | null => {
  const [own, other] = [point[id], reference?.[id] ?? null]
  return own === null || other === null ? null : own - other
}

function difference({ id, label, hint, isBytes }: (typeof MEASURES)[number]): ResultColumn {
  const text = (row: ResultRow): string => {
    const value = differenceOf(row, id)
    if (value === null) return NOT_AVAILABLE
    return isBytes ? `${value > 0 ? '+' : ''}${formatBytes(Math.round(value))}` : formatDifference(value)
  }
  return { key: `${id}-difference`, label, leastPx: 88, grow: 1, align: 'right', mono: true, sortable: true, hint: `Difference from the baseline. ${hint}`, value: (row) => differenceOf(row, id), text }
}

const CHANGE: ResultColumn = { key: 'change', label: 'Against', leastPx: 88, grow: 0, align: 'right', mono: true, sortable: true, hint: 'Peak against the baseline’s', value: ({ point }) => point.change, text: ({ point, reference }) => (point.key === reference?.key ? 'baseline' : percent(point.change)) }
const FRONTIER: ResultColumn = { key: 'frontier', label: 'Trade-off', leastPx: 78, grow: 0, sortable: true, hint: 'Pareto: no other choice that serves as much is better in both peak and waste', value: ({ point }) => (point.onFrontier ? 0 : 1), text: ({ point }) => (point.onFrontier ? '◆ best' : '') }

export const RESULT_COLUMNS: Readonly<Record<ResultTab, readonly ResultColumn[]>> = {
  ranking: [PLACE, NAME, measured(MEASURES[0]!), CHANGE, ...MEASURES.slice(1).map(measured), FRONTIER],
  differences: [PLACE, NAME, CHANGE, ...MEASURES.map(difference)],
  split: [
    PLACE,
    NAME,
    ...SPLIT_TERMS.map((term): ResultColumn => ({ key: term, label: TERM_TITLES[term], leastPx: 84, grow: 1, align: 'right', mono: true, sortable: true, hint: TERM_MEANINGS[term], value: ({ split }) => split?.[term] ?? null, text: ({ split }) => bytes(split?.[term] ?? null) })),
    { key: 'committed', label: 'Committed', leastPx: 84, grow: 1, align: 'right', mono: true, sortable: true, hint: 'Sum of the terms, at each trace’s own peak', value: ({ split }) => split?.committed ?? null, text: ({ split }) => bytes(split?.committed ?? null) },
  ],
}

/** The heap, its profile, and the settings that were tried, which tell rows of one profile apart. */
export function nameParts(title: string): readonly [heap: string, profile: string, settings: string] {
  const settings = title.lastIndexOf('; ')
  const whole = settings < 0 ? title : title.slice(0, settings)
  const profile = whole.indexOf(' · ')
  return [profile < 0 ? whole : whole.slice(0, profile), profile < 0 ? '' : whole.slice(profile), title.slice(whole.length)]
}

/** Parts up to this long stay whole. */
const WHOLE_LETTERS = 14

/** How readily a part of a name is cut where the whole has no room: the long ones first, settings never. */
export const cutWeight = (part: string, place: number): number => (place === 2 ? 0 : Math.max(0, part.length - WHOLE_LETTERS))

/** Room that the longest name takes at 12 px, within limits. */
const NAME_PX_PER_LETTER = 6.6
const MOST_NAME_PX = 340

export function resultColumns(tab: ResultTab, rows: readonly ResultRow[]): readonly ResultColumn[] {
  const letters = rows.reduce((most, { title }) => Math.max(most, title.length), 0)
  const leastPx = Math.max(NAME.leastPx, Math.min(MOST_NAME_PX, Math.ceil(20 + letters * NAME_PX_PER_LETTER)))
  return RESULT_COLUMNS[tab].map((column) => (column.key === NAME.key ? { ...column, leastPx } : column))
}

/** What is missing stands last in either direction; equal values stay in their ranks. */
export function sortRows(rows: readonly ResultRow[], column: ResultColumn | undefined, descending: boolean): readonly ResultRow[] {
  if (column === undefined) return rows
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)]
    if (x === null || y === null) return x === y ? a.place - b.place : x === null ? 1 : -1
    return sign * (x < y ? -1 : x > y ? 1 : 0) || a.place - b.place
  })
}
