import type { JobContext } from '../base/job-context'
import type { Bytes } from '../base/units'
import type { HeapReport } from '../model/heap-report'
import type { Confidence } from '../model/confidence'
import type { FindingList } from './finding-list'
import type { WalkedBlocks, WalkedSegment } from './walked-blocks'

/** One heap, walked: its blocks, what it reserved, and what it says of itself. */
export interface HeapWalk {
  readonly segments: readonly WalkedSegment[]
  readonly blocks: WalkedBlocks
  readonly headerBytes: Bytes
  readonly granularity: Bytes
  readonly findings: FindingList
  /** The report without what only the whole process tells. */
  readonly report: Omit<HeapReport, 'discovery' | 'findings' | 'confidence'>
  /** True when the structures were read by rules no source confirms twice, so that no walk of them is verified. */
  readonly isInferred: boolean
}

export interface WalkContext {
  readonly build: number
  readonly job: JobContext
}

/** Code of the finding of a heap whose inside stays closed. */
export const LAYOUT_UNKNOWN = 'layout-unknown'

/** How far a heap's findings let it be trusted. */
export function confidenceOf(findings: FindingList, report: Pick<HeapReport, 'counters'>, inferred: boolean): Confidence {
  if (findings.count(LAYOUT_UNKNOWN) > 0) return 'opaque'
  if (findings.has('damage')) return 'uncertain'
  return inferred || findings.has('warning') || report.counters.some(({ equal }) => !equal) ? 'inferred' : 'verified'
}
