import { HeapscapeError } from '../../../shared/base/errors'
import type { JobContext } from '../../../shared/base/job-context'
import { PAGE_BYTES, type Address, type Bytes } from '../../../shared/base/units'
import { walkHeaps, type ProcessHeaps } from '../../../shared/heapwalk/walk-heaps'
import type { CaptureFacts, CaptureSums, MemoryCounters } from '../../../shared/model/live-capture'
import type { ProcessMemory } from '../../../shared/model/process-memory'
import { RangeMemory } from '../../../shared/model/range-memory'
import { BlockState, Snapshot } from '../../../shared/model/snapshot'
import type { LiveSystem, ProcessHandle, RegionRecord, TargetFacts, ThreadRecord } from '../live-system'
import { MemoryState } from '../windows/constants'
import { captureNotes, systemTotals } from './capture-notes'
import type { Capture, CaptureRequest, CaptureSurroundings } from './capture-request'
import { copyMemory, CopySpace, type CopyResult } from './copy-memory'
import { freezeTarget, type FrozenTarget } from './freeze-target'
import { heapsFirst } from './heaps-first'
import { PageDigests } from './page-digests'
import { nameRegions } from './region-owners'
import { SystemMemory } from './system-memory'
import { isPrivate, isReadable, readableRuns, toRegionTable, withMappedOf } from './target-regions'

/** Lowest user address; and the ends of the user halves: x64 since Windows 8.1 and what WOW64 leaves (vm.md). */
const LOW: Address = 0x10000
const HIGH: Address = 2 ** 47

/** How often the memory taken is held against the budget. */
const BUDGET_EVERY_MS = 100

/**
 * A snapshot of a running process:
 *
 *   open ─ facts, counters ─ freeze ─ regions ─ copy private memory ─ release ─ names ─ walk the copy ─ snapshot
 *                              (clone: no copy; the walk reads the clone, which is released at the end)
 *
 * While a program is held up nothing is done but listing its regions and copying; everything else waits until it runs
 * again. What cannot be read is left out, noted, and the snapshot marked partial. Every handle is closed, whatever happens.
 *
 * Throws live-process-ended, live-access-denied, live-process-protected, live-clone-unavailable (way `clone`),
 * live-over-budget when the tables alone exceed the budget, live-call-failed, `cancelled`.
 */
export async function captureProcess(system: LiveSystem, request: CaptureRequest, surroundings: CaptureSurroundings, job: JobContext): Promise<Capture> {
  if (request.pid === process.pid) throw new HeapscapeError('live-access-denied', { pid: request.pid, detail: 'it is the process that captures' })
  const handle = system.open(request.pid, 'read', request.startedAt)
  try {
    return await new CaptureWork(system, handle, request, surroundings, job).carryOut()
  } finally {
    system.close(handle)
  }
}

/** What was taken while the process held still. */
interface Taken {
  readonly regions: readonly RegionRecord[]
  readonly copy: CopyResult | null
  readonly space: CopySpace | null
  readonly copyMs: number
}

class CaptureWork {
  readonly #system: LiveSystem
  readonly #handle: ProcessHandle
  readonly #request: CaptureRequest
  readonly #at: CaptureSurroundings
  readonly #job: JobContext
  readonly #facts: TargetFacts
  readonly #threads: readonly ThreadRecord[]

  constructor(system: LiveSystem, handle: ProcessHandle, request: CaptureRequest, at: CaptureSurroundings, job: JobContext) {
    this.#system = system
    this.#handle = handle
    this.#request = request
    this.#at = at
    this.#job = job
    this.#facts = system.facts(handle)
    this.#threads = system.threads(handle)
  }

  async carryOut(): Promise<Capture> {
    const capturedAt = this.#at.date().toISOString()
    const counters = this.#system.counters(this.#handle)
    let space: CopySpace | null = null
    const frozen = await freezeTarget(this.#system, { ...this.#request, startedAt: this.#facts.startedAt }, this.#at, async () => void (space = await this.#prepareSpace()))
    try {
      const taken = await this.#take(frozen, space)
      // A clone is still read by the walk; a program is let go on now.
      if (frozen.way !== 'clone') frozen.release()
      return await this.#build({ capturedAt, counters, frozen, taken })
    } finally {
      frozen.release()
    }
  }

  /** Memory to copy to, for what the process has now and some more; it goes on allocating until it is held up. */
  #prepareSpace(): Promise<CopySpace> {
    const wanted = readableRuns(this.#system.regions(this.#handle), isPrivate).reduce((sum, { bytes }) => sum + bytes, 0)
    return new CopySpace(Math.min(this.#request.budgetBytes, wanted + wanted / 8 + (4 << 20))).makeReady(this.#job)
  }

  async #take(frozen: FrozenTarget, prepared: CopySpace | null): Promise<Taken> {
    const { way, source } = frozen
    const regions = way === 'clone' ? withMappedOf(this.#system.regions(source), this.#system.regions(this.#handle)) : this.#system.regions(source)
    const isCopied = way !== 'clone' || this.#request.keepBytes || this.#request.digest !== null
    if (!isCopied) return { regions, copy: null, space: null, copyMs: 0 }
    const start = this.#at.now()
    const deadline = way === 'suspended' ? start + this.#request.longestSuspensionMs : Infinity
    const runs = readableRuns(regions, isPrivate)
    // A clone waits for nobody: its space is made when its size is known.
    const space = prepared ?? new CopySpace(Math.min(this.#request.budgetBytes, runs.reduce((sum, { bytes }) => sum + bytes, 0)))
    const isTight = runs.reduce((sum, { bytes }) => sum + bytes, 0) > space.capacity
    const inOrder = isTight ? heapsFirst(this.#system, source, regions, this.#facts) : runs
    const copy = await copyMemory(this.#system, source, inOrder, space, { now: () => this.#at.now(), deadline }, this.#job)
    if (copy.ranges.length === 0 && !this.#system.isRunning(this.#handle)) throw new HeapscapeError('live-process-ended', { pid: this.#request.pid, detail: 'before its memory was read' })
    return { regions, copy, space, copyMs: this.#at.now() - start }
  }

  async #build({ capturedAt, counters, frozen, taken }: { capturedAt: string; counters: MemoryCounters | null; frozen: FrozenTarget; taken: Taken }): Promise<Capture> {
    const { regions, copy, space } = taken
    const addressSpace = { low: LOW, high: HIGH }
    const runs = readableRuns(regions, copy === null ? () => true : isPrivate)
    const bare = toRegionTable(regions, () => undefined, addressSpace)
    const memoryOf = (named: ReturnType<typeof toRegionTable>): ProcessMemory =>
      space === null || (frozen.way === 'clone' && copy!.beyondBudgetBytes > 0)
        ? new SystemMemory(this.#system, frozen.source, runs, named)
        : new RangeMemory(space, copy!.ranges, named.table, named.owners)
    const ownerOf = nameRegions({ system: this.#system, handle: this.#handle, facts: this.#facts, threads: this.#threads, regions, memory: memoryOf(bare) })
    const named = toRegionTable(regions, ownerOf, addressSpace)
    const memory = memoryOf(named)
    const walkStart = this.#at.now()
    const heaps = await walkHeaps({ memory, bits: this.#facts.nativeBits, build: this.#facts.build, tebs: this.#threads.map(({ teb }) => teb), pebs: this.#facts.pebs, addressSpace }, this.#withinBudget())
    const walkMs = this.#at.now() - walkStart
    if (!this.#system.isRunning(this.#handle) && heaps.heaps.length === 0) throw new HeapscapeError('live-process-ended', { pid: this.#request.pid, detail: 'while it was captured' })
    const digests = this.#digest(space, copy)
    const facts = this.#describe({ capturedAt, counters, frozen, taken, heaps, walkMs })
    const notes = captureNotes({ facts, target: this.#facts, threads: this.#threads.length, copy, heaps, cloneRefusal: frozen.cloneRefusal, wantsBytes: this.#request.keepBytes })
    const snapshot = new Snapshot({
      origin: { file: `${this.#facts.name || `process ${this.#request.pid}`} (${this.#request.pid})`, format: 'live', partial: notes.partial, notes: notes.notes, producer: this.#facts.system },
      pageBytes: PAGE_BYTES,
      addressSpace,
      heaps: heaps.heaps,
      heapReports: heaps.heapReports,
      segments: heaps.segments,
      owners: heaps.owners,
      regions: heaps.regions,
      blocks: heaps.blocks,
      event: undefined,
      siteNames: [],
      regionTotals: systemTotals(facts),
      memory: undefined,
    })
    const isKept = this.#request.keepBytes && space !== null && copy !== null
    const target = { bits: this.#facts.nativeBits, build: this.#facts.build, tebs: this.#threads.map(({ teb }) => teb) }
    return { snapshot, target, facts, digests, kept: isKept ? { source: space, ranges: copy.ranges, memory: new RangeMemory(space, copy.ranges, heaps.regions, heaps.owners) } : null }
  }

  /** Tables grow while heaps are walked: a walk that takes more than its share ends instead of taking the computer's memory. */
  #withinBudget(): JobContext {
    const before = this.#at.arrayBytes()
    const { budgetBytes } = this.#request
    let last = this.#at.now()
    return {
      progress: (progress) => this.#job.progress(progress),
      checkpoint: async () => {
        if (this.#at.now() - last >= BUDGET_EVERY_MS) {
          last = this.#at.now()
          const used = this.#at.arrayBytes() - before
          if (used > budgetBytes) throw new HeapscapeError('live-over-budget', { expected: `at most ${budgetBytes} bytes for the tables of blocks`, got: `${used} bytes with heaps still to come` })
        }
        await this.#job.checkpoint()
      },
    }
  }

  #digest(space: CopySpace | null, copy: CopyResult | null): PageDigests | null {
    const { digest } = this.#request
    if (digest === null || space === null || copy === null) return null
    const digests = new PageDigests()
    for (const { address, bytes, offset } of copy.ranges) digests.add(address, space.read(offset, bytes), digest.seed)
    return digests
  }

  #describe({ capturedAt, counters, frozen, taken, heaps, walkMs }: { capturedAt: string; counters: MemoryCounters | null; frozen: FrozenTarget; taken: Taken; heaps: ProcessHeaps; walkMs: number }): CaptureFacts {
    const { regions, copy, space } = taken
    const closedBytes = regions.reduce((sum, region) => sum + (region.state === MemoryState.Commit && !isReadable(region) ? region.bytes : 0), 0)
    const { blocks } = heaps
    const columns = [blocks.address, blocks.size, blocks.requested, blocks.state, blocks.heap, blocks.kind, blocks.confidence]
    return {
      pid: this.#request.pid,
      name: this.#facts.name,
      bits: this.#facts.bits,
      system: this.#facts.system,
      startedAt: this.#facts.startedAt,
      capturedAt,
      way: frozen.way,
      suspendedMs: frozen.suspendedMs(),
      copyMs: taken.copyMs,
      walkMs,
      copiedBytes: space?.size ?? 0,
      counters,
      sums: sumsOf(regions, heaps),
      unreadableBytes: closedBytes + (copy?.unreadableBytes ?? 0),
      keptBytes: this.#request.keepBytes ? (space?.size ?? 0) : 0,
      tableBytes: columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0),
    }
  }
}

function sumsOf(regions: readonly RegionRecord[], { blocks, segments }: ProcessHeaps): CaptureSums {
  let reservedBytes = 0
  let committedBytes = 0
  let privateCommittedBytes = 0
  for (const region of regions) {
    if (region.state === MemoryState.Free) continue
    reservedBytes += region.bytes
    if (region.state !== MemoryState.Commit) continue
    committedBytes += region.bytes
    if (isPrivate(region)) privateCommittedBytes += region.bytes
  }
  const heapReservedBytes: Bytes = segments.reduce((sum, segment) => sum + segment.reservedBytes, 0)
  let heapUncommitted = 0
  let heapBusyBytes = 0
  for (let row = 0; row < blocks.length; row++) {
    const state = blocks.state.at(row)
    if (state === BlockState.Uncommitted) heapUncommitted += blocks.size.at(row)
    else if (state === BlockState.Busy) heapBusyBytes += blocks.size.at(row)
  }
  return { reservedBytes, committedBytes, privateCommittedBytes, heapReservedBytes, heapCommittedBytes: heapReservedBytes - heapUncommitted, heapBusyBytes }
}

