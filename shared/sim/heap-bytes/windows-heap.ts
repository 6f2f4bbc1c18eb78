import type { Address, Bytes } from '../../base/units'
import type { BuildKey } from '../../heapwalk/layouts/structure-table'
import type { ImageMarks } from '../../heapwalk/materialise/image-marks'
import type { HeapMemory } from '../vm/heap-memory'
import type { Heap } from '../heaps/heap'
import type { HeapPart } from './heap-parts'

/** Keys a process codes its heaps' structures with; the same seed, the same keys. */
export interface HeapKeys {
  /** Of this heap. */
  readonly seed: number
  /** Variables of ntdll, one for all heaps of the process. */
  readonly processSeed: number
}

/** Committed bytes as that Windows would have them. */
export interface HeapImage {
  readonly memory: readonly { readonly address: Address; readonly bytes: Uint8Array }[]
}

/** What the front end of a heap is: none, look-aside lists, low-fragmentation (the values of HeapCompatibilityInformation). */
export type FrontEnd = 0 | 1 | 2

/** The heap of a simulated process whose manager is one of Windows XP or later, beyond what every manager can. */
export interface WindowsHeap {
  readonly heap: Heap
  /** Layout of its structures; undefined when it is not known. */
  readonly build: BuildKey | undefined
  /** As the walkers name it: `nt-heap`, `segment-heap`. */
  readonly flavour: string
  readonly frontEnd: FrontEnd
  dataOf(block: number): Address
  /** Whether the heap got its first memory. */
  isMade(): boolean
  requestedOf(block: number): Bytes
  /** False, and nothing changed, when the block cannot have this size where it lies. */
  resizeInPlace(block: number, bytes: Bytes): boolean
  /** Takes memory for the heap's records outside its segments where a new block needs it; false when there is none. */
  keepRecords(memory: HeapMemory): boolean
  /** Makes the low-fragmentation front end; false when this heap cannot have one. */
  enableFrontEnd(): boolean
  /** Gives the memory kept for reuse back. */
  optimise(): void
  parts(): HeapPart[]
  /** The heap as bytes, `marks` told which are its own; undefined when its layout is not known. */
  image(marks: ImageMarks): HeapImage | undefined
}
