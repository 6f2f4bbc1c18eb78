import type { ParameterValue } from '../../../../model/run'
import { HeapUnderTest } from '../../../testing/heap-under-test'
import { SlotState } from '../../block-slots'
import { NtLfhHeap, type NtXpHeap } from '../nt-heap'
import { NtKind } from '../nt-rules'

/** An NT heap in a space of its own, with its chains and counters at hand. */
export class NtUnderTest extends HeapUnderTest {
  constructor(heap: 'nt-xp' | 'nt-lfh', profile: string, overrides: Record<string, ParameterValue> = {}) {
    super(heap, profile, overrides)
  }

  get nt(): NtLfhHeap | NtXpHeap {
    return this.heap as NtLfhHeap | NtXpHeap
  }

  get lfh(): NtLfhHeap {
    if (!(this.heap instanceof NtLfhHeap)) throw new Error('a heap with the low-fragmentation front end')
    return this.heap
  }

  /** Slots of the segments in address order of each. */
  chain(): number[] {
    const slots: number[] = []
    for (const { header } of this.nt.backEnd.segments) for (let slot = header; slot !== 0; slot = this.nt.blocks.after[slot]!) slots.push(slot)
    return slots
  }

  kindOf(slot: number): NtKind {
    return this.nt.blocks.linkC[slot] as NtKind
  }

  isFree(slot: number): boolean {
    return this.nt.blocks.state[slot] === SlotState.Free
  }

  /** Uncommitted ranges as offsets from the heap's base and bytes, the empty ones too. */
  uncommitted(): [number, number][] {
    return this.chain()
      .filter((slot) => this.kindOf(slot) === NtKind.Uncommitted)
      .map((slot) => [this.offsetOf(slot), this.sizeOf(slot)])
  }

  markers(): number[] {
    return this.chain()
      .filter((slot) => this.kindOf(slot) === NtKind.Marker)
      .map((slot) => this.offsetOf(slot))
  }

  segmentBytes(): number[] {
    return this.nt.backEnd.segments.map(({ base, end }) => end - base)
  }

  isFromLfh(block: number): boolean {
    return this.kindOf(block) === NtKind.LfhSlot
  }
}
