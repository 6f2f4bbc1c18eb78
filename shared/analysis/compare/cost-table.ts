import { CHUNK_LENGTH } from '../../base/column'
import { UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { BlockState, NO_EVENT, type Snapshot } from '../../model/snapshot'
import { computePageOccupancy } from '../metrics/page-occupancy'
import { pinBlame } from '../metrics/pin-blame'
import { sizeClassOf, sizeClassUpper } from '../metrics/size-classes'

/*
 * Every committed byte of a snapshot, charged to somebody:
 *
 *   C = sum over groups (live + header + rounding + pinned) + internal + allocatorPinned + releasable
 *
 * `pinned` are the free bytes a group's blocks keep from being given back (Shapley share of each page);
 * `allocatorPinned` is the same for the heap's own structures. Cached bytes count as free.
 */
export type CostGrouping = 'size-class' | 'site' | 'age'

export interface CostTable {
  readonly grouping: CostGrouping
  /** Name of each group: largest size of the class, site, or age in events; the same in other snapshots. */
  readonly keys: readonly string[]
  /** Largest size of each class in bytes, or end of each range of ages in events; 0 for sites and what is unknown. */
  readonly uppers: Float64Array
  readonly blocks: Float64Array
  readonly live: Float64Array
  readonly header: Float64Array
  readonly rounding: Float64Array
  readonly pinned: Float64Array
  readonly internalBytes: Bytes
  readonly allocatorPinnedBytes: Bytes
  readonly releasableBytes: Bytes
  readonly committedBytes: Bytes
}

/**
 * Sites and ages that are not known form one group, "unknown".
 * @param pins pinBlame of the same snapshot, for callers that have it.
 * @param chosen 1 for each busy row to count (select-blocks.ts); the heap's own terms are of all rows whatever is chosen.
 */
export function tallyCosts(snapshot: Snapshot, grouping: CostGrouping, pins: Float64Array = pinBlame(snapshot), chosen?: Uint8Array): CostTable {
  const { blocks, heaps } = snapshot
  const groups = groupRows(snapshot, grouping, chosen)
  const count = groups.keys.length
  const [numbers, live, header, rounding, pinned] = Array.from({ length: 5 }, () => new Float64Array(count)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const known = requestsKnown(snapshot)
  const headerOfHeap = Float64Array.from(heaps, ({ headerBytes }) => headerBytes)
  let internalBytes = 0
  let committedBytes = 0
  let pinnedByBlocks = 0
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const heapOf = blocks.heap.chunks[chunk]!
    const first = chunk * CHUNK_LENGTH
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      const state = states[i]!
      const size = sizes[i]!
      if (state === BlockState.Uncommitted) continue
      committedBytes += size
      if (state === BlockState.Internal) internalBytes += size
      if (state !== BlockState.Busy) continue
      pinnedByBlocks += pins[first + i]!
      if (chosen !== undefined && chosen[first + i] !== 1) continue
      const group = groups.ofRow[first + i]!
      const headers = headerOfHeap[heapOf[i]!]!
      const request = known ? requests[i]! : size - headers
      numbers[group]!++
      live[group]! += request
      header[group]! += headers
      rounding[group]! += size - headers - request
      pinned[group]! += pins[first + i]!
    }
  }
  const pages = computePageOccupancy(snapshot)
  const allocatorPinnedBytes = pages.pinnedFree - pinnedByBlocks
  return { grouping, keys: groups.keys, uppers: groups.uppers, blocks: numbers, live, header, rounding, pinned, internalBytes, allocatorPinnedBytes, releasableBytes: pages.releasableFree, committedBytes }
}

function requestsKnown({ blocks }: Snapshot): boolean {
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const requests = blocks.requested.chunks[chunk]!
    for (let i = 0; i < Math.min(left, CHUNK_LENGTH); i++) if (requests[i] === UNKNOWN_SIZE) return false
  }
  return true
}

interface Groups {
  readonly keys: readonly string[]
  readonly uppers: Float64Array
  /** Group of each busy row. */
  readonly ofRow: Uint32Array
}

const UNKNOWN_KEY = 'unknown'

function groupRows(snapshot: Snapshot, grouping: CostGrouping, chosen: Uint8Array | undefined): Groups {
  const { blocks, siteNames, event } = snapshot
  const ofRow = new Uint32Array(blocks.length)
  const counts = (row: number): boolean => blocks.state.at(row) === BlockState.Busy && (chosen === undefined || chosen[row] === 1)
  // Codes first: class, site + 1 or power of the age + 1; 0 stands for unknown. Then only the codes present get a group.
  let most = 0
  for (let row = 0; row < blocks.length; row++) {
    if (!counts(row)) continue
    let code: number
    if (grouping === 'size-class') {
      const request = blocks.requested.at(row)
      code = sizeClassOf(request === UNKNOWN_SIZE ? blocks.size.at(row) : request) + 1
    } else if (grouping === 'site') code = blocks.site === undefined ? 0 : blocks.site.at(row) + 1
    else code = ageCode(blocks.birth?.at(row) ?? NO_EVENT, event)
    ofRow[row] = code
    if (code > most) most = code
  }
  const groupOfCode = new Int32Array(most + 1).fill(-1)
  for (let row = 0; row < blocks.length; row++) if (counts(row)) groupOfCode[ofRow[row]!] = 0
  const keys: string[] = []
  const uppers: number[] = []
  for (let code = 0; code <= most; code++) {
    if (groupOfCode[code] !== 0) continue
    groupOfCode[code] = keys.push(nameOf(code, grouping, siteNames)) - 1
    uppers.push(upperOf(code, grouping))
  }
  for (let row = 0; row < blocks.length; row++) if (counts(row)) ofRow[row] = groupOfCode[ofRow[row]!]!
  return { keys, uppers: Float64Array.from(uppers), ofRow }
}

/** 1 for age 0, 2 for 1, 3 for 2 and 3, 4 for 4 to 7, and so on. */
function ageCode(birth: number, event: number | undefined): number {
  if (birth === NO_EVENT || event === undefined) return 0
  return 33 - Math.clz32(event - birth)
}

function nameOf(code: number, grouping: CostGrouping, siteNames: readonly string[]): string {
  if (code === 0) return UNKNOWN_KEY
  if (grouping === 'size-class') return `up to ${sizeClassUpper(code - 1)} bytes`
  if (grouping === 'site') return siteNames[code - 1] ?? UNKNOWN_KEY
  return code === 1 ? 'age 0 events' : `age below ${2 ** (code - 1)} events`
}

function upperOf(code: number, grouping: CostGrouping): number {
  if (code === 0 || grouping === 'site') return 0
  if (grouping === 'size-class') return sizeClassUpper(code - 1)
  return code === 1 ? 0 : 2 ** (code - 1)
}
