import { NOTHING_TOLD, type ReasonTable } from './reason-text'

/** Codes of the NT heaps. */
export const NtPlaced = {
  Exact: 1, Split: 2, Whole: 3, Committed: 4, Segment: 5, Virtual: 6, LfhSlot: 7, LfhNewSubSegment: 8, Resized: 9, Lookaside: 10,
} as const
export const NtGrown = {
  Initial: 1, Commit: 2, Segment: 3, Virtual: 4, Decommit: 5, SegmentReleased: 6, VirtualReleased: 7, FrontEnd: 8,
} as const

export const ntReasons: ReasonTable = {
  placed: [
    NOTHING_TOLD,
    { id: 'exact', text: 'The free list held a block of exactly {a:bytes}; of equal ones the one freed last is taken.' },
    { id: 'split', text: 'Split from the smallest free block that sufficed, of {a:bytes}; {b:bytes} stayed free behind it.' },
    { id: 'whole', text: 'A free block of {a:bytes} was handed out whole: the {b:bytes} too many are one unit, too small for a block.' },
    { id: 'committed', text: 'No free block sufficed: pages of an uncommitted range were committed, giving {a:bytes}, of which {b:bytes} stayed free.' },
    { id: 'segment', text: 'No free block and no uncommitted range sufficed: first block of new pages in a new segment, {a:bytes}, of which {b:bytes} stayed free.' },
    { id: 'virtual', text: 'Larger than the largest block of a segment: a reservation of its own of {a:bytes}, {b:bytes} more than asked for.' },
    { id: 'lfh-slot', text: 'Low-fragmentation heap: bucket {a:count}, sub-segment {b:count}.' },
    { id: 'lfh-new', text: 'Low-fragmentation heap: bucket {a:count} had no free slot, so a new sub-segment of {b:count} slots was made.' },
    { id: 'resized', text: 'Resized where it lay, from {a:bytes} to {b:bytes}.' },
    { id: 'lookaside', text: 'Look-aside list of {a:count} units: its newest block; {b:count} are left there.' },
  ],
  grown: [
    NOTHING_TOLD,
    { id: 'initial', text: 'The heap started with {a:bytes} committed of {b:bytes} reserved.' },
    { id: 'commit', text: 'No free block had {a:bytes}: {b:bytes} of an uncommitted range were committed.' },
    { id: 'segment', text: 'No uncommitted range had room for {a:bytes}: a new segment of {b:bytes} was reserved.' },
    { id: 'virtual', text: 'A request of {a:bytes} is larger than any block of a segment: {b:bytes} were reserved for it alone.' },
    { id: 'decommit', text: 'A free block of {a:bytes} reached the thresholds: {b:bytes} of it were decommitted.' },
    { id: 'segment-released', text: 'All blocks of a segment of {a:bytes} were free: it was released, {b:bytes} of it committed.' },
    { id: 'virtual-released', text: 'A block with a reservation of its own of {a:bytes} was freed.' },
    { id: 'front-end', text: 'The low-fragmentation heap was created after {a:count} allocations of {b:count} units.' },
  ],
}
