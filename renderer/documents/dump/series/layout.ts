import type { Bytes } from '../../../../shared/base/units'
import type { CaptureFacts } from '../../../../shared/model/live-capture'

/** One line of the time line, from the system or from our own sums. */
export interface SeriesLine {
  readonly id: 'commit' | 'private' | 'workingSet' | 'heaps'
  readonly title: string
  readonly definition: string
  /** null where it is not told. */
  readonly values: readonly (Bytes | null)[]
}

export interface PlacedLine extends SeriesLine {
  /** Runs of known values as points "x,y x,y ..."; what is not told is a gap. */
  readonly paths: readonly string[]
}

export interface SeriesLayout {
  /** Middle of each capture in CSS pixels. */
  readonly xs: readonly number[]
  readonly lines: readonly PlacedLine[]
  readonly topBytes: Bytes
}

export const PADDING_PX = 10

export function seriesLines(captures: readonly CaptureFacts[]): SeriesLine[] {
  return [
    { id: 'commit', title: 'Commit', definition: 'Commit charge of the process, told by the system right before the capture (PagefileUsage)', values: captures.map(({ counters }) => counters?.commitBytes ?? null) },
    { id: 'private', title: 'Private', definition: 'Private bytes, told by the system (PrivateUsage)', values: captures.map(({ counters }) => counters?.privateBytes ?? null) },
    { id: 'workingSet', title: 'Working set', definition: 'Bytes in physical memory, shared ones included, told by the system', values: captures.map(({ counters }) => counters?.workingSetBytes ?? null) },
    { id: 'heaps', title: 'Heaps', definition: 'Committed bytes of all heaps, our own sum', values: captures.map(({ sums }) => sums.heapCommittedBytes) },
  ]
}

/** Captures along time, bytes from 0 at the foot. */
export function layoutSeries(captures: readonly CaptureFacts[], widthPx: number, heightPx: number): SeriesLayout {
  const times = captures.map(({ capturedAt }) => Date.parse(capturedAt))
  const first = times[0] ?? 0
  const span = Math.max(1, (times.at(-1) ?? 0) - first)
  const inner = Math.max(0, widthPx - 2 * PADDING_PX)
  const xs = times.map((time) => PADDING_PX + (captures.length === 1 ? inner / 2 : ((time - first) / span) * inner))
  const lines = seriesLines(captures)
  const topBytes = Math.max(1, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const y = (bytes: Bytes): number => heightPx - PADDING_PX / 2 - (bytes / topBytes) * (heightPx - PADDING_PX)
  const placed = lines.map((line) => {
    const paths: string[][] = [[]]
    line.values.forEach((value, i) => {
      if (value === null) paths.push([])
      else paths.at(-1)!.push(`${xs[i]!.toFixed(1)},${y(value).toFixed(1)}`)
    })
    return { ...line, paths: paths.filter((points) => points.length > 0).map((points) => points.join(' ')) }
  })
  return { xs, lines: placed, topBytes }
}

/** The capture nearest to a place. */
export function captureAt({ xs }: SeriesLayout, xPx: number): number {
  let nearest = 0
  xs.forEach((x, i) => {
    if (Math.abs(x - xPx) < Math.abs(xs[nearest]! - xPx)) nearest = i
  })
  return nearest
}
