import { NONE, PAGE_BYTES, RESERVATION_BYTES, roundUp } from '../../base/units'
import type { BuildKey } from '../../heapwalk/layouts/structure-table'
import type { ImageMarks } from '../../heapwalk/materialise/image-marks'
import type { LfhPlan } from '../../heapwalk/materialise/lfh-image'
import type { NtHeapPlan, NtItem, NtSegmentPlan } from '../../heapwalk/materialise/nt-heap-image'
import type { SubSegment } from '../heaps/nt/sub-segment'
import type { NtLfhHeap } from '../heaps/nt/nt-heap'
import { NtKind } from '../heaps/nt/nt-rules'
import { SlotState } from '../heaps/block-slots'

export interface NtImageKeys {
  readonly build: BuildKey
  readonly key: readonly number[]
  readonly lfhKey: number
  /** `_HEAP.Flags`; growable when not told. */
  readonly flags?: number
  readonly marks?: ImageMarks
}

/**
 * A simulated NT heap as the plan of its bytes: every block, slot, marker and uncommitted range where the simulator has
 * it, so that the image is the heap itself and not one like it.
 */
export function ntHeapPlan(heap: NtLfhHeap, { build, key, lfhKey, flags, marks }: NtImageKeys): NtHeapPlan {
  const { backEnd, blocks, frontEnd, granularityBytes } = heap
  const containers = new Map<number, SubSegment>()
  frontEnd.walkSubSegments((subSegment) => containers.set(subSegment.block, subSegment))
  const segments = backEnd.segments.map(({ base, end, header }): NtSegmentPlan => ({
    address: base,
    items: itemsOf(heap, header, containers),
    reservedPages: (end - base) / PAGE_BYTES,
    headerBytes: blocks.size[header]!,
    isExact: true,
  }))
  const virtualBlocks = [...backEnd.virtualBlocks].map((slot) => ({ address: blocks.address[slot]!, requested: heap.requestedOf(slot) }))
  const place = frontEndOf(heap)
  return {
    bits: granularityBytes === 16 ? 64 : 32,
    build,
    key,
    lfhKey,
    segments,
    virtualBlocks,
    ...(place === undefined ? {} : { frontEnd: place }),
    ...(flags === undefined ? {} : { flags }),
    ...(marks === undefined ? {} : { marks }),
  }
}

function frontEndOf({ frontEnd }: NtLfhHeap): NtHeapPlan['frontEnd'] {
  const { address } = frontEnd
  if (address === NONE) return undefined
  const { structureBytes, structureCommit } = frontEnd.rules
  if (structureCommit === 0) return { address }
  const bytes = roundUp(structureCommit, PAGE_BYTES)
  return { address, ownMemory: { bytes, reservedBehind: roundUp(structureBytes, RESERVATION_BYTES) - bytes } }
}

function itemsOf(heap: NtLfhHeap, header: number, containers: ReadonlyMap<number, SubSegment>): NtItem[] {
  const { blocks, granularityBytes } = heap
  const { size, state, linkC, after } = blocks
  const items: NtItem[] = []
  for (let slot = after[header]!; slot !== 0; slot = after[slot]!) {
    const kind = linkC[slot] as NtKind
    const units = size[slot]! / granularityBytes
    if (kind === NtKind.Marker) continue
    if (kind === NtKind.Uncommitted) {
      // The last range is what is left of the segment.
      if (after[slot] !== 0) items.push({ uncommittedPages: size[slot]! / PAGE_BYTES })
    } else if (state[slot] === SlotState.Free) items.push({ units, busy: false })
    else if (kind === NtKind.Structure) items.push({ units, busy: true, own: 'structure' })
    else if (kind !== NtKind.Container) items.push({ units, busy: true, unused: size[slot]! - heap.requestedOf(slot) })
    else {
      const subSegment = containers.get(slot)
      if (subSegment === undefined) items.push({ units, busy: true, own: 'cached-container' })
      else items.push({ units, lfh: slotsOf(heap, subSegment), subSegment: heap.frontEnd.addressOf(subSegment) })
    }
  }
  return items
}

function slotsOf(heap: NtLfhHeap, subSegment: SubSegment): LfhPlan {
  const stride = heap.blocks.size[subSegment.slots[0]!]!
  const busy = subSegment.busySlots()
  const slots = Array.from(subSegment.slots, (slot, i) => ({ busy: busy[i] === 1, unused: busy[i] === 1 ? stride - heap.requestedOf(slot) : 0 }))
  return { strideUnits: stride / heap.granularityBytes, slots }
}

/** Layouts of the builds that a profile's figures are those of, by the profile's id, newest last. */
const BUILDS: Readonly<Record<string, readonly BuildKey[]>> = {
  'win7-x86': ['win7'],
  'win7-x64': ['win7'],
  'win81-x86': ['win8', 'win81_rtm', 'win81'],
  'win81-x64': ['win8', 'win81_rtm', 'win81'],
  'win10-x86': ['win10_1507', 'win10_1511', 'win10_1607', 'win10_1703', 'win10_1709', 'win10_1803', 'win10_1809', 'win10_1809_upd', 'win10_1903', 'win10_2004'],
  'win10-x64': ['win10_1507', 'win10_1511', 'win10_1607', 'win10_1703', 'win10_1709', 'win10_1803', 'win10_1809', 'win10_1809_upd', 'win10_1903', 'win10_2004'],
  // No 32-bit layout is known after Windows 10 2004; the heap of Windows 11 is thought to be the same.
  'win11-x86': ['win10_2004'],
  'win11-x64': ['win11_21H2', 'win11_22H2', 'win11_24H2'],
}

/** Builds whose layout a run with this profile may be written in; none for a manager that is no NT heap of Windows 7 or later. */
export const buildsOfProfile = (heap: string, profile: string): readonly BuildKey[] => (heap === 'nt-lfh' ? (BUILDS[profile] ?? []) : [])

