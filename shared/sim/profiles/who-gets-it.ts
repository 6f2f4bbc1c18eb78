import type { FigureSource } from './figure-source'

/*
 * Which heap manager a program of Windows 10 or later gets for a heap: rules as records, each with its source; the functions
 * below carry them out. Yason (2016) is "Windows 10 Segment Heap Internals".
 */
export interface ServiceRule extends FigureSource {
  readonly id: string
  /** Whose heaps. */
  readonly who: string
  /** By which means. */
  readonly means: string
  /** Versions of Windows it holds for. */
  readonly versions: string
}

const YASON = 'Yason (2016)'
const INTERNALS = 'Windows Internals, 7th edition'

/** Bits of the value FrontEndHeapDebugOptions. */
export const SEGMENT_HEAP_OFF = 4
export const SEGMENT_HEAP_ON = 8

/** System processes that have it without being asked. */
export const SYSTEM_PROGRAMS = ['csrss.exe', 'lsass.exe', 'runtimebroker.exe', 'services.exe', 'smss.exe', 'svchost.exe'] as const

/** As people read them: who has it, how to have it, and what it never serves. */
export const segmentHeapRules: readonly ServiceRule[] = [
  { id: 'packaged', who: 'Packaged (UWP) programs', means: 'by default', versions: 'Windows 10 and later', source: `${YASON}; ${INTERNALS}`, confidence: 'high' },
  { id: 'system', who: SYSTEM_PROGRAMS.join(', '), means: 'by default', versions: 'Windows 10 and later', source: `${YASON}; ${INTERNALS}`, confidence: 'high' },
  { id: 'executable-on', who: 'One executable', means: `on: bit ${SEGMENT_HEAP_ON} of FrontEndHeapDebugOptions under Image File Execution Options`, versions: 'Windows 10 and later', source: `${YASON}; ${INTERNALS}`, confidence: 'high' },
  { id: 'executable-off', who: 'One executable', means: `off: bit ${SEGMENT_HEAP_OFF} of the same value`, versions: 'Windows 10 and later', source: `${YASON}; ${INTERNALS}`, confidence: 'high' },
  { id: 'global', who: 'Every program', means: 'the value Enabled under Session Manager\\Segment Heap: not 0 is on, 0 is off', versions: 'Windows 10 and later', source: `${YASON}; ${INTERNALS}. That it comes after the executable's own value and before what follows is a reading`, confidence: 'high' },
  { id: 'manifest', who: 'One program', means: 'heapType SegmentHeap in its manifest', versions: 'Windows 10 2004 and later', source: 'general knowledge; not verified', confidence: 'low' },
  { id: 'heap-kind', who: 'Heaps of a fixed size, or with a base, lock, commit routine or segment sizes of the caller', means: 'never: an NT heap is made, also in a process that has the Segment Heap', versions: 'Windows 10 and later', source: YASON, confidence: 'high' },
]

export const ntHeapRules: readonly ServiceRule[] = [
  { id: 'default', who: 'Every program that is not given the Segment Heap', means: 'by default; all programs before Windows 10', versions: 'all', source: `${YASON}; ${INTERNALS}`, confidence: 'high' },
  { id: 'front-end', who: 'Its heaps that can grow and are serialized', means: 'the low-fragmentation front end, by itself; not for programs started by a debugger', versions: 'Windows Vista and later', source: 'Microsoft: "Low-fragmentation Heap"', confidence: 'medium' },
]

/** A program as Windows sees it when it starts. */
export interface Program {
  /** File name of its executable. */
  readonly executable: string
  readonly isPackaged: boolean
  /** FrontEndHeapDebugOptions of its executable; undefined without the value. */
  readonly debugOptions?: number
  /** Session Manager\Segment Heap\Enabled; undefined without the value. */
  readonly globallyEnabled?: number
  /** The manifest asks for the Segment Heap. */
  readonly hasManifest: boolean
  /** Windows 10 2004 or later, which reads the manifest. */
  readonly readsManifest: boolean
}

export interface HeapChoice {
  readonly heap: 'segment-heap' | 'nt-lfh'
  /** Id of the rule that decided. */
  readonly rule: string
}

/** Manager of the heaps of a program of Windows 10 or later. */
export function heapOfProgram({ executable, isPackaged, debugOptions = 0, globallyEnabled, hasManifest, readsManifest }: Program): HeapChoice {
  if ((debugOptions & SEGMENT_HEAP_OFF) !== 0) return { heap: 'nt-lfh', rule: 'executable-off' }
  if ((debugOptions & SEGMENT_HEAP_ON) !== 0) return { heap: 'segment-heap', rule: 'executable-on' }
  if (globallyEnabled !== undefined) return { heap: globallyEnabled === 0 ? 'nt-lfh' : 'segment-heap', rule: 'global' }
  if (hasManifest && readsManifest) return { heap: 'segment-heap', rule: 'manifest' }
  if (isPackaged) return { heap: 'segment-heap', rule: 'packaged' }
  const name = executable.toLowerCase()
  return SYSTEM_PROGRAMS.some((known) => known === name) ? { heap: 'segment-heap', rule: 'system' } : { heap: 'nt-lfh', rule: 'default' }
}

/** What a call that creates a heap asks for. */
export interface HeapWish {
  readonly isGrowable: boolean
  readonly hasBase: boolean
  readonly hasLock: boolean
  readonly hasCommitRoutine: boolean
  readonly hasSegmentSizes: boolean
}

/** Manager of one heap of such a program. */
export function heapOfCall({ isGrowable, hasBase, hasLock, hasCommitRoutine, hasSegmentSizes }: HeapWish, program: HeapChoice): HeapChoice {
  const isPlain = isGrowable && !hasBase && !hasLock && !hasCommitRoutine && !hasSegmentSizes
  return program.heap === 'nt-lfh' || isPlain ? program : { heap: 'nt-lfh', rule: 'heap-kind' }
}
