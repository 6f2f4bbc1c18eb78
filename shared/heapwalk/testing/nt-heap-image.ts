import type { Address, Bytes } from '../../base/units'
import type { Bits, BuildKey } from '../layouts/structure-table'
import { materialiseNtHeap, type PlannedBlock } from '../materialise/nt-heap-image'
import type { NtLayout } from '../nt/nt-layout'

export interface SmallHeapImage {
  readonly address: Address
  readonly layout: NtLayout
  readonly bytes: Uint8Array
  /** Pages from the end of `bytes` to the end of the reservation. */
  readonly uncommittedBytes: Bytes
  /** Address of each entry of `blocks`, of the rest block and of the marker. */
  readonly entries: readonly Address[]
}

export interface SmallHeapPlan {
  readonly bits: Bits
  readonly build: BuildKey
  readonly address: Address
  readonly key: readonly number[]
  readonly blocks: readonly PlannedBlock[]
  readonly committedPages: number
  readonly reservedPages: number
}

/** An NT heap of one segment and one committed run. */
export function buildNtHeap({ bits, build, address, key, blocks, committedPages, reservedPages }: SmallHeapPlan): SmallHeapImage {
  const { layout, memory, entries } = materialiseNtHeap({ bits, build, key, segments: [{ address, items: blocks, committedPages, reservedPages }] })
  const { bytes, reservedBehind } = memory[0]!
  return { address, layout, bytes, uncommittedBytes: reservedBehind, entries }
}
