import type { RunRequest } from '../../../model/run'
import { SEGMENT_BUILDS } from '../../profiles/segment-parameters'
import type { HeapMemory } from '../../vm/heap-memory'
import type { HeapObserver } from '../heap'
import { readBoolean, readChoice, readNumber, readRealloc } from '../request-values'
import { SegmentHeap } from './segment-heap'
import type { SegmentRules } from './segment-rules'

/** Builds whose 32-bit descriptors are half as large as those of 64 bits (segment-heap.md 3; layouts of the builds). */
const SMALL_DESCRIPTORS: ReadonlySet<string> = new Set(['win10_1507', 'win10_1511', 'win10_1607', 'win10_1703'])

/** @throws HeapscapeError `parameter-invalid` when a value is missing or of the wrong type */
export function makeSegmentHeap(request: RunRequest, space: HeapMemory, observer: HeapObserver): SegmentHeap {
  return new SegmentHeap(readRules(request), space, observer)
}

function readRules(request: RunRequest): SegmentRules {
  const number = (name: string): number => readNumber(request, name)
  const bits = readChoice(request, 'bits', ['64', '32']) === '64' ? 64 : 32
  return {
    bits,
    headerPages: bits === 32 && SMALL_DESCRIPTORS.has(readChoice(request, 'build', SEGMENT_BUILDS)) ? 1 : 2,
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
