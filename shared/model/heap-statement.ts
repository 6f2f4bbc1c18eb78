import type { Bytes } from '../base/units'
import type { CounterCheck, Finding } from './heap-report'

/** Figures a source may state of a heap without listing its blocks. */
export const STATED_FIGURES = [
  'reservedBytes', 'committedBytes', 'virtualBytes', 'freeBytes', 'freeBlocks', 'busyBytes', 'busyBlocks', 'uncommittedRanges', 'virtualAllocBlocks',
  'externalFragmentationPercent', 'virtualFragmentationPercent',
] as const
export type StatedFigure = (typeof STATED_FIGURES)[number]

/** Busy blocks of one size, as the source counted them. */
export interface SizeStatement {
  readonly sizeBytes: Bytes
  readonly blocks: number
  readonly totalBytes: Bytes
}

/** One heap as somebody else's program described it: what it states, not what was seen. */
export interface HeapStatement {
  /** A figure that is not here was not told; it is never 0. */
  readonly stated: Readonly<Partial<Record<StatedFigure, number>>>
  /** undefined: not told. */
  readonly flags?: number
  readonly frontEnd?: string
  /** Largest totals first, often cut to the first twenty; [] when not told. */
  readonly sizes: readonly SizeStatement[]
  readonly findings: readonly Finding[]
  /** What the source states (`stored`) beside what its own rows sum to (`walked`). */
  readonly counters: readonly CounterCheck[]
}
