import { Column } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { UNKNOWN_SIZE } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'

/*
 * Busy blocks of two moments of one process, by where they lie:
 *
 *   A   [kept 32]      [vanished]   [reused 48]
 *   B   [kept 32]  [appeared]       [reused 64]
 *
 * An address that holds a block of the same size in both is the same block as far as places tell; where both moments have
 * their bytes, `changed` says whether they differ. A block that was freed and one of its size put in its place looks kept,
 * and only its bytes give it away.
 */
export const PlaceChange = { Kept: 0, Changed: 1, Reused: 2, Vanished: 3, Appeared: 4 } as const
export type PlaceChange = (typeof PlaceChange)[keyof typeof PlaceChange]
export const PLACE_CHANGE_NAMES = ['kept', 'changed', 'reused', 'vanished', 'appeared'] as const

/** One row per place, ascending by address. */
export interface PlaceChanges {
  /** PlaceChange. */
  readonly change: Column
  /** Row of the block in A and in B, -1 where there is none. */
  readonly rowA: Column
  readonly rowB: Column
  /** Kept and changed blocks whose bytes were there on both sides. */
  readonly compared: number
}

/** Blocks between two checkpoints. */
const CHECKPOINT_BLOCKS = 16_384
/** Bytes of two blocks are compared in pieces of this size. */
const PIECE_BYTES = 1 << 20

/** Walks both tables once, front to back. Throws `cancelled`. */
export async function matchByPlace(a: Snapshot, b: Snapshot, job: JobContext): Promise<PlaceChanges> {
  const change = new Column('u8')
  const rowsA = new Column('i32')
  const rowsB = new Column('i32')
  let compared = 0
  const put = (kind: PlaceChange, rowA: number, rowB: number): void => {
    change.push(kind)
    rowsA.push(rowA)
    rowsB.push(rowB)
  }
  let rowA = nextBusy(a, 0)
  let rowB = nextBusy(b, 0)
  for (let steps = 1; rowA < a.blocks.length || rowB < b.blocks.length; steps++) {
    const addressA = rowA < a.blocks.length ? a.blocks.address.at(rowA) : Infinity
    const addressB = rowB < b.blocks.length ? b.blocks.address.at(rowB) : Infinity
    if (addressA < addressB) put(PlaceChange.Vanished, rowA, -1)
    else if (addressB < addressA) put(PlaceChange.Appeared, -1, rowB)
    else if (!isSameBlock(a, rowA, b, rowB)) put(PlaceChange.Reused, rowA, rowB)
    else {
      const differs = bytesDiffer(a, rowA, b)
      if (differs !== undefined) compared++
      put(differs === true ? PlaceChange.Changed : PlaceChange.Kept, rowA, rowB)
    }
    if (addressA <= addressB) rowA = nextBusy(a, rowA + 1)
    if (addressB <= addressA) rowB = nextBusy(b, rowB + 1)
    if (steps % CHECKPOINT_BLOCKS === 0) {
      job.progress({ done: rowA, total: a.blocks.length, unit: 'blocks' })
      await job.checkpoint()
    }
  }
  return { change, rowA: rowsA, rowB: rowsB, compared }
}

function nextBusy({ blocks }: Snapshot, from: number): number {
  const { state, length } = blocks
  let row = from
  while (row < length && state.at(row) !== BlockState.Busy) row++
  return row
}

/** Of the same size in the same heap; where both requests are known they are the size. */
function isSameBlock(a: Snapshot, rowA: number, b: Snapshot, rowB: number): boolean {
  if (a.blocks.size.at(rowA) !== b.blocks.size.at(rowB) || a.heaps[a.blocks.heap.at(rowA)]?.base !== b.heaps[b.blocks.heap.at(rowB)]?.base) return false
  const [requestedA, requestedB] = [a.blocks.requested.at(rowA), b.blocks.requested.at(rowB)]
  return requestedA === UNKNOWN_SIZE || requestedB === UNKNOWN_SIZE || requestedA === requestedB
}

/** undefined when one side does not have all the bytes. Headers are left out as far as the heap tells their size. */
function bytesDiffer(a: Snapshot, rowA: number, b: Snapshot): boolean | undefined {
  if (a.memory === undefined || b.memory === undefined) return undefined
  const { headerBytes } = a.heaps[a.blocks.heap.at(rowA)]!
  const from = a.blocks.address.at(rowA) + headerBytes
  const size = a.blocks.size.at(rowA) - headerBytes
  for (let at = 0; at < size; at += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, size - at)
    const here = a.memory.read(from + at, length)
    const there = b.memory.read(from + at, length)
    if (here.length < length || there.length < length) return undefined
    for (let i = 0; i < length; i++) if (here[i] !== there[i]) return true
  }
  return false
}
