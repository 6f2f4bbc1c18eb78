import { NONE, PAGE_BYTES, RESERVATION_BYTES, roundUp, type Bytes } from '../../base/units'
import type { RunRequest } from '../../model/run'
import { BUILD_KEYS } from '../../heapwalk/layouts/structure-table'
import { STRUCTURE_BYTES } from '../../heapwalk/materialise/segment-heap-plan'
import type { Explainer } from '../heaps/explain'
import type { HeapObserver } from '../heaps/heap'
import { createNtLfhHeap, createNtXpHeap } from '../heaps/nt/create-nt-heap'
import { makeSegmentHeap } from '../heaps/segment-heap/make-segment-heap'
import { resolveRequest } from '../profiles/resolve-request'
import type { WindowsVersion } from '../profiles/windows-versions'
import type { HeapMemory } from '../vm/heap-memory'
import { buildsOfProfile } from './nt-heap-plan'
import { NtWindowsHeap } from './nt-windows-heap'
import { SegmentWindowsHeap } from './segment-windows-heap'
import type { HeapKeys, WindowsHeap } from './windows-heap'

/** What HeapCreate, or the loader for the process heap, asks for. */
export interface WindowsHeapAsk {
  readonly reserveBytes: Bytes
  readonly commitBytes: Bytes
  readonly isGrowable: boolean
  readonly isProcessHeap: boolean
  /** HEAP_NO_SERIALIZE: no front end of any kind (nt-heap.md 4, 5.1). */
  readonly isSerialized: boolean
  /** Flags of HeapCreate as `_HEAP.Flags` has them. */
  readonly flags: number
}

const GROWABLE = 2
/** Class of the heap in `_HEAP.Flags`: process heap, private heap (nt-heap.md 1). */
const PRIVATE_CLASS = 0x1000
/** Only reasons are kept; what the heap keeps for itself is asked of it. */
const observerFor = (explain: Explainer): HeapObserver => ({ internal: () => {}, explain })

/** A private heap without sizes reserves 64 KB and commits what the image header would (nt-heap.md 1). */
export const leastReserve = (commitBytes: Bytes): Bytes => Math.max(RESERVATION_BYTES, roundUp(commitBytes, RESERVATION_BYTES))

/** Bytes the heap commits at once; the caller makes sure of them before. */
export function firstCommit(version: WindowsVersion, ask: WindowsHeapAsk): Bytes {
  if (isSegmentHeap(version, ask)) return STRUCTURE_BYTES
  const usual = Number(ntRequest(version, ask).parameters['commit'])
  return Math.min(roundUp(Math.max(usual, ask.commitBytes), PAGE_BYTES), roundUp(ask.reserveBytes, PAGE_BYTES))
}

/** Address space the heap reserves at once. */
export const firstReserve = (version: WindowsVersion, ask: WindowsHeapAsk): Bytes => (isSegmentHeap(version, ask) ? RESERVATION_BYTES : ask.reserveBytes)

/** A heap of fixed size is an NT heap in a Segment Heap process too (segment-heap.md 1). */
export const isSegmentHeap = ({ heap }: WindowsVersion, { isGrowable }: WindowsHeapAsk): boolean => heap === 'segment-heap' && isGrowable

/** A heap as the version makes it; `isMade` tells whether there was memory for it. `requestedOf` is asked for sizes by block. */
export function createWindowsHeap(version: WindowsVersion, ask: WindowsHeapAsk, keys: HeapKeys, memory: HeapMemory, requestedOf: (block: number) => Bytes, explain: Explainer): WindowsHeap {
  const observer = observerFor(explain)
  if (isSegmentHeap(version, ask)) return createSegment(version, keys, memory, requestedOf, observer)
  const request = ntRequest(version, ask)
  const flags = ask.flags | (ask.isGrowable ? GROWABLE : 0) | (ask.isProcessHeap ? 0 : PRIVATE_CLASS)
  if (request.heap === 'nt-xp') return new NtWindowsHeap(createNtXpHeap(request, memory, observer), undefined, flags, keys)
  return new NtWindowsHeap(createNtLfhHeap(request, memory, observer), buildsOfProfile(request.heap, request.profile).at(-1), flags, keys)
}

function createSegment(version: WindowsVersion, keys: HeapKeys, memory: HeapMemory, requestedOf: (block: number) => Bytes, observer: HeapObserver): WindowsHeap {
  const request = resolveRequest('segment-heap', version.profile, {})
  const committed = { bytes: 0 }
  const watched: HeapMemory = {
    ...memory,
    commit: (address, bytes) => {
      const isDone = memory.commit(address, bytes)
      if (isDone) committed.bytes += bytes
      return isDone
    },
  }
  const heap = makeSegmentHeap(request, watched, observer)
  const build = version.noBytes === undefined ? BUILD_KEYS.find((key) => key === request.parameters['build']) : undefined
  return new SegmentWindowsHeap(heap, build, keys, heap.base !== NONE && committed.bytes >= STRUCTURE_BYTES, requestedOf)
}

/** The request of the profile with what the call says in place of its sizes. */
function ntRequest(version: WindowsVersion, ask: WindowsHeapAsk): RunRequest {
  const base = resolveRequest(version.heap === 'segment-heap' ? 'nt-lfh' : version.heap, version.ntProfile, {})
  const { parameters } = base
  const usual = Number(parameters['commit'])
  const noFrontEnd = base.heap === 'nt-xp' ? { lookasideDepth: 0 } : { lfh: false }
  return {
    ...base,
    parameters: {
      ...parameters,
      reserve: ask.reserveBytes,
      commit: roundUp(Math.max(usual, ask.commitBytes), PAGE_BYTES),
      growable: ask.isGrowable,
      // The page at the end was seen unused in process heaps only.
      spare: ask.isProcessHeap ? (parameters['spare'] ?? 0) : 0,
      ...(ask.isSerialized ? {} : noFrontEnd),
    },
  }
}
