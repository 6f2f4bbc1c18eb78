import type { NtItem } from '../../../shared/heapwalk/materialise/nt-heap-image'

/** Blocks of `units` heap granules each, every `freeEvery`-th of them free; each busy one stamped with its number. */
export function blocksOf(count: number, units: number, freeEvery = Infinity, firstStamp = 1): NtItem[] {
  return Array.from({ length: count }, (_, i) => ((i + 1) % freeEvery === 0 ? { units, busy: false } : { units, busy: true, unused: 8, stamp: firstStamp + i }))
}
