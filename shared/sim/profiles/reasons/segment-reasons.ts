import { NOTHING_TOLD, type ReasonTable } from './reason-text'

/** Codes of the Segment Heap. */
export const SegmentPlaced = { Slot: 1, FreshSlot: 2, Activating: 3, Exact: 4, Split: 5, Whole: 6, FreshChunk: 7, Pages: 8, Large: 9, Resized: 10 } as const
export const SegmentGrown = { Initial: 1, Segment: 2, Slots: 3, Chunks: 4, ChunkPages: 5, Pages: 6, Large: 7, RangeDecommitted: 8, ChunkDecommitted: 9, SegmentReleased: 10, LargeReleased: 11 } as const

export const segmentReasons: ReasonTable = {
  placed: [
    NOTHING_TOLD,
    { id: 'slot', text: 'The bucket of {a:bytes} is active: slot {b:count} of its sub-segment, drawn among the free ones of 32.' },
    { id: 'fresh-slot', text: 'All slots of {a:bytes} at hand were taken: slot {b:count} of another sub-segment, drawn at random.' },
    { id: 'activating', text: 'This was request number {b:count} of its size, with which the bucket of {a:bytes} became active: a slot of its first sub-segment.' },
    { id: 'exact', text: 'A free chunk of exactly {a:bytes} was there.' },
    { id: 'split', text: 'Best fit: split from a free chunk of {a:bytes}; {b:bytes} stayed free behind it.' },
    { id: 'whole', text: 'Best fit: a free chunk of {a:bytes} was handed out whole, as the {b:bytes} too many are less than a chunk.' },
    { id: 'fresh-chunk', text: 'No free chunk was large enough: the start of a new sub-segment, of which {b:bytes} stayed free.' },
    { id: 'pages', text: 'Too large for chunks: {a:count} units of {b:bytes} from the smallest free page range that has them.' },
    { id: 'large', text: 'Too large for page ranges: a reservation of its own, {a:bytes} committed and {b:bytes} of guard page.' },
    { id: 'resized', text: 'Resized where it lay, from {a:bytes} to {b:bytes}.' },
  ],
  grown: [
    NOTHING_TOLD,
    { id: 'initial', text: 'The heap started with {a:bytes} for its own structures.' },
    { id: 'segment', text: 'No free page range had {b:bytes}: a segment of {a:bytes} was reserved.' },
    { id: 'slots', text: 'No slot of {a:bytes} was free: a sub-segment of {b:bytes} was made for more.' },
    { id: 'chunks', text: 'No free chunk had {a:bytes}: a sub-segment of {b:bytes} was made, of which one page is committed.' },
    { id: 'chunk-pages', text: 'The chunk of {a:bytes} reached pages that were not committed: {b:bytes} more.' },
    { id: 'pages', text: 'A page range of {a:bytes} was taken; {b:bytes} of it had to be committed.' },
    { id: 'large', text: 'A block of {a:bytes} got a reservation of its own.' },
    { id: 'range-decommitted', text: 'Free page ranges had more than {b:bytes} committed: the {a:bytes} of the range just freed were decommitted.' },
    { id: 'chunk-decommitted', text: 'A freed chunk of {b:bytes} had whole pages inside: {a:bytes} of them were decommitted.' },
    { id: 'segment-released', text: 'A segment of {a:bytes} was empty, and not the only one: released.' },
    { id: 'large-released', text: 'A large block of {a:bytes} was freed: its reservation was released.' },
  ],
}
