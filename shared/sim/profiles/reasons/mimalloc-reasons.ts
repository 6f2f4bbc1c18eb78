import { NOTHING_TOLD, type ReasonTable } from './reason-text'

export const MimallocPlaced = { Free: 1, Freed: 2, Cut: 3, FreshPage: 4, Huge: 5, Kept: 6 } as const
export const MimallocGrown = { Segment: 1, Page: 2, PageGiven: 3, SegmentGiven: 4, Refused: 5 } as const

export const mimallocReasons: ReasonTable = {
  placed: [
    NOTHING_TOLD,
    { id: 'free', text: 'Head of the free list of the first page for blocks of {a:bytes}; {b:count} were in use there.' },
    { id: 'freed', text: 'The free list of the first page for blocks of {a:bytes} had run out: those freed since took its place; {b:count} were in use there.' },
    { id: 'cut', text: 'The first page for blocks of {a:bytes} had no free one: further ones were cut from it, {b:count} are left to be cut.' },
    { id: 'fresh-page', text: 'No page for blocks of {a:bytes} had one left: first block of a fresh page with room for {b:count}.' },
    { id: 'huge', text: 'Too large for a page: a segment of its own, with {a:bytes} for the block.' },
    { id: 'kept', text: 'Stayed in its block of {a:bytes}: the new {b:bytes} fit and use at least half of it.' },
  ],
  grown: [
    NOTHING_TOLD,
    { id: 'segment', text: 'No segment had a page left: one of {a:bytes} was reserved, for pages of {b:bytes}.' },
    { id: 'page', text: 'A fresh page of {a:bytes} was committed.' },
    { id: 'page-given', text: 'An empty page of {a:bytes} was decommitted.' },
    { id: 'segment-given', text: 'A segment of {a:bytes} without pages was given back.' },
    { id: 'refused', text: 'A request failed: the system had no {a:bytes} more for a heap of {b:bytes}.' },
  ],
}
