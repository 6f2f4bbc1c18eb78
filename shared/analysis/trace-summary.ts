import { type ColumnArray, CHUNK_LENGTH, sizeColumn } from '../base/column'
import type { Bytes, EventNumber } from '../base/units'
import { Op, type Trace } from '../model/trace'

/** What a trace asks for in total, before any heap manager had a say. All sizes are requested bytes. */
export interface TraceSummary {
  readonly events: {
    readonly alloc: number
    readonly free: number
    readonly realloc: number
    readonly orphanFree: number
  }
  /** Sum of the sizes of all allocations and all reallocations (each with its new size). */
  readonly requestedBytesTotal: Bytes
  /** Largest sum of the sizes of living blocks, looked at after each event. */
  readonly peakLiveBytes: Bytes
  /** Number of living blocks at that peak (`peakEvent`). */
  readonly peakLiveBlocks: number
  /** Largest number of living blocks at any time; need not fall on the byte peak. */
  readonly maxLiveBlocks: number
  /** Event number of the first byte peak (model's count: a realloc is one event); 0 when nothing was ever alive. */
  readonly peakEvent: EventNumber
  /**
   * The same moment as a record number of the source, from 1: in formats that write a realloc as two records
   * (`Trace.recordsPerRealloc` 2) each realloc up to there counts twice.
   */
  readonly peakAtEvent: number
  readonly endLiveBytes: Bytes
  readonly endLiveBlocks: number
  /** Allocations that the very next event freed. */
  readonly temporaryAllocs: number
  /** True when the source tells addresses. */
  readonly addresses: boolean
}

/** One pass, about 10 ns per event. */
export function summariseTrace(trace: Trace): TraceSummary {
  const sweep = new Sweep(trace.recordsPerRealloc - 1)
  // All columns of a trace share one chunk layout, so the loop below runs over plain typed arrays.
  trace.op.chunks.forEach((ops, chunk) => {
    const rows = Math.min(CHUNK_LENGTH, trace.events - chunk * CHUNK_LENGTH)
    sweep.addChunk(ops, trace.object.chunks[chunk]!, trace.size.chunks[chunk]!, rows)
  })
  const { counts } = sweep
  return {
    events: { alloc: counts[Op.Alloc]!, free: counts[Op.Free]!, realloc: counts[Op.Realloc]!, orphanFree: counts[Op.OrphanFree]! },
    requestedBytesTotal: sweep.requestedBytes,
    peakLiveBytes: sweep.peakBytes,
    peakLiveBlocks: sweep.blocksAtPeak,
    maxLiveBlocks: sweep.maxBlocks,
    peakEvent: sweep.peakEvent,
    peakAtEvent: sweep.peakRecord,
    endLiveBytes: sweep.liveBytes,
    endLiveBlocks: sweep.liveBlocks,
    temporaryAllocs: sweep.temporaryAllocs,
    addresses: trace.address !== undefined,
  }
}

class Sweep {
  readonly counts = new Float64Array(4)
  requestedBytes = 0
  liveBytes = 0
  liveBlocks = 0
  peakBytes = 0
  blocksAtPeak = 0
  maxBlocks = 0
  peakEvent = 0
  peakRecord = 0
  temporaryAllocs = 0
  /** Object that the event before allocated, -1 when it was another one. */
  #justAllocated = -1
  #event = 0
  readonly #extraRecords: number
  /** Size of each object while it lives, by object number. */
  readonly #sizeOf = sizeColumn()

  constructor(extraRecordsPerRealloc: number) {
    this.#extraRecords = extraRecordsPerRealloc
  }

  addChunk(ops: ColumnArray, objects: ColumnArray, sizes: ColumnArray, rows: number): void {
    const { counts } = this
    const sizeOf = this.#sizeOf
    let liveBytes = this.liveBytes
    let justAllocated = this.#justAllocated
    for (let row = 0; row < rows; row++) {
      const op = ops[row]!
      const size = sizes[row]!
      counts[op]!++
      if (op === Op.Alloc) {
        sizeOf.push(size)
        liveBytes += size
        this.requestedBytes += size
        if (++this.liveBlocks > this.maxBlocks) this.maxBlocks = this.liveBlocks
        justAllocated = objects[row]!
      } else if (op === Op.Realloc) {
        liveBytes += size - sizeOf.at(objects[row]!)
        this.requestedBytes += size
        sizeOf.set(objects[row]!, size)
        justAllocated = -1
      } else if (op === Op.Free) {
        liveBytes -= sizeOf.at(objects[row]!)
        this.liveBlocks--
        if (objects[row] === justAllocated) this.temporaryAllocs++
        justAllocated = -1
      } else justAllocated = -1
      if (liveBytes > this.peakBytes) {
        this.peakBytes = liveBytes
        this.blocksAtPeak = this.liveBlocks
        this.peakEvent = this.#event + row + 1
        this.peakRecord = this.peakEvent + counts[Op.Realloc]! * this.#extraRecords
      }
    }
    this.liveBytes = liveBytes
    this.#justAllocated = justAllocated
    this.#event += rows
  }
}
