import { PAGE_BYTES, roundDown, roundUp } from '../../../base/units'
import type { RunRequest } from '../../../model/run'
import type { DecommitMemory } from '../../vm/heap-memory'
import type { HeapObserver } from '../heap'
import { readBoolean, readChoice, readNumber } from '../request-values'
import { NtLfhHeap, NtXpHeap } from './nt-heap'
import type { NtBackEndRules } from './nt-rules'

/** @throws HeapscapeError `parameter-invalid` when a value is missing or of the wrong type */
export function createNtXpHeap(request: RunRequest, space: DecommitMemory, observer: HeapObserver): NtXpHeap {
  const number = (name: string): number => readNumber(request, name)
  const granule = number('granule')
  const lookaside = {
    largestUnits: Math.floor(number('lookasideLargest') / granule),
    depth: Math.min(number('lookasideDepth'), number('lookasideMaximum')),
    maximumDepth: number('lookasideMaximum'),
    adjustEvery: number('lookasideAdjust'),
  }
  return new NtXpHeap(readBackEnd(request), lookaside, space, observer)
}

/** @throws HeapscapeError `parameter-invalid` when a value is missing or of the wrong type */
export function createNtLfhHeap(request: RunRequest, space: DecommitMemory, observer: HeapObserver): NtLfhHeap {
  const number = (name: string): number => readNumber(request, name)
  const rules = readBackEnd(request)
  const lfh = {
    granule: rules.granule,
    lfh: readBoolean(request, 'lfh'),
    armAt: number('armAt'),
    armTotal: number('armTotal'),
    order: readChoice(request, 'lfhOrder', ['lifo', 'random'] as const),
    seed: number('seed'),
    affinitySlots: number('affinitySlots'),
    leastSlots: number('lfhLeast'),
    cacheDepth: number('lfhCache'),
    container: { granule: rules.granule, bitmapAt: number('lfhBitmapAt'), plainHeader: number('lfhHeader') },
    structureBytes: number('lfhStructure'),
    structureCommit: number('lfhCommit'),
    zoneBytes: roundUp(number('lfhZone'), rules.granule),
    zoneHeader: number('lfhZoneHeader'),
    subSegmentBytes: number('lfhSubSegment'),
  }
  return new NtLfhHeap(rules, lfh, space, observer)
}

function readBackEnd(request: RunRequest): NtBackEndRules {
  const number = (name: string): number => readNumber(request, name)
  const granule = number('granule')
  return {
    granule,
    heapHeader: roundUp(number('heapHeader'), granule),
    segmentHeader: roundUp(number('segmentHeader'), granule),
    marker: roundUp(number('marker'), granule),
    reserve: number('reserve'),
    spare: Math.min(roundUp(number('spare'), PAGE_BYTES), roundDown(number('reserve') / 2, PAGE_BYTES)),
    commit: number('commit'),
    segmentReserve: number('segmentReserve'),
    segmentLimit: number('segmentLimit'),
    commitStep: number('commitStep'),
    maxSegments: number('maxSegments'),
    growable: readBoolean(request, 'growable'),
    // Runs saved before these parameters were there have what was the rule then.
    serialized: request.parameters['serialized'] === undefined || readBoolean(request, 'serialized'),
    mergeFreed: request.parameters['mergeFreed'] === undefined || readBoolean(request, 'mergeFreed'),
    maximumAllocation: request.parameters['maximumAllocation'] === undefined ? Infinity : number('maximumAllocation'),
    virtualThreshold: roundDown(number('virtualThreshold'), PAGE_BYTES),
    virtualHeader: number('virtualHeader'),
    decommitBlock: number('decommitBlock'),
    decommitTotal: number('decommitTotal'),
    releaseSegments: readBoolean(request, 'releaseSegments'),
    capacity: number('capacity'),
  }
}
