import type { Address, Bytes } from '../../base/units'

/*
 * The address axis of a run with what never held anything folded away:
 *
 *   addresses   |####----....(3 GiB, not reserved)....####--|
 *   offsets     |####----|####--|                              offset 0 at the first address kept
 *                        ^ break: 3 GiB left out
 *
 * Offsets run over what is kept without holes, so that a zoom is two numbers.
 */
export interface FoldedSegment {
  readonly base: Address
  readonly bytes: Bytes
  /** Offset of its base: the bytes of all segments before it. */
  readonly offset: Bytes
}

/** Something was left out at `offset`. */
export interface FoldBreak {
  readonly offset: Bytes
  /** First address left out. */
  readonly from: Address
  readonly bytes: Bytes
  /** How much of it was reserved at some time, though never committed. */
  readonly reservedBytes: Bytes
}

export interface FoldedSpace {
  /** In order of address, apart from one another. */
  readonly segments: readonly FoldedSegment[]
  readonly breaks: readonly FoldBreak[]
  readonly bytes: Bytes
}

/** Sorted, disjoint, not touching. */
export interface AddressRange {
  readonly base: Address
  readonly end: Address
}

/** Ranges in any order as sorted ranges that neither overlap nor touch. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: { base: Address; end: Address }[] = []
  for (const { base, end } of [...ranges].sort((a, b) => a.base - b.base)) {
    const last = merged.at(-1)
    if (last !== undefined && base <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ base, end })
  }
  return merged
}

/** A stretch that was reserved and never committed is kept when it is at most this part of all that was ever committed. */
const KEPT_SHARE = 1 / 16
const LEAST_KEPT: Bytes = 65536
/** Beyond it the narrowest breaks are kept too, so that what tells of the space stays small. */
export const MOST_FOLDED_SEGMENTS = 10_000

/** `committed` and `reserved` (which includes the committed): what was so at any time of the run, merged. */
export function foldSpace(committed: readonly AddressRange[], reserved: readonly AddressRange[]): FoldedSpace {
  const most = Math.max(LEAST_KEPT, committed.reduce((sum, { base, end }) => sum + end - base, 0) * KEPT_SHARE)
  const idle = without(reserved, committed)
  const kept = closeNarrowest(mergeRanges([...committed, ...idle.filter(({ base, end }) => end - base <= most)]))
  const left = without(idle.filter(({ base, end }) => end - base > most), kept)
  const segments: FoldedSegment[] = []
  const breaks: FoldBreak[] = []
  let offset = 0
  const leaveOut = (from: Address, to: Address): void => {
    const reservedBytes = left.reduce((sum, { base, end }) => sum + Math.max(0, Math.min(end, to) - Math.max(base, from)), 0)
    if (to > from) breaks.push({ offset, from, bytes: to - from, reservedBytes })
  }
  leaveOut(Math.min(kept[0]?.base ?? 0, left[0]?.base ?? Infinity), kept[0]?.base ?? 0)
  kept.forEach(({ base, end }, i) => {
    segments.push({ base, bytes: end - base, offset })
    offset += end - base
    leaveOut(end, kept[i + 1]?.base ?? Math.max(end, left.at(-1)?.end ?? 0))
  })
  return { segments, breaks, bytes: offset }
}

/** At most MOST_FOLDED_SEGMENTS ranges: those with the least between them become one. */
function closeNarrowest(ranges: AddressRange[]): AddressRange[] {
  if (ranges.length <= MOST_FOLDED_SEGMENTS) return ranges
  const gapBefore = (i: number): Bytes => ranges[i]!.base - ranges[i - 1]!.end
  const widest = Float64Array.from({ length: ranges.length - 1 }, (_, i) => gapBefore(i + 1)).sort()
  // Gaps as wide as this one may be many: how many of them stay open is counted.
  const least = widest[widest.length - MOST_FOLDED_SEGMENTS + 1]!
  let wider = 0
  for (const gap of widest) if (gap > least) wider++
  let open = MOST_FOLDED_SEGMENTS - 1 - wider
  return mergeRanges(ranges.map((range, i) => {
    if (i === 0 || gapBefore(i) > least || (gapBefore(i) === least && open-- > 0)) return range
    return { base: ranges[i - 1]!.end, end: range.end }
  }))
}

/** The parts of sorted `ranges` that no sorted `holes` cover. */
function without(ranges: readonly AddressRange[], holes: readonly AddressRange[]): AddressRange[] {
  const parts: AddressRange[] = []
  let hole = 0
  for (const { base, end } of ranges) {
    let at = base
    while (hole < holes.length && holes[hole]!.end <= at) hole++
    for (let k = hole; k < holes.length && holes[k]!.base < end; k++) {
      if (holes[k]!.base > at) parts.push({ base: at, end: holes[k]!.base })
      at = Math.max(at, holes[k]!.end)
    }
    if (at < end) parts.push({ base: at, end })
  }
  return parts
}

/** Index of the last segment that begins at or below `value` by `key`, -1 when there is none. */
function lastSegment(segments: readonly FoldedSegment[], key: 'base' | 'offset', value: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (segments[middle]![key] <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Offset of an address; of one that is left out, the offset of what follows. */
export function offsetOf({ segments }: FoldedSpace, address: Address): Bytes {
  const found = segments[lastSegment(segments, 'base', address)]
  return found === undefined ? 0 : found.offset + Math.min(found.bytes, address - found.base)
}

/** Address at an offset; the end of the last segment for offsets behind everything. */
export function addressOf({ segments }: FoldedSpace, offset: Bytes): Address {
  const found = segments[Math.max(0, lastSegment(segments, 'offset', offset))]
  return found === undefined ? 0 : found.base + Math.min(found.bytes, Math.max(0, offset - found.offset))
}

/** The same for the end of a range: at a break, the end of what is before it and not the beginning of what is behind. */
export function endAddressOf(space: FoldedSpace, offset: Bytes): Address {
  const { segments } = space
  const last = lastSegment(segments, 'offset', offset)
  const found = segments[last]
  return found !== undefined && found.offset === offset && last > 0 ? segments[last - 1]!.base + segments[last - 1]!.bytes : addressOf(space, offset)
}
