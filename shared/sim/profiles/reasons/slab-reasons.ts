import { NOTHING_TOLD, type ReasonTable } from './reason-text'

export const SlabPlaced = { Partial: 1, Empty: 2, Fresh: 3, Pages: 4, Kept: 5 } as const
export const SlabGrown = { Slab: 1, SlabGiven: 2, Pages: 3, PagesGiven: 4, Refused: 5 } as const

export const slabReasons: ReasonTable = {
  placed: [
    NOTHING_TOLD,
    { id: 'partial', text: 'Newest free object of the first partial slab in the cache of {a:bytes}; {b:count} were in use there.' },
    { id: 'empty', text: 'No slab in the cache of {a:bytes} was partial: an empty one with room for {b:count} serves.' },
    { id: 'fresh', text: 'The cache of {a:bytes} had neither a partial nor an empty slab: first object of a new one with room for {b:count}.' },
    { id: 'pages', text: 'Too large for any cache: whole pages, {a:bytes}.' },
    { id: 'kept', text: 'Stayed in its object of {a:bytes}: the new {b:bytes} belong to the same cache.' },
  ],
  grown: [
    NOTHING_TOLD,
    { id: 'slab', text: 'The cache of {a:bytes} had no free object: a slab of {b:bytes} was made.' },
    { id: 'slab-given', text: 'The cache of {a:bytes} had empty slabs enough: one of {b:bytes} was given back.' },
    { id: 'pages', text: 'A request of {a:bytes} took whole pages, {b:bytes}.' },
    { id: 'pages-given', text: 'Pages of a large block, {a:bytes}, were given back.' },
    { id: 'refused', text: 'A request failed: the system had no {a:bytes} more for a heap of {b:bytes}.' },
  ],
}
