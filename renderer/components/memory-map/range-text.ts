import type { RangeSums } from '../../../shared/analysis/range-sums'
import { BLOCK_STATE_NAMES, BlockState } from '../../../shared/model/snapshot'
import { formatAddress, formatBytes, formatCount } from '../format'

export interface RangeFigure {
  readonly name: string
  readonly value: string
  /** Definition. */
  readonly what: string
}

export const rangeTitle = ({ from, to }: { readonly from: number; readonly to: number }): string => `${formatAddress(from)} to ${formatAddress(to)}, ${formatBytes(to - from)}`

const ORDER = [BlockState.Busy, BlockState.Free, BlockState.Cached, BlockState.Internal, BlockState.Uncommitted] as const

/** Sums of a range, line by line; states that do not occur are left out. */
export function rangeFigures(sums: RangeSums): RangeFigure[] {
  const states = ORDER.filter((state) => sums.blocks[state]! > 0).map((state): RangeFigure => ({
    name: BLOCK_STATE_NAMES[state],
    value: `${formatCount(sums.bytes[state]!)} B in ${formatCount(sums.blocks[state]!)} ${sums.blocks[state] === 1 ? 'block' : 'blocks'}`,
    what: 'Bytes inside the range; blocks that reach into it.',
  }))
  return [
    ...states,
    ...(sums.notReservedBytes > 0 ? [{ name: 'not reserved', value: `${formatCount(sums.notReservedBytes)} B`, what: 'Bytes of the range that belong to no segment.' }] : []),
    { name: 'largest free', value: `${formatCount(sums.largestFreeBytes)} B`, what: 'Longest stretch of free bytes inside the range, whatever lies beyond its ends.' },
    { name: 'free pages', value: `${formatCount(sums.freePages)} of ${formatBytes(sums.pageBytes)}`, what: 'Pages inside the range of which every byte is free.' },
  ]
}

export const rangeText = (sums: RangeSums): string => `Range ${rangeTitle(sums)}: ${rangeFigures(sums).map(({ name, value }) => `${name} ${value}`).join(', ')}.`
