import { NOTHING_TOLD, type ReasonTable } from './reason-text'

/** Codes of the heaps that split and merge. */
export const FitPlaced = { Exact: 1, Split: 2, Whole: 3, Grown: 4, Resized: 5 } as const
export const FitGrown = { Initial: 1, Extended: 2, NewRange: 3, Trimmed: 4 } as const

export const fitReasons: ReasonTable = {
  placed: [
    NOTHING_TOLD,
    { id: 'exact', text: 'A free block of exactly {a:bytes} was there.' },
    { id: 'split', text: 'Split from a free block of {a:bytes}; {b:bytes} stayed free behind it.' },
    { id: 'whole', text: 'A free block of {a:bytes} was handed out whole: the {b:bytes} too many are less than a block of their own.' },
    { id: 'grown', text: 'No free block was large enough: cut from {a:bytes} at the end of the grown heap, of which {b:bytes} stayed free.' },
    { id: 'resized', text: 'Resized where it lay, from {a:bytes} to {b:bytes}.' },
  ],
  grown: [
    NOTHING_TOLD,
    { id: 'initial', text: 'The heap started with {a:bytes}.' },
    { id: 'extended', text: 'No free block had {a:bytes}: the heap grew by {b:bytes}.' },
    { id: 'new-range', text: 'No range had room for {a:bytes}: a further one of {b:bytes} was reserved.' },
    { id: 'trimmed', text: 'The free block at the end had grown to {a:bytes} and was given back.' },
  ],
}
