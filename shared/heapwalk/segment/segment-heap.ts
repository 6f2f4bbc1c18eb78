import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { FindingList, hex } from '../finding-list'
import { isLayoutOfBuild, type Layout, layoutOf, layoutsByLikelihood } from '../layouts/choose-layout'
import type { Bits } from '../layouts/structure-table'
import { walkListBothWays } from '../list'
import type { MemoryView } from '../memory-view'
import { type Word64, word64, xor64 } from './word64'

/** Part of every segment's signature before build 26100 (segment-heap.md 3). */
const SIGNATURE_CONSTANT: Word64 = { low: 0xa2e64ead, high: 0xa2e64ead }
const DESCRIPTORS = 256
const MAX_SEGMENTS = 4096
/** Blocks of one page and blocks of 64 KB: the two contexts since 1709. */
const CONTEXTS = 2

/** What a range of units in a page segment is. */
export type RangeUse = 'free' | 'pages' | 'lfh' | 'vs' | 'unknown'

export interface PageSegment {
  readonly address: Address
  readonly reservedBytes: Bytes
  /** Bytes of a unit: a page, or 64 KB in the second context. */
  readonly unitBytes: Bytes
  readonly firstUnit: number
  /** The heap key as this segment gives it: with the constant, and without it. */
  readonly keys: readonly Word64[]
}

export interface SegmentHeap {
  readonly address: Address
  readonly layout: Layout
  /** Structures of the sub-segments; those of the last build that has them when the heap's own has none. */
  readonly subLayout: Layout
  readonly segments: readonly PageSegment[]
  readonly flags: number
  /** Segments as the heap counts them. */
  readonly segmentCount: number
  readonly reservedEnd: Address
  readonly findings: FindingList
}

/** Reads a segment heap but its blocks; undefined when no layout fits. */
export function readSegmentHeap(view: MemoryView, address: Address, bits: Bits, build: number): SegmentHeap | undefined {
  const findings = new FindingList()
  const candidates = layoutsByLikelihood(bits, build, 'SEGMENT_HEAP').filter((layout) => layout.has('HEAP_PAGE_RANGE_DESCRIPTOR') && layout.size('HEAP_PAGE_RANGE_DESCRIPTOR') > 0)
  const layout = candidates.find((candidate) => hasSoundContexts(view, address, candidate))
  if (layout === undefined) return undefined
  if (build > 0 && !isLayoutOfBuild(layout.key, build)) findings.add('layout-unverified', 'warning', `Build ${build} has no layout whose segment lists are sound here; read as ${layout.key}.`, { address })
  const segments: PageSegment[] = []
  let segmentCount = 0
  for (const context of contextsOf(layout, address)) {
    segmentCount += view.word(context.count, bits) || 0
    const list = walkListBothWays(view, context.list, bits, MAX_SEGMENTS)
    if (list.broken !== undefined) findings.add('segment-list-broken', 'damage', `A list of segments ends early: ${list.broken}.`, { address: list.at })
    for (const node of list.nodes) segments.push(...readPageSegment(view, node, context, layout, address, findings))
  }
  const reservedEnd = view.pointer(address + layout.offset('SEGMENT_HEAP', 'ReservedLimit'), bits)
  return { address, layout, subLayout: layout.has('HEAP_LFH_SUBSEGMENT') ? layout : layoutOf(bits, 'win11_21H2'), segments, flags: view.u32(address + layout.offset('SEGMENT_HEAP', 'GlobalFlags')) || 0, segmentCount, reservedEnd, findings }
}

/** The first unit behind a segment's header, which is an array of 256 descriptors (segment-heap.md 3). */
export function firstUnitOf(layout: Layout, unitBytes: Bytes): number {
  return Math.ceil((DESCRIPTORS * layout.size('HEAP_PAGE_RANGE_DESCRIPTOR')) / unitBytes)
}

interface Context {
  readonly address: Address
  readonly list: Address
  readonly count: Address
  /** Absent before 1709, when there was one context with pages as units. */
  readonly unitShift: Address | undefined
  readonly firstDescriptor: Address | undefined
}

function contextsOf(layout: Layout, heap: Address): Context[] {
  const contexts = layout.optionalOffset('SEGMENT_HEAP', 'SegContexts')
  if (contexts === undefined) {
    const at = (member: string): Address => heap + layout.offset('SEGMENT_HEAP', member)
    return [{ address: heap, list: at('SegmentListHead'), count: at('SegmentCount'), unitShift: undefined, firstDescriptor: undefined }]
  }
  return Array.from({ length: CONTEXTS }, (_, i) => {
    const address = heap + contexts + i * layout.size('HEAP_SEG_CONTEXT')
    const at = (member: string): Address => address + layout.offset('HEAP_SEG_CONTEXT', member)
    return { address, list: at('SegmentListHead'), count: at('SegmentCount'), unitShift: at('UnitShift'), firstDescriptor: at('FirstDescriptorIndex') }
  })
}

/** Both lists lead on and back, at one end at least, and their units are of a known size. */
function hasSoundContexts(view: MemoryView, heap: Address, layout: Layout): boolean {
  const { bits } = layout
  return contextsOf(layout, heap).every((context) => {
    const word = bits / 8
    const shift = context.unitShift === undefined ? 12 : view.u8(context.unitShift)
    const leadsBack = view.pointer(view.pointer(context.list, bits) + word, bits) === context.list || view.pointer(view.pointer(context.list + word, bits), bits) === context.list
    return leadsBack && (shift === 12 || shift === 16)
  })
}

function readPageSegment(view: MemoryView, address: Address, context: Context, layout: Layout, heap: Address, findings: FindingList): PageSegment[] {
  const { bits } = layout
  const unitShift = context.unitShift === undefined ? 12 : view.u8(context.unitShift)
  const unitBytes = 2 ** unitShift
  const firstUnit = context.firstDescriptor === undefined ? firstUnitOf(layout, unitBytes) : view.u8(context.firstDescriptor)
  const reservedBytes = DESCRIPTORS * unitBytes
  const signatureAt = address + layout.offset('HEAP_PAGE_SEGMENT', 'Signature')
  const low = view.u32(signatureAt)
  const high = bits === 64 ? view.u32(signatureAt + 4) : 0
  if (address % reservedBytes !== 0 || !(firstUnit > 0 && firstUnit < DESCRIPTORS) || Number.isNaN(low + high)) {
    findings.add('segment-damaged', 'damage', `The page segment at ${hex(address)} is not aligned or cannot be read.`, { address })
    return []
  }
  const own = context.unitShift === undefined ? [word64(Math.floor(address / 0x100000)), word64(heap)] : [word64(address), word64(context.address)]
  const mixed = xor64({ low, high }, ...own)
  const keys = [xor64(mixed, SIGNATURE_CONSTANT), mixed].map((key) => (bits === 64 ? key : { low: key.low, high: 0 }))
  return [{ address, reservedBytes, unitBytes, firstUnit, keys: layout.key === 'win11_24H2' ? keys.reverse() : keys }]
}

export interface PageRange {
  readonly use: RangeUse
  readonly firstUnit: number
  readonly units: number
  readonly unusedBytes: Bytes
}

/** Ranges of a page segment in order, from its first unit to its last. */
export function readRanges(view: MemoryView, segment: PageSegment, layout: Layout, findings: FindingList): PageRange[] {
  const descriptors = readDescriptors(view, segment, layout)
  const ranges: PageRange[] = []
  for (let unit = segment.firstUnit; unit < DESCRIPTORS; ) {
    const { use, units: told, unusedBytes, isFirst } = descriptors[unit]!
    const units = soundUnits(descriptors, unit)
    const at = segment.address + unit * layout.size('HEAP_PAGE_RANGE_DESCRIPTOR')
    if (units !== told || !isFirst) {
      findings.add('range-damaged', 'damage', `The descriptor of unit ${unit} of the segment at ${hex(segment.address)} ${isFirst ? `claims ${told} units; ${units} are free of other ranges` : 'does not begin a range'}.`, { address: at })
    }
    ranges.push({ use: isFirst ? use : 'unknown', firstUnit: unit, units, unusedBytes })
    unit += units
  }
  return ranges
}

interface Descriptor {
  readonly use: RangeUse
  readonly isFirst: boolean
  /** Units of the range on its first descriptor, distance back to that on others. */
  readonly units: number
  readonly unusedBytes: Bytes
}

function readDescriptors(view: MemoryView, segment: PageSegment, layout: Layout): Descriptor[] {
  const size = layout.size('HEAP_PAGE_RANGE_DESCRIPTOR')
  const flagsAt = layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'RangeFlags')
  const isOld = layout.optionalOffset('SEGMENT_HEAP', 'SegContexts') === undefined
  const unitsAt = layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'UnitSize')
  const unusedAt = layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'UnusedBytes')
  return Array.from({ length: DESCRIPTORS }, (_, unit) => {
    const at = segment.address + unit * size
    const flags = view.u8(at + flagsAt) & (layout.bits === 32 && !isOld ? 0x1f : 0xff)
    const use = isOld ? useBefore1709(flags) : useSince1709(flags)
    return { use, isFirst: (flags & (isOld ? 8 : 2)) !== 0, units: view.u8(at + unitsAt), unusedBytes: isOld ? view.u16(at + unusedAt) : view.u32(at + unusedAt) }
  })
}

/**
 * Units of the range that begins at `unit`: what its descriptor says when another range or the end follows there and none
 * begins before; else up to the next descriptor that begins a range. Only allocated ranges keep the descriptors inside
 * them, so a free one is believed unless nothing begins where it ends.
 */
function soundUnits(descriptors: readonly Descriptor[], unit: number): number {
  const { use, units: told, isFirst } = descriptors[unit]!
  const next = unit + told
  const beginsAt = (at: number): boolean => at === DESCRIPTORS || (at < DESCRIPTORS && descriptors[at]!.isFirst)
  const isInside = (at: number): boolean => !descriptors[at]!.isFirst
  if (isFirst && told > 0 && beginsAt(next) && (use === 'free' || range(unit + 1, next).every(isInside))) return told
  let end = unit + 1
  while (!beginsAt(end)) end++
  return end - unit
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

function useSince1709(flags: number): RangeUse {
  if ((flags & 1) === 0) return 'free'
  return flags === 3 ? 'pages' : flags === 11 ? 'lfh' : flags === 15 ? 'vs' : 'unknown'
}

function useBefore1709(flags: number): RangeUse {
  if ((flags & 4) === 0) return 'free'
  return (flags & 1) !== 0 ? 'lfh' : (flags & 0x20) !== 0 ? 'vs' : 'pages'
}

/** The end of the memory the heap's own structures lie in. */
export function structureEnd(heap: SegmentHeap): Address {
  const least = heap.address + Math.ceil(heap.layout.size('SEGMENT_HEAP') / PAGE_BYTES) * PAGE_BYTES
  const { reservedEnd } = heap
  return reservedEnd >= least && reservedEnd <= heap.address + 0x1000000 && reservedEnd % PAGE_BYTES === 0 ? reservedEnd : least
}
