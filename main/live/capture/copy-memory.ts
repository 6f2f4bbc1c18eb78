import type { ByteSource } from '../../../shared/base/byte-source'
import type { JobContext } from '../../../shared/base/job-context'
import { PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../shared/base/units'
import type { MemoryRange } from '../../../shared/model/range-memory'
import type { LiveSystem, ProcessHandle } from '../live-system'
import { readAsFarAsItGoes } from './system-memory'
import type { Run } from './target-regions'

/** Read at a time: 616 MB/s under Wine against 92 MB/s at 64 KB, and a cancel waits for no more than one. */
const PIECE_BYTES = 8 << 20

/**
 * Memory for a copy of up to `capacity` bytes. It is taken piece by piece as the copy grows; before a program is held up it
 * is made ready, so that no page of it is first touched while the program waits.
 */
export class CopySpace implements ByteSource {
  readonly name = 'copied memory'
  readonly #pieces: Uint8Array<ArrayBuffer>[] = []
  size: Bytes = 0

  readonly capacity: Bytes

  constructor(bytes: Bytes) {
    this.capacity = roundUp(bytes, PAGE_BYTES)
  }

  /** Touches all of it. */
  async makeReady(job: JobContext): Promise<this> {
    while (this.#pieces.length * PIECE_BYTES < this.capacity) {
      this.#addPiece().fill(1)
      job.progress({ done: this.#pieces.length * PIECE_BYTES, total: this.capacity, unit: 'bytes made ready' })
      await job.checkpoint()
    }
    return this
  }

  #addPiece(): Uint8Array<ArrayBuffer> {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, this.capacity - this.#pieces.length * PIECE_BYTES))
    this.#pieces.push(piece)
    return piece
  }

  /** Room behind what is filled, inside one piece; empty when all is used. */
  room(most: Bytes): Uint8Array<ArrayBuffer> {
    if (this.size >= this.capacity) return new Uint8Array(0)
    const piece = this.#pieces[Math.floor(this.size / PIECE_BYTES)] ?? this.#addPiece()
    const from = this.size % PIECE_BYTES
    return piece.subarray(from, Math.min(piece.length, from + most))
  }

  taken(bytes: Bytes): void {
    this.size += bytes
  }

  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.size - offset))
    const first = offset % PIECE_BYTES
    const piece = this.#pieces[Math.floor(offset / PIECE_BYTES)]
    if (wanted === 0 || piece === undefined) return new Uint8Array(0)
    if (first + wanted <= piece.length) return piece.subarray(first, first + wanted)
    const bytes = new Uint8Array(wanted)
    for (let done = 0; done < wanted; ) {
      const at = offset + done
      const part = this.#pieces[Math.floor(at / PIECE_BYTES)]!.subarray(at % PIECE_BYTES, Math.min(PIECE_BYTES, (at % PIECE_BYTES) + wanted - done))
      bytes.set(part, done)
      done += part.length
    }
    return bytes
  }

  close(): void {
    this.#pieces.length = 0
    this.size = 0
  }
}

export interface CopyLimits {
  readonly now: () => number
  /** On the clock of `now`: nothing is copied after it. */
  readonly deadline: number
}

export interface CopyResult {
  /** By address. */
  readonly ranges: readonly MemoryRange[]
  readonly unreadableBytes: Bytes
  /** What did not fit the space. */
  readonly beyondBudgetBytes: Bytes
  /** What the deadline left out. */
  readonly beyondDeadlineBytes: Bytes
}

/** Copies the runs in the order given, until the space is full or the deadline passes. */
export async function copyMemory(system: LiveSystem, handle: ProcessHandle, runs: readonly Run[], space: CopySpace, limits: CopyLimits, job: JobContext): Promise<CopyResult> {
  const ranges: MemoryRange[] = []
  const total = runs.reduce((sum, { bytes }) => sum + bytes, 0)
  let unreadableBytes = 0
  let beyondBudgetBytes = 0
  let beyondDeadlineBytes = 0
  let done = 0
  for (const { address, bytes } of runs) {
    const end = address + bytes
    for (let at: Address = address; at < end; ) {
      if (limits.now() >= limits.deadline) {
        beyondDeadlineBytes += end - at
        break
      }
      const room = space.room(Math.min(PIECE_BYTES, end - at))
      if (room.length === 0) {
        beyondBudgetBytes += end - at
        break
      }
      const filled = readAsFarAsItGoes(system, handle, at, room)
      if (filled > 0) {
        ranges.push({ address: at, bytes: filled, offset: space.size })
        space.taken(filled)
      }
      at += filled
      if (filled < room.length) {
        // The page that stopped the read is left out; the next may be there.
        const next = Math.min(end, at - (at % PAGE_BYTES) + PAGE_BYTES)
        unreadableBytes += next - at
        at = next
      }
      job.progress({ done: done + at - address, total, unit: 'bytes' })
      await job.checkpoint()
    }
    done += bytes
  }
  ranges.sort((a, b) => a.address - b.address)
  return { ranges, unreadableBytes, beyondBudgetBytes, beyondDeadlineBytes }
}
