import type { Address, Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import { BlockKind, BlockState } from '../../model/snapshot'
import type { HeapPart, HeapPiece } from '../heap-bytes/heap-parts'
import type { FrontEnd } from '../heap-bytes/windows-heap'
import type { BlockLayout } from '../heaps/kath-nt31/block-bytes'
import type { KathRules } from '../heaps/kath-nt31/kath-heap'
import { ProcessHeap } from '../heaps/kath-nt31/process-heap'
import type { HeapMemory } from '../vm/heap-memory'
import type { MemoryAccess } from '../vm/memory-access'
import type { HeapOfProcess } from './heap-of-process'
import { blockOverlay } from './block-overlay'
import type { HeapReasons } from './heap-reasons'

/** The heap of the article as the calls use it. */
export class KathProcessHeap extends ProcessHeap implements HeapOfProcess {
  readonly flavour = 'kath-nt31'
  readonly frontEnd: FrontEnd = 0
  /** One list and one lock serve all threads. */
  thread = 0
  readonly reasons: HeapReasons

  constructor(rules: KathRules, layout: BlockLayout, memory: HeapMemory, access: MemoryAccess, reasons: HeapReasons) {
    super(rules, layout, memory, access, reasons)
    this.reasons = reasons
  }

  override alloc(bytes: Bytes): Address {
    const data = super.alloc(bytes)
    if (data !== 0) this.reasons.keep(this.find(data))
    return data
  }

  override resize(slot: number, bytes: Bytes, inPlaceOnly: boolean): Address {
    const before = this.dataOf(slot)
    const data = super.resize(slot, bytes, inPlaceOnly)
    // A block that moved was told of when it was placed anew.
    if (data === before) this.reasons.keep(slot)
    return data
  }

  get headerBytes(): Bytes {
    return this.layout.headerBytes
  }

  get granularityBytes(): Bytes {
    return this.layout.granuleBytes
  }

  isAllIntact(): boolean {
    let isIntact = true
    this.walk((slot) => {
      isIntact &&= this.isIntact(slot)
    })
    return isIntact
  }

  parts(): HeapPart[] {
    const { fit } = this
    const pieces: HeapPiece[][] = Array.from({ length: fit.rangeCount }, () => [])
    this.walk((slot, range) => pieces[range]!.push(this.#piece(slot)))
    return pieces.map((found, range): HeapPart => {
      const [base, end, limit] = [fit.rangeBase(range), fit.rangeEnd(range), fit.rangeLimit(range)]
      if (end < limit) found.push({ address: end, bytes: limit - end, state: BlockState.Uncommitted, kind: BlockKind.Uncommitted, headerBytes: 0, block: 0 })
      return { base, bytes: limit - base, isHidden: false, pieces: found }
    })
  }

  fields(from: Address, to: Address): OverlayField[] {
    return blockOverlay(this, from, to)
  }

  /** Headers are written with each call, so nothing has to be told or brought up to date. */
  programWrites(): void {}
  settle(): void {}
  optimise(): void {}

  enableFrontEnd(): boolean {
    return false
  }

  #piece(slot: number): HeapPiece {
    const { address, size } = this.fit.blocks
    const isBusy = this.isBusy(slot)
    return { address: address[slot]!, bytes: size[slot]!, state: isBusy ? BlockState.Busy : BlockState.Free, kind: BlockKind.BackEnd, headerBytes: this.layout.headerBytes, block: isBusy ? slot : 0 }
  }
}
