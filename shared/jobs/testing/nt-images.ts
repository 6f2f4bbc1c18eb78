import { quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import { UNKNOWN_SIZE } from '../../base/units'
import { dumpOfHeaps } from '../../dumpfile/process-blocks'
import { layoutsWith } from '../../heapwalk/layouts/choose-layout'
import type { Bits, BuildKey } from '../../heapwalk/layouts/structure-table'
import { materialiseNtHeap } from '../../heapwalk/materialise/nt-heap-image'
import { walkHeaps, type ProcessHeaps } from '../../heapwalk/walk-heaps'
import { BlockState } from '../../model/snapshot'
import { createHeap, limitsOf } from '../../sim/heaps'
import { SlotState } from '../../sim/heaps/block-slots'
import { NO_BLOCK } from '../../sim/heaps/heap'
import { lfhFirstSlot } from '../../sim/heaps/nt/lfh-sizes'
import { NtLfhHeap } from '../../sim/heaps/nt/nt-heap'
import { NtKind } from '../../sim/heaps/nt/nt-rules'
import { resolveRequest } from '../../sim/profiles'
import { AddressSpace } from '../../sim/vm/address-space'
import { buildsOfProfile, ntHeapPlan } from '../../sim/heap-bytes/nt-heap-plan'

/** Every layout of NT heaps with the profile whose heaps it holds. */
export const NT_LAYOUTS = ([64, 32] as const).flatMap((bits) => layoutsWith(bits, 'HEAP').map(({ key }) => ({ bits, build: key, profile: profileOf(bits, key) })))

function profileOf(bits: Bits, build: BuildKey): string {
  const width = bits === 64 ? 'x64' : 'x86'
  return ['win7', 'win81', 'win10', 'win11'].map((version) => `${version}-${width}`).find((profile) => buildsOfProfile('nt-lfh', profile).includes(build))!
}

/** Thresholds low enough that everything a heap can do happens within some thousand calls. */
const LIVELY = { armAt: 6, decommitTotal: 0x8000, segmentReserve: 0x20000, segmentLimit: 0x40000, reserve: 0x20000, capacity: 24 << 20 }

/** A simulated heap after so many random calls. */
export function heapAfterCalls(profile: string, calls: number, seed: number): NtLfhHeap {
  const request = resolveRequest('nt-lfh', profile, LIVELY)
  const heap = createHeap(request, new AddressSpace(undefined, limitsOf(request)), { internal: () => {} }) as NtLfhHeap
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const sizes = [below(50), 24, 40, 200, 700, 3000, 15_000]
  const size = (): number => (below(200) === 0 ? 600_000 + below(600_000) : below(12) === 0 ? below(60_000) : sizes[below(sizes.length)]! + below(3))
  const busy: number[] = []
  for (let call = 0; call < calls; call++) {
    const isGrowing = (call >>> 9) % 3 !== 2
    const kind = below(10)
    if (busy.length === 0 || kind < (isGrowing ? 6 : 3)) {
      const block = heap.alloc(size())
      if (block !== NO_BLOCK) busy.push(block)
    } else if (kind < 9) heap.free(busy.splice(below(busy.length), 1)[0]!)
    else {
      const at = below(busy.length)
      const moved = heap.realloc(busy[at]!, size())
      if (moved !== NO_BLOCK) busy[at] = moved
    }
  }
  return heap
}

/** The heap as bytes of a process of that build, walked. */
export function walkImage(heap: NtLfhHeap, bits: Bits, build: BuildKey): Promise<ProcessHeaps> {
  const key = [0x1b, 0x77, 0xc3, 0x5a, 0x9e, 0x21, 0, 0]
  const image = materialiseNtHeap(ntHeapPlan(heap, { build, key, lfhKey: 0x5eed1234 }))
  const { memory, tebs, build: number } = dumpOfHeaps(image.memory, [heap.base], { bits, build }, '')
  return walkHeaps({ memory, bits, build: number, tebs, addressSpace: { low: 0x10000, high: bits === 64 ? 2 ** 47 : 2 ** 32 } }, quietJob)
}

/** Address, size, state and requested bytes of everything in a heap, as a walk must find it. */
export type Found = readonly [address: number, size: number, state: BlockState, requested: number]

export const foundBlocks = ({ blocks }: ProcessHeaps): Found[] =>
  Array.from({ length: blocks.length }, (_, row): Found => [blocks.address.at(row), blocks.size.at(row), blocks.state.at(row) as BlockState, blocks.requested.at(row)]).sort((a, b) => a[0] - b[0])

/** From this many unused bytes on a slot's header does not tell them. */
const UNUSED_ELSEWHERE = 0x3f

/** The simulator's own account. */
export function simulatedBlocks(heap: NtLfhHeap): Found[] {
  const { blocks, backEnd, frontEnd } = heap
  const { address, size, state, after, linkC } = blocks
  const found: Found[] = []
  const living = new Set<number>()
  frontEnd.walkSubSegments((subSegment) => {
    living.add(subSegment.block)
    const start = address[subSegment.block]!
    const first = lfhFirstSlot(frontEnd.rules.container, subSegment.count)
    const stride = size[subSegment.slots[0]!]!
    const end = first + subSegment.count * stride
    found.push([start, first, BlockState.Internal, 0])
    if (end < size[subSegment.block]!) found.push([start + end, size[subSegment.block]! - end, BlockState.Internal, 0])
    subSegment.busySlots().forEach((busy, i) => {
      const slot = subSegment.slots[i]!
      const unused = stride - heap.requestedOf(slot)
      found.push([address[slot]!, stride, busy === 1 ? BlockState.Busy : BlockState.Cached, busy === 1 ? (unused < UNUSED_ELSEWHERE ? heap.requestedOf(slot) : UNKNOWN_SIZE) : 0])
    })
  })
  for (const { header } of backEnd.segments) {
    for (let slot = header; slot !== 0; slot = after[slot]!) {
      const kind = linkC[slot]!
      if (living.has(slot) || size[slot] === 0) continue
      const isUser = state[slot] === SlotState.Busy && kind === NtKind.Block
      const kept = kind === NtKind.Uncommitted ? BlockState.Uncommitted : kind === NtKind.Container ? BlockState.Cached : BlockState.Internal
      found.push([address[slot]!, size[slot]!, isUser ? BlockState.Busy : state[slot] === SlotState.Free ? BlockState.Free : kept, isUser ? heap.requestedOf(slot) : 0])
    }
  }
  for (const slot of backEnd.virtualBlocks) found.push([address[slot]!, size[slot]!, BlockState.Busy, heap.requestedOf(slot)])
  return found.sort((a, b) => a[0] - b[0])
}
