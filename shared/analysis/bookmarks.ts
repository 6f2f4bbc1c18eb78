import type { EventNumber } from '../base/units'

/** A marked event of a run. A run has at most one bookmark at an event. */
export interface Bookmark {
  readonly event: EventNumber
  /** One line; '' where the event alone says enough. */
  readonly note: string
}

/** The bookmark at one event before and after a change; null: none. */
export interface BookmarkChange {
  readonly event: EventNumber
  readonly before: Bookmark | null
  readonly after: Bookmark | null
}

export const MOST_BOOKMARKS = 500
export const LONGEST_NOTE = 500

/** A note as it is kept: one line without white space at its ends. */
export const noteLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_NOTE).trimEnd()

export const bookmarkAt = (bookmarks: readonly Bookmark[], event: EventNumber): Bookmark | null => bookmarks.find((mark) => mark.event === event) ?? null

/** Of two at one event the later one holds; in order of events, the first MOST_BOOKMARKS of them. */
export function orderedBookmarks(bookmarks: readonly Bookmark[]): readonly Bookmark[] {
  const byEvent = new Map(bookmarks.map((mark) => [mark.event, mark]))
  return [...byEvent.values()].sort((a, b) => a.event - b.event).slice(0, MOST_BOOKMARKS)
}

export function withChange(bookmarks: readonly Bookmark[], { event, after }: BookmarkChange): readonly Bookmark[] {
  const others = bookmarks.filter((mark) => mark.event !== event)
  return after === null ? others : orderedBookmarks([...others, after])
}

export const reversed = ({ event, before, after }: BookmarkChange): BookmarkChange => ({ event, before: after, after: before })

/** The nearest bookmark behind `event`, or before it; null where there is none. */
export function neighbourBookmark(bookmarks: readonly Bookmark[], event: EventNumber, forward: boolean): Bookmark | null {
  return (forward ? bookmarks.find((mark) => mark.event > event) : bookmarks.filter((mark) => mark.event < event).at(-1)) ?? null
}
