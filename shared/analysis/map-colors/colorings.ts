import { roundDown, roundUp, type Bytes, type EventNumber } from '../../base/units'
import type { SegmentRecord, Snapshot } from '../../model/snapshot'

/*
 * What a memory map can be coloured by. Every cell takes the value that most of its bytes with a value have; bytes without
 * one (what is free, what the source does not tell) do not vote, so that a single block on an empty page is still seen.
 */
export const MAP_COLORINGS = ['state', 'class', 'age', 'site', 'heap', 'occupancy', 'confidence', 'changed'] as const
export type MapColoring = (typeof MAP_COLORINGS)[number]

/** `scale`: values in order; `set`: names; `change`: what became of the bytes. */
export type ColorScheme = 'set' | 'scale' | 'change'

export interface ColoringFacts {
  readonly title: string
  readonly scheme: ColorScheme
  /** Definition and unit, one sentence. */
  readonly what: string
}

export const COLORING_FACTS: Readonly<Record<MapColoring, ColoringFacts>> = {
  state: { title: 'State', scheme: 'set', what: 'What most bytes of a cell are: busy, internal, free, cached or uncommitted; paler where they are fewer.' },
  class: { title: 'Size class', scheme: 'scale', what: 'Size of busy blocks in bytes: as requested, or consumed where no request is known.' },
  age: { title: 'Age', scheme: 'scale', what: 'Events since a busy block was made.' },
  site: { title: 'Call site', scheme: 'set', what: 'Call site of busy blocks; the nine with most consumed bytes at this event have a colour each.' },
  heap: { title: 'Heap', scheme: 'set', what: 'Heap that committed bytes belong to; the nine with most of them have a colour each.' },
  occupancy: { title: 'Page occupancy', scheme: 'scale', what: 'Busy and internal bytes of a page as a share of its committed bytes (M11); cells of several pages show their mean.' },
  confidence: { title: 'Confidence', scheme: 'set', what: 'How far the walk of the heap can be trusted about the block.' },
  changed: { title: 'Changed since', scheme: 'change', what: 'What happened to the bytes between two events: kept by the same busy block, taken, given to another block, or freed.' },
}

export const NO_COLOR = 0

export interface ColoringWish {
  readonly by: Exclude<MapColoring, 'state'>
  /** For `changed`: the event to compare with, before or after the one shown. */
  readonly since?: EventNumber
}

/** One value or range of values; its code in a tile is its place among the entries plus 1. */
export interface ColorEntry {
  readonly name: string
  /** Second mark beside the colour. */
  readonly letter: string
  /** Filter text that keeps these blocks; null where blocks have no such column, or the text would be too long. */
  readonly filter: string | null
  readonly bytes: Bytes
  /** Blocks, or pages for `occupancy`; null where bytes are compared, not blocks. */
  readonly count: number | null
}

export type MapLegend =
  | { readonly available: true; readonly entries: readonly ColorEntry[] }
  | { readonly available: false; readonly reason: string }

/** Segments of more pages than this are not added up by page: 8 numbers a page would take over 270 MB. */
export const MOST_PAGES_SUMMED = 2 ** 22

/** Whether a page belongs to two segments; segments in order of address. */
export const sharePages = (segments: readonly SegmentRecord[], pageBytes: Bytes): boolean =>
  segments.some(({ base }, i) => i > 0 && roundDown(base, pageBytes) < roundUp(segments[i - 1]!.base + segments[i - 1]!.reservedBytes, pageBytes))

/** Why a moment cannot be coloured so, or null when it can. */
export function whyNotColored(snapshot: Snapshot, by: MapColoring, hasEvents: boolean): string | null {
  const { blocks, heaps, segments, siteNames, pageBytes } = snapshot
  switch (by) {
    case 'state':
    case 'class':
      return null
    case 'age':
      return snapshot.event === undefined || blocks.birth === undefined ? 'The source does not tell when its blocks were made.' : null
    case 'site':
      return blocks.site === undefined || siteNames.length === 0 ? 'The source has no call sites.' : null
    case 'heap':
      return heaps.length < 2 ? 'There is one heap only.' : null
    case 'occupancy': {
      if (sharePages(segments, pageBytes)) return 'Segments share pages.'
      if (snapshot.coverage !== 'all') return 'The source does not tell what lies between the busy blocks.'
      return segments.reduce((sum, { reservedBytes }) => sum + reservedBytes, 0) > MOST_PAGES_SUMMED * pageBytes ? `More than ${MOST_PAGES_SUMMED / 2 ** 20} million pages are reserved.` : null
    }
    case 'confidence':
      return blocks.confidence === undefined && heaps.every(({ confidence }) => confidence === 'verified') ? 'Every block is exact: nothing here was inferred.' : null
    case 'changed':
      return hasEvents ? null : 'A single snapshot has no events to compare.'
  }
}
