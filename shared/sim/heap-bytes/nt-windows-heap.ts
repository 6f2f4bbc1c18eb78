import { mulberry32 } from '../../base/random'
import { NONE, PAGE_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import type { BuildKey } from '../../heapwalk/layouts/structure-table'
import type { ImageMarks } from '../../heapwalk/materialise/image-marks'
import { materialiseNtHeap } from '../../heapwalk/materialise/nt-heap-image'
import { BlockKind, BlockState } from '../../model/snapshot'
import { SlotState } from '../heaps/block-slots'
import { lfhFirstSlot } from '../heaps/nt/lfh-sizes'
import { NtLfhHeap, type NtXpHeap } from '../heaps/nt/nt-heap'
import { NtKind } from '../heaps/nt/nt-rules'
import type { SubSegment } from '../heaps/nt/sub-segment'
import type { HeapPart, HeapPiece } from './heap-parts'
import { ntHeapPlan } from './nt-heap-plan'
import type { FrontEnd, HeapImage, HeapKeys, WindowsHeap } from './windows-heap'

const LOOK_ASIDE = 1
const LOW_FRAGMENTATION = 2

/** An NT heap of Windows XP or later in a simulated process. */
export class NtWindowsHeap implements WindowsHeap {
  readonly heap: NtXpHeap | NtLfhHeap
  readonly build: BuildKey | undefined
  readonly flavour = 'nt-heap'
  readonly #flags: number
  readonly #key: readonly number[]
  readonly #lfhKey: number

  /** `flags` are those of `_HEAP.Flags`. */
  constructor(heap: NtXpHeap | NtLfhHeap, build: BuildKey | undefined, flags: number, keys: HeapKeys) {
    this.heap = heap
    this.build = build
    this.#flags = flags
    const random = mulberry32(keys.seed)
    // The last two bytes of the key are 0 in real heaps: segment and unused bytes of an entry stand as they are.
    this.#key = Array.from({ length: 8 }, (_, i) => (i < 6 ? Math.floor(random() * 256) : 0))
    this.#lfhKey = Math.floor(mulberry32(keys.processSeed)() * 2 ** 32)
  }

  get frontEnd(): FrontEnd {
    const { heap } = this
    if (heap instanceof NtLfhHeap) return heap.frontEnd.address === NONE ? 0 : LOW_FRAGMENTATION
    return heap.lookaside === undefined ? 0 : LOOK_ASIDE
  }

  isMade(): boolean {
    return this.heap.backEnd.segments.length > 0
  }

  dataOf(block: number): Address {
    const { blocks, backEnd, granularityBytes } = this.heap
    return blocks.address[block]! + (blocks.linkC[block] === NtKind.Virtual ? backEnd.rules.virtualHeader : granularityBytes)
  }

  requestedOf(block: number): Bytes {
    return this.heap.requestedOf(block)
  }

  resizeInPlace(block: number, bytes: Bytes): boolean {
    return this.heap.reallocInPlace(block, bytes)
  }

  /** Everything an NT heap notes of its blocks lies in its own segments. */
  keepRecords(): boolean {
    return true
  }

  enableFrontEnd(): boolean {
    return this.heap instanceof NtLfhHeap && this.heap.enableFrontEnd()
  }

  optimise(): void {
    if (this.heap instanceof NtLfhHeap) this.heap.frontEnd.emptyCache()
  }

  image(marks: ImageMarks): HeapImage | undefined {
    if (this.build === undefined || !(this.heap instanceof NtLfhHeap)) return undefined
    return materialiseNtHeap(ntHeapPlan(this.heap, { build: this.build, key: this.#key, lfhKey: this.#lfhKey, flags: this.#flags, marks }))
  }

  parts(): HeapPart[] {
    const { backEnd, blocks } = this.heap
    const parts = new NtParts(this.heap)
    const found = backEnd.segments.map(({ base, end, header }): HeapPart => ({ base, bytes: end - base, isHidden: false, pieces: parts.ofSegment(header) }))
    for (const block of backEnd.virtualBlocks) {
      const [address, bytes] = [blocks.address[block]!, blocks.size[block]!]
      const headerBytes = backEnd.rules.virtualHeader
      found.push({ base: address, bytes, isHidden: false, pieces: [{ address, bytes, state: BlockState.Busy, kind: BlockKind.VirtualAlloc, headerBytes, block }] })
    }
    const own = this.#frontEndPart()
    if (own !== undefined) found.push(own)
    return found
  }

  /** The front end's structure where it has a reservation of its own. */
  #frontEndPart(): HeapPart | undefined {
    const { heap } = this
    if (!(heap instanceof NtLfhHeap) || heap.frontEnd.address === NONE) return undefined
    const { address, rules } = heap.frontEnd
    if (rules.structureCommit === 0) return undefined
    const committed = roundUp(rules.structureCommit, PAGE_BYTES)
    const bytes = roundUp(rules.structureBytes, PAGE_BYTES)
    // Its members are not known one by one, so nothing is said of its bytes.
    const own = piece(address, committed, BlockState.Internal, BlockKind.Opaque)
    const pieces = bytes > committed ? [own, piece(address + committed, bytes - committed, BlockState.Uncommitted, BlockKind.Uncommitted)] : [own]
    return { base: address, bytes, isHidden: true, pieces }
  }
}

const piece = (address: Address, bytes: Bytes, state: BlockState, kind: BlockKind): HeapPiece => ({ address, bytes, state, kind, headerBytes: 0, block: 0 })

/** Pieces of the segments, with what the front end makes of their blocks. */
class NtParts {
  readonly #heap: NtXpHeap | NtLfhHeap
  readonly #containers = new Map<number, SubSegment>()
  readonly #lookaside = new Set<number>()

  constructor(heap: NtXpHeap | NtLfhHeap) {
    this.#heap = heap
    if (heap instanceof NtLfhHeap) heap.frontEnd.walkSubSegments((subSegment) => this.#containers.set(subSegment.block, subSegment))
    else heap.lookaside?.walk((block) => this.#lookaside.add(block))
  }

  ofSegment(header: number): HeapPiece[] {
    const { address, size, after, linkC } = this.#heap.blocks
    const pieces: HeapPiece[] = []
    for (let slot = header; slot !== 0; slot = after[slot]!) {
      const subSegment = linkC[slot] === NtKind.Container ? this.#containers.get(slot) : undefined
      if (size[slot] === 0) continue
      if (subSegment === undefined) pieces.push(this.#entry(slot, address[slot]!, size[slot]!))
      else this.#container(subSegment, pieces)
    }
    return pieces
  }

  #entry(slot: number, address: Address, bytes: Bytes): HeapPiece {
    const { linkC } = this.#heap.blocks
    switch (linkC[slot] as NtKind) {
      case NtKind.Header:
      case NtKind.Structure:
        return piece(address, bytes, BlockState.Internal, BlockKind.HeapStructure)
      case NtKind.Marker:
        return piece(address, bytes, BlockState.Internal, BlockKind.UncommittedMarker)
      case NtKind.Uncommitted:
        return piece(address, bytes, BlockState.Uncommitted, BlockKind.Uncommitted)
      case NtKind.Container:
        return piece(address, bytes, BlockState.Cached, BlockKind.LfhContainer)
      case NtKind.Block:
      case NtKind.LfhSlot:
      case NtKind.Virtual:
        return this.#block(slot, address, bytes)
    }
  }

  #block(slot: number, address: Address, bytes: Bytes): HeapPiece {
    const { state } = this.#heap.blocks
    const headerBytes = this.#heap.granularityBytes
    if (state[slot] === SlotState.Free) return { address, bytes, state: BlockState.Free, kind: BlockKind.BackEnd, headerBytes, block: 0 }
    if (this.#lookaside.has(slot)) return { address, bytes, state: BlockState.Cached, kind: BlockKind.LookAside, headerBytes, block: 0 }
    return { address, bytes, state: BlockState.Busy, kind: BlockKind.BackEnd, headerBytes, block: slot }
  }

  #container(subSegment: SubSegment, pieces: HeapPiece[]): void {
    const { blocks, granularityBytes: headerBytes } = this.#heap
    const { address, size } = blocks
    const start = address[subSegment.block]!
    const end = start + size[subSegment.block]!
    const { frontEnd } = this.#heap as NtLfhHeap
    const head = lfhFirstSlot(frontEnd.rules.container, subSegment.count)
    pieces.push(piece(start, head, BlockState.Internal, BlockKind.LfhContainer))
    const busy = subSegment.busySlots()
    let at = start + head
    subSegment.slots.forEach((slot, i) => {
      const isBusy = busy[i] === 1
      pieces.push({ address: address[slot]!, bytes: size[slot]!, state: isBusy ? BlockState.Busy : BlockState.Cached, kind: BlockKind.LfhSlot, headerBytes, block: isBusy ? slot : 0 })
      at = address[slot]! + size[slot]!
    })
    if (at < end) pieces.push(piece(at, end - at, BlockState.Internal, BlockKind.LfhContainer))
  }
}

