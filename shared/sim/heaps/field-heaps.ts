import type { RunRequest } from '../../model/run'
import type { AddressSpace } from '../vm/address-space'
import type { Heap, HeapObserver } from './heap'
import { MimallocHeap } from './mimalloc-like/mimalloc-heap'
import { readBoolean, readChoice, readNumber, readRealloc } from './request-values'
import { SlabHeap } from './slab/slab-heap'

/** Managers that keep pages of equal blocks, like those of other systems, for contrast. */
export const FIELD_HEAP_IDS = ['mimalloc-like', 'slab'] as const
export type FieldHeapId = (typeof FIELD_HEAP_IDS)[number]

/** @throws HeapscapeError `parameter-invalid` when a value is missing or of the wrong type */
export function createFieldHeap(id: FieldHeapId, request: RunRequest, space: AddressSpace, observer: HeapObserver): Heap {
  switch (id) {
    case 'mimalloc-like':
      return makeMimalloc(request, space, observer)
    case 'slab':
      return makeSlab(request, space, observer)
  }
}

function makeMimalloc(request: RunRequest, space: AddressSpace, observer: HeapObserver): Heap {
  const number = (name: string): number => readNumber(request, name)
  return new MimallocHeap(
    {
      segmentBytes: number('segmentBytes'),
      segmentHeader: number('segmentHeader'),
      smallPage: number('smallPage'),
      mediumPage: number('mediumPage'),
      smallMost: number('smallMost'),
      mediumMost: number('mediumMost'),
      largeMost: number('largeMost'),
      extend: number('extend'),
      eagerCommit: readBoolean(request, 'eagerCommit'),
      capacity: number('capacity'),
    },
    space,
    observer,
  )
}

function makeSlab(request: RunRequest, space: AddressSpace, observer: HeapObserver): Heap {
  const number = (name: string): number => readNumber(request, name)
  return new SlabHeap(
    {
      classes: readChoice<'powers' | 'powers-96-192'>(request, 'classes', ['powers', 'powers-96-192']),
      smallest: number('smallest'),
      largest: number('largest'),
      slabHeader: number('slabHeader'),
      objectsMin: number('objectsMin'),
      slabMost: number('slabMost'),
      emptyKept: number('emptyKept'),
      colour: number('colour'),
      realloc: readRealloc(request),
      capacity: number('capacity'),
    },
    space,
    observer,
  )
}
