import type { Bytes, EventNumber } from '../base/units'
import type { VariantSplit } from '../analysis/sweep/sweep-drawings'
import type { SweepRanking } from '../analysis/sweep/sweep-ranking'

/*
 * What-if: traces replayed in many heaps and settings, as `heapscape sweep` does it. Finished points are kept, so a sweep
 * that was cancelled goes on when the same setup, or one that shares points with it, is run again.
 */
export interface SweepSetup {
  /** Open traces and synthetic workloads. */
  readonly inputs: readonly ({ readonly documentId: string } | { readonly workload: string })[]
  /** Heaps with profiles, `first-fit/csapp`. The first is the baseline unless another is chosen. */
  readonly heaps: readonly string[]
  /** Values to try by name of parameter; each in the heaps that have it. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

/** Points one sweep of the window may have; the command line takes any number. */
export const MOST_SWEEP_POINTS = 2000

export interface SweepOutlook {
  readonly points: number
  /** Points that were finished before and need not be replayed. */
  readonly finished: number
  /** Processes that work at once. */
  readonly processes: number
  /** Events the open points replay. */
  readonly events: number
  /** Expected seconds for the open points; null when there is none. */
  readonly seconds: number | null
  /** Where the estimate comes from. */
  readonly basis: 'none' | 'measured' | 'trial'
}

export interface SweepReport {
  readonly sweepId: string
  /** Names of the inputs, in order; two of one name are told apart by a number. */
  readonly inputs: readonly string[]
  readonly points: number
  readonly ranking: SweepRanking
  /** One per ranked variant, in its order. */
  readonly splits: readonly VariantSplit[]
}

/** Footprint lines of some variants on one input; see SweepDrawing. */
export interface SweepLines {
  readonly lastEvent: EventNumber
  readonly lines: readonly { readonly key: string; readonly events: readonly EventNumber[]; readonly footprint: readonly Bytes[] }[]
  /** Most live bytes in each bucket of the first line; the same for every heap. Null when requested sizes are unknown. */
  readonly live: readonly Bytes[] | null
}

export const SWEEP_FORMS = ['csv', 'json', 'html', 'dataset'] as const
export type SweepForm = (typeof SWEEP_FORMS)[number]

interface InSweep {
  readonly sweepId: string
}

/** Method -> [parameters, answer]. */
export interface SweepMethods {
  sweepOutlook: [SweepSetup, SweepOutlook]
  sweepRun: [SweepSetup & { readonly baseline: string | null }, SweepReport]
  /** The same points measured against another variant. */
  sweepRank: [InSweep & { readonly baseline: string }, SweepReport]
  sweepLines: [InSweep & { readonly input: string; readonly variants: readonly string[] }, SweepLines]
  /** `dataset` wants a folder as its target and makes `sweep.json` and `dataset/` in it, as the command line does. */
  sweepSave: [InSweep & { readonly baseline: string; readonly form: SweepForm; readonly targetId: string }, { readonly name: string }]
  /** Writes the dataset into a temporary folder and gives a source that the query methods take. */
  sweepDataset: [InSweep, { readonly sourceId: string; readonly name: string }]
  sweepClose: [InSweep, null]
}
