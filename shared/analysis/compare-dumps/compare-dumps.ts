import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { PAGE_BYTES, roundDown, type Address, type Bytes } from '../../base/units'
import type { Snapshot } from '../../model/snapshot'
import { matchByPlace, PLACE_CHANGE_NAMES, PlaceChange, type PlaceChanges } from './match-by-place'

/** Blocks by what became of them; a reused place counts once. */
export type ChangeCounts = Readonly<Record<(typeof PLACE_CHANGE_NAMES)[number], number>>

export interface HeapDifference {
  /** Base of the heap. */
  readonly address: Address
  /** In which of the two moments the heap was there. */
  readonly presence: 'both' | 'only-a' | 'only-b'
  readonly blocksA: number
  readonly blocksB: number
  /** Consumed by busy blocks. */
  readonly bytesA: Bytes
  readonly bytesB: Bytes
  readonly changes: ChangeCounts
}

export interface SizeDifference {
  /** Consumed bytes of the blocks; a reused place counts under its size in B. */
  readonly size: Bytes
  readonly countA: number
  readonly countB: number
  readonly changes: ChangeCounts
}

/** A page on which something else than kept blocks begins. */
export interface PageDifference {
  readonly page: Address
  readonly changes: ChangeCounts
}

export interface DumpComparison {
  readonly changes: ChangeCounts
  /** Kept and changed blocks whose bytes were compared. */
  readonly contentCompared: number
  readonly heaps: readonly HeapDifference[]
  /** Largest change of bytes first. */
  readonly sizes: readonly SizeDifference[]
  /** By address. */
  readonly pages: readonly PageDifference[]
  readonly places: PlaceChanges
}

type Counts = { -readonly [K in keyof ChangeCounts]: number }

/**
 * What became of the blocks between two moments of one process, by their places.
 * @throws HeapscapeError `not-comparable` when one of them has no blocks or not one heap is in both, `cancelled`
 */
export async function compareDumps(a: Snapshot, b: Snapshot, job: JobContext): Promise<DumpComparison> {
  refuseStrangers(a, b)
  const places = await matchByPlace(a, b, job)
  const total = noChanges()
  const heaps = new Map<Address, { -readonly [K in keyof HeapDifference]: K extends 'changes' ? Counts : HeapDifference[K] }>()
  const sizes = new Map<Bytes, { size: Bytes; countA: number; countB: number; changes: Counts }>()
  const pages = new Map<Address, { page: Address; changes: Counts }>()
  const heapOf = (snapshot: Snapshot, row: number) => {
    const address = snapshot.heaps[snapshot.blocks.heap.at(row)]!.base
    return known(heaps, address, () => ({ address, presence: presenceOf(a, b, address), blocksA: 0, blocksB: 0, bytesA: 0, bytesB: 0, changes: noChanges() }))
  }
  const sizeOf = (size: Bytes) => known(sizes, size, () => ({ size, countA: 0, countB: 0, changes: noChanges() }))
  for (const heap of [...a.heaps, ...b.heaps]) known(heaps, heap.base, () => ({ address: heap.base, presence: presenceOf(a, b, heap.base), blocksA: 0, blocksB: 0, bytesA: 0, bytesB: 0, changes: noChanges() }))
  for (let i = 0; i < places.change.length; i++) {
    const name = PLACE_CHANGE_NAMES[places.change.at(i)]!
    const [rowA, rowB] = [places.rowA.at(i), places.rowB.at(i)]
    const [last, row] = rowB >= 0 ? [b, rowB] : [a, rowA]
    total[name]++
    heapOf(last, row).changes[name]++
    sizeOf(last.blocks.size.at(row)).changes[name]++
    if (rowA >= 0) {
      const heap = heapOf(a, rowA)
      const size = a.blocks.size.at(rowA)
      heap.blocksA++
      heap.bytesA += size
      sizeOf(size).countA++
    }
    if (rowB >= 0) {
      const heap = heapOf(b, rowB)
      const size = b.blocks.size.at(rowB)
      heap.blocksB++
      heap.bytesB += size
      sizeOf(size).countB++
    }
    if (places.change.at(i) !== PlaceChange.Kept) {
      const page = roundDown(last.blocks.address.at(row), PAGE_BYTES)
      known(pages, page, () => ({ page, changes: noChanges() })).changes[name]++
    }
    if ((i & 0xffff) === 0xffff) await job.checkpoint()
  }
  const bytesChanged = ({ size, countA, countB }: SizeDifference): Bytes => Math.abs(countB - countA) * size
  return {
    changes: total,
    contentCompared: places.compared,
    heaps: [...heaps.values()].sort((x, y) => x.address - y.address),
    sizes: [...sizes.values()].sort((x, y) => bytesChanged(y) - bytesChanged(x) || x.size - y.size),
    pages: [...pages.values()],
    places,
  }
}

function refuseStrangers(a: Snapshot, b: Snapshot): void {
  const refuse = (detail: string): never => {
    throw new HeapscapeError('not-comparable', { detail })
  }
  for (const { heaps, origin } of [a, b]) if (heaps.length === 0) refuse(`${origin.file} has no heaps.`)
  if (!a.heaps.some(({ base }) => b.heaps.some((other) => other.base === base))) refuse('No heap of one is in the other: they are not two moments of one process.')
}

const noChanges = (): Counts => ({ kept: 0, changed: 0, reused: 0, vanished: 0, appeared: 0 })

function presenceOf(a: Snapshot, b: Snapshot, base: Address): HeapDifference['presence'] {
  const isIn = ({ heaps }: Snapshot): boolean => heaps.some((heap) => heap.base === base)
  return !isIn(b) ? 'only-a' : isIn(a) ? 'both' : 'only-b'
}

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
