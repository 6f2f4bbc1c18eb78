import { NOTHING_TOLD, type ReasonTable } from './reason-text'

export const PtmallocPlaced = {
  ThreadCache: 1,
  FastBin: 2,
  SmallBin: 3,
  Unsorted: 4,
  LastRemainder: 5,
  LargeBin: 6,
  HigherBin: 7,
  Top: 8,
  GrownTop: 9,
  Mapped: 10,
  Remapped: 11,
  Resized: 12,
} as const
export const PtmallocGrown = { Start: 1, Extended: 2, Trimmed: 3, Mapped: 4, Unmapped: 5, Remapped: 6 } as const

export const ptmallocReasons: ReasonTable = {
  placed: [
    NOTHING_TOLD,
    { id: 'thread-cache', text: 'The newest chunk of {a:bytes} in the thread cache.' },
    { id: 'fast-bin', text: 'The newest chunk in the fast bin of {a:bytes}.' },
    { id: 'small-bin', text: 'The oldest chunk in the small bin of {a:bytes}.' },
    { id: 'unsorted', text: 'An unsorted chunk of exactly {a:bytes} was there.' },
    { id: 'last-remainder', text: 'Cut from the {a:bytes} that were left of the last split; {b:bytes} stayed.' },
    { id: 'large-bin', text: 'Best fit in the large bin of its size: a chunk of {a:bytes}, of which {b:bytes} stayed free.' },
    { id: 'higher-bin', text: 'Its own bin had none: taken from a chunk of {a:bytes} in the next higher bin, of which {b:bytes} stayed free.' },
    { id: 'top', text: 'No bin had a chunk: {a:bytes} cut from the top, where {b:bytes} stayed.' },
    { id: 'grown-top', text: 'Neither bins nor top sufficed: {a:bytes} cut from the top after it grew by {b:bytes}.' },
    { id: 'mapped', text: 'A mapping of its own of {a:bytes}: no free memory sufficed, and the mapping threshold was {b:bytes}.' },
    { id: 'remapped', text: 'Its mapping was resized by the system from {a:bytes} to {b:bytes}.' },
    { id: 'resized', text: 'Resized where it lay, from {a:bytes} to {b:bytes}.' },
  ],
  grown: [
    NOTHING_TOLD,
    { id: 'start', text: 'The first request: the heap starts with {a:bytes}.' },
    { id: 'extended', text: 'Neither bins nor top had {a:bytes}: the heap grew by {b:bytes}.' },
    { id: 'trimmed', text: 'The top had grown to {a:bytes}: {b:bytes} of it were given back.' },
    { id: 'mapped', text: 'A chunk of {a:bytes} got a mapping of its own of {b:bytes}.' },
    { id: 'unmapped', text: 'A freed mapping of {a:bytes} was given back; the mapping threshold is {b:bytes} now.' },
    { id: 'remapped', text: 'A mapping of {a:bytes} was resized to {b:bytes}.' },
  ],
}
