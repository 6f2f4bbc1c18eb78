import { computeRunMetrics } from '../../analysis/metrics/run-metrics'
import { classifyFailure, computeSnapshotMetrics } from '../../analysis/metrics/snapshot-metrics'
import { collectHoles } from '../../analysis/metrics/holes'
import type { RunMetrics, SnapshotMetrics } from '../../analysis/metrics/types'
import { HeapscapeError } from '../../base/errors'
import { PAGE_BYTES } from '../../base/units'
import type { Run } from '../../model/run'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { SnapshotCutter } from '../../model/snapshot-at'

/** One moment of a lesson's run, with what is computed from it kept for the next question. */
class Moment {
  readonly snapshot: Snapshot
  readonly metrics: SnapshotMetrics

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot
    this.metrics = computeSnapshotMetrics(snapshot)
  }
}

type Answer = number | string | null

const ofMoment: Readonly<Record<string, (moment: Moment, argument: number) => Answer>> = {
  live: ({ metrics }) => metrics.M1_liveBytes,
  blocks: ({ metrics }) => metrics.M1_liveBlocks,
  used: ({ metrics }) => metrics.M1_consumedBytes,
  footprint: ({ metrics }) => metrics.M2_footprintBytes,
  reserved: ({ metrics }) => metrics.M2_reservedBytes,
  waste: ({ metrics }) => metrics.M4_internalWaste,
  overhead: ({ metrics }) => metrics.M3_overheadRatio,
  free: ({ snapshot }) => collectHoles(snapshot).totalBytes,
  holes: ({ snapshot }) => collectHoles(snapshot).sizes.length,
  largest: ({ snapshot }) => collectHoles(snapshot).largestBytes,
  scatter: ({ metrics }) => metrics.M6_scatter,
  unusable: ({ snapshot }, bytes) => computeSnapshotMetrics(snapshot, { probeBytes: bytes }).M7_unusableFree[bytes] ?? null,
  cause: ({ snapshot }, bytes) => classifyFailure(bytes, collectHoles(snapshot)).M8_failureCause,
  grade: ({ snapshot }, bytes) => classifyFailure(bytes, collectHoles(snapshot)).M8_failureGrade,
  effectiveHoles: ({ metrics }) => metrics.M9_effectiveHoles,
  occupancy: ({ metrics }) => metrics.M11_meanOccupancy,
  releasable: ({ metrics }) => metrics.M11_releasableFreeBytes,
  pages: ({ metrics }) => pagesOf(metrics.M2_footprintBytes),
  pagesInUse: ({ snapshot }) => pagesInUse(snapshot),
  releasablePages: ({ metrics }) => pagesOf(metrics.M11_releasableFreeBytes),
  freeBlocks: ({ snapshot }) => countState(snapshot, BlockState.Free),
  cachedBlocks: ({ snapshot }) => countState(snapshot, BlockState.Cached),
  cachedBytes: ({ snapshot }) => sumState(snapshot, BlockState.Cached),
}

const ofRun: Readonly<Record<string, (metrics: RunMetrics) => Answer>> = {
  peakFootprint: (metrics) => metrics.peakFootprintBytes,
  peakLive: (metrics) => metrics.peakLiveBytes,
  utilisation: (metrics) => metrics.utilisation,
}

const pagesOf = (bytes: number | null): number | null => (bytes === null ? null : bytes / PAGE_BYTES)

function countState({ blocks }: Snapshot, state: number): number {
  let count = 0
  for (let row = 0; row < blocks.length; row++) if (blocks.state.at(row) === state) count++
  return count
}

function sumState({ blocks }: Snapshot, state: number): number {
  let sum = 0
  for (let row = 0; row < blocks.length; row++) if (blocks.state.at(row) === state) sum += blocks.size.at(row)
  return sum
}

/** Pages that hold a byte of a busy block. */
function pagesInUse({ blocks }: Snapshot): number {
  let pages = 0
  let past = 0
  for (let row = 0; row < blocks.length; row++) {
    if (blocks.state.at(row) !== BlockState.Busy) continue
    const first = Math.max(past, Math.floor(blocks.address.at(row) / PAGE_BYTES))
    const end = Math.floor((blocks.address.at(row) + blocks.size.at(row) - 1) / PAGE_BYTES) + 1
    pages += Math.max(0, end - first)
    past = Math.max(past, end)
  }
  return pages
}

/** Answers the asserts of a lesson over its run; they come in order of events, so one moment is kept. */
export class RunMeasures {
  readonly #run: Run
  readonly #cutter: SnapshotCutter
  #moment: Moment | undefined
  #event = -1
  #whole: RunMetrics | undefined

  constructor(run: Run) {
    this.#run = run
    this.#cutter = new SnapshotCutter(run)
  }

  /** @throws HeapscapeError `parameter-unknown` for a measure that is none */
  measure(name: string, argument: string, event: number): Answer {
    const whole = ofRun[name]
    if (whole !== undefined) {
      this.#whole ??= computeRunMetrics(this.#run)
      return whole(this.#whole)
    }
    if (name === 'verdict') return this.#verdict(Number(argument), event)
    const measured = ofMoment[name]
    if (measured === undefined) throw new HeapscapeError('parameter-unknown', { heap: 'lesson', got: name, expected: [...Object.keys(ofMoment), ...Object.keys(ofRun)].join(', ') })
    if (this.#moment === undefined || this.#event !== event) this.#moment = this.#at(event)
    this.#event = event
    return measured(this.#moment, Number(argument))
  }

  #at(event: number): Moment {
    return new Moment(this.#cutter.cut(event))
  }

  /**
   * Leak, fragmentation or plateau between two events: what is live grows and the overhead does not; the footprint grows
   * and what is live does not; neither grows. Growth is more than a tenth.
   */
  #verdict(from: number, to: number): string {
    const [a, b] = [this.#at(from).metrics, this.#at(to).metrics]
    const grew = (x: number | null, y: number | null): boolean => (y ?? 0) > 1.1 * (x ?? 0)
    const liveGrew = grew(a.M1_liveBytes, b.M1_liveBytes)
    if (liveGrew) return grew(a.M3_overheadRatio, b.M3_overheadRatio) ? 'growth and fragmentation' : 'leak'
    return grew(a.M2_footprintBytes, b.M2_footprintBytes) ? 'fragmentation' : 'plateau'
  }
}
