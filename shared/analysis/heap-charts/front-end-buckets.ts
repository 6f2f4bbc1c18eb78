import type { Bytes } from '../../base/units'
import type { Snapshot } from '../../model/snapshot'
import { lfhContainers } from '../dump/lfh-containers'

/** Slots of one size of a low-fragmentation front end. */
export interface FrontEndBucket {
  readonly slotBytes: Bytes
  readonly subSegments: number
  readonly slots: number
  readonly busy: number
  /** Of the sub-segments, with their headers and what their slots leave over. */
  readonly bytes: Bytes
}

/** Why there are no buckets to tell of. */
export interface NoFrontEnd {
  readonly reason: string
}

/** Adds sub-segments up by the size of their slots. */
export class FrontEndSums {
  readonly #bySize = new Map<Bytes, { subSegments: number; slots: number; busy: number; bytes: Bytes }>()

  add(slotBytes: Bytes, slots: number, busy: number, bytes: Bytes): void {
    let sums = this.#bySize.get(slotBytes)
    if (sums === undefined) this.#bySize.set(slotBytes, (sums = { subSegments: 0, slots: 0, busy: 0, bytes: 0 }))
    sums.subSegments++
    sums.slots += slots
    sums.busy += busy
    sums.bytes += bytes
  }

  /** In order of slot size. */
  buckets(): FrontEndBucket[] {
    return [...this.#bySize].sort(([a], [b]) => a - b).map(([slotBytes, sums]) => ({ slotBytes, ...sums }))
  }
}

/** Buckets as a walk of the heaps' own structures left them. */
export function walkedFrontEnd(snapshot: Snapshot): readonly FrontEndBucket[] | NoFrontEnd {
  if (snapshot.blocks.kind === undefined) return { reason: 'the source tells blocks only, not what they are inside their heap' }
  const { numbers, rows } = lfhContainers(snapshot)
  const sums = new FrontEndSums()
  for (let row = 0; row < rows; row++) {
    // Containers that wait for reuse have no slots of any size.
    if (numbers['slots']!.at(row) > 0) sums.add(numbers['slotBytes']!.at(row), numbers['slots']!.at(row), numbers['busy']!.at(row), numbers['bytes']!.at(row))
  }
  return sums.buckets()
}
