import { assertNever } from '../../base/assert'
import { HeapscapeError } from '../../base/errors'
import type { RunRequest } from '../../model/run'
import { USER_HIGH_32, USER_HIGH_64, USER_LOW_32, type AddressSpace, type AddressSpaceLimits } from '../vm/address-space'
import { BuddyHeap } from './buddy/buddy-heap'
import { createFieldHeap, FIELD_HEAP_IDS } from './field-heaps'
import { AddressIndex, RoverIndex } from './fit/address-index'
import { BreakHeap, type BreakRules, type MakeIndex } from './fit/break-heap'
import type { FitRules } from './fit/fit-heap'
import { FifoIndex, LifoIndex, SegregatedIndex } from './fit/list-index'
import { LargestIndex, SmallestIndex } from './fit/size-index'
import { TlsfHeap } from './fit/tlsf-heap'
import { LfhHeap } from './front-end/lfh-heap'
import { LookasideHeap } from './front-end/lookaside-heap'
import type { Heap, HeapObserver } from './heap'
import { KathHeap } from './kath-nt31/kath-heap'
import { createNtLfhHeap, createNtXpHeap } from './nt/create-nt-heap'
import { PtmallocHeap } from './ptmalloc-like/ptmalloc-heap'
import { readBoolean, readChoice, readNumber, readRealloc } from './request-values'
import { makeRouted, privateNtHeap } from './routed/make-routed'
import { makeSegmentHeap } from './segment-heap/make-segment-heap'
import { SimpleSegregatedHeap } from './simple-segregated/simple-segregated-heap'

const HEAP_IDS = [
  'first-fit',
  'next-fit',
  'best-fit',
  'worst-fit',
  'lifo-fit',
  'fifo-fit',
  'segregated',
  'simple-segregated',
  'buddy',
  'tlsf',
  'kath-nt31',
  'lookaside',
  'lfh',
  'ptmalloc-like',
  'segment-heap',
  'nt-xp',
  'nt-lfh',
] as const
export type HeapId = (typeof HEAP_IDS)[number]

/** Address space a request is carried out in: 32-bit unless its capacity asks for more. */
export function limitsOf(request: RunRequest): AddressSpaceLimits {
  const capacity = readNumber(request, 'capacity')
  return { low: USER_LOW_32, high: capacity > USER_HIGH_32 - USER_LOW_32 ? USER_HIGH_64 : USER_HIGH_32 }
}

/**
 * A fresh heap; its first memory is taken from the space at once.
 * @throws HeapscapeError `heap-unknown`; `parameter-invalid` when a value is missing or of the wrong type
 */
export function createHeap(request: RunRequest, space: AddressSpace, observer: HeapObserver): Heap {
  const number = (name: string): number => readNumber(request, name)
  const field = FIELD_HEAP_IDS.find((known) => known === request.heap)
  if (field !== undefined) return createFieldHeap(field, request, space, observer)
  const id = HEAP_IDS.find((known) => known === request.heap)
  switch (id) {
    case undefined:
      throw new HeapscapeError('heap-unknown', { got: request.heap, expected: [...HEAP_IDS, ...FIELD_HEAP_IDS].join(', ') })
    case 'simple-segregated':
      return new SimpleSegregatedHeap(
        {
          header: number('header'),
          minBlock: number('minBlock'),
          pageBytes: number('pageBytes'),
          spacing: number('spacing'),
          capacity: number('capacity'),
          realloc: readRealloc(request),
        },
        space,
        observer,
      )
    case 'buddy':
      return new BuddyHeap(
        { header: number('header'), minOrder: number('minOrder'), capacity: number('capacity'), realloc: readRealloc(request) },
        space,
      )
    case 'tlsf':
      return new TlsfHeap(
        { ...readBreakRules(request), slLog: number('slLog'), small: number('small'), roundRequest: readBoolean(request, 'roundRequest') },
        space,
        observer,
      )
    case 'kath-nt31':
      return new KathHeap(
        {
          granule: number('granule'),
          tail: number('tail'),
          reserve: number('reserve'),
          commit: number('commit'),
          capacity: number('capacity'),
          realloc: readRealloc(request),
        },
        space,
        undefined,
        observer.explain,
      )
    case 'lookaside':
      return new LookasideHeap({ ...readFrontEndRules(request), depth: number('depth'), largest: number('largest') }, space, observer)
    case 'lfh':
      return new LfhHeap(
        {
          ...readFrontEndRules(request),
          armAt: number('armAt'),
          creationDelay: number('creationDelay'),
          largest: number('largest'),
          slots: number('slots'),
        },
        space,
        observer,
      )
    case 'ptmalloc-like':
      return makePtmalloc(request, space, observer)
    case 'segment-heap':
      return makeRouted(request, observer, (part, told) => makeSegmentHeap(part, space, told), (number) => ({ seed: (number + readNumber(request, 'seed')) % 2 ** 31 }))
    case 'nt-xp':
      return makeRouted(request, observer, (part, told) => createNtXpHeap(part, space, told), privateNtHeap)
    case 'nt-lfh':
      return makeRouted(request, observer, (part, told) => createNtLfhHeap(part, space, told), privateNtHeap)
    default:
      return new BreakHeap(readBreakRules(request), indexFor(id, request), space, observer)
  }
}

type BreakHeapId = Exclude<HeapId, 'simple-segregated' | 'buddy' | 'tlsf' | 'kath-nt31' | 'lookaside' | 'lfh' | 'ptmalloc-like' | 'segment-heap' | 'nt-xp' | 'nt-lfh'>

function indexFor(id: BreakHeapId, request: RunRequest): MakeIndex {
  switch (id) {
    case 'first-fit':
      return (blocks, origin, span) => new AddressIndex(blocks, origin, span)
    case 'next-fit':
      return (blocks, origin, span) => new RoverIndex(blocks, origin, span)
    case 'best-fit':
      return (blocks) => new SmallestIndex(blocks, readNumber(request, 'align'))
    case 'worst-fit':
      return (blocks) => new LargestIndex(blocks, readNumber(request, 'align'))
    case 'lifo-fit':
      return (blocks) => new LifoIndex(blocks)
    case 'fifo-fit':
      return (blocks) => new FifoIndex(blocks)
    case 'segregated':
      return (blocks) => new SegregatedIndex(blocks, readNumber(request, 'align'), readNumber(request, 'lists'), readNumber(request, 'spacing'))
    default:
      return assertNever(id)
  }
}

function makePtmalloc(request: RunRequest, space: AddressSpace, observer: HeapObserver): Heap {
  const number = (name: string): number => readNumber(request, name)
  return new PtmallocHeap(
    {
      tcacheCount: number('tcacheCount'),
      tcacheMax: number('tcacheMax'),
      maxFast: number('maxFast'),
      consolidateAt: number('consolidateAt'),
      topPad: number('topPad'),
      trimThreshold: number('trimThreshold'),
      mmapThreshold: number('mmapThreshold'),
      mmapThresholdMax: number('mmapThresholdMax'),
      dynamic: readBoolean(request, 'dynamic'),
      capacity: number('capacity'),
    },
    space,
    observer,
  )
}

function readBreakRules(request: RunRequest): BreakRules {
  const number = (name: string): number => readNumber(request, name)
  return {
    header: number('header'),
    align: number('align'),
    minBlock: number('minBlock'),
    splitMin: number('splitMin'),
    coalesce: readChoice<FitRules['coalesce']>(request, 'coalesce', ['immediate', 'deferred', 'never']),
    deferCount: number('deferCount'),
    realloc: readChoice<FitRules['realloc']>(request, 'realloc', ['copy', 'in-block', 'in-place-forward']),
    base: number('base'),
    initial: number('initial'),
    chunk: number('chunk'),
    growExact: readBoolean(request, 'growExact'),
    capacity: number('capacity'),
    trim: number('trim'),
  }
}

/** Back end of the front-end models: merges at once and grows exactly, so that nothing but the front end shows. */
function readFrontEndRules(request: RunRequest): BreakRules {
  const number = (name: string): number => readNumber(request, name)
  return {
    header: number('header'),
    align: number('align'),
    minBlock: number('minBlock'),
    splitMin: number('splitMin'),
    coalesce: 'immediate',
    deferCount: 1,
    realloc: 'copy',
    base: number('base'),
    initial: 0,
    chunk: number('align'),
    growExact: true,
    capacity: number('capacity'),
    trim: 0,
  }
}
