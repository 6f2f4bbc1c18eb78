import type { RunRequest } from '../../../model/run'
import type { HeapMemory } from '../../vm/heap-memory'
import type { HeapObserver } from '../heap'
import { readBoolean, readChoice, readNumber, readRealloc } from '../request-values'
import { SegmentHeap } from './segment-heap'
import type { SegmentRules } from './segment-rules'

/** @throws HeapscapeError `parameter-invalid` when a value is missing or of the wrong type */
export function makeSegmentHeap(request: RunRequest, space: HeapMemory, observer: HeapObserver): SegmentHeap {
  return new SegmentHeap(readRules(request), space, observer)
}

function readRules(request: RunRequest): SegmentRules {
  const number = (name: string): number => readNumber(request, name)
  return {
    bits: readChoice(request, 'bits', ['64', '32']) === '64' ? 64 : 32,
    padding: number('padding'),
    lfhLargest: number('lfhLargest'),
    vsLargest: number('vsLargest'),
    pageLargest: number('pageLargest'),
    wideLargest: number('wideLargest'),
    lfh: readBoolean(request, 'lfh'),
    activeAt: number('activeAt'),
    activeAtTotal: number('activeAtTotal'),
    affinitySlots: number('affinitySlots'),
    affinityAt: number('affinityAt'),
    vsDecommitPages: number('vsDecommitPages'),
    guardPages: readBoolean(request, 'guardPages'),
    keepPages: number('keepPages'),
    keepShift: number('keepShift'),
    baseSpread: number('baseSpread'),
    seed: number('seed'),
    realloc: readRealloc(request),
    capacity: number('capacity'),
  }
}
