import { NONE, type Address, type Bytes } from '../../shared/base/units'
import type { ChangedRegion, LiveChanges } from '../../shared/ipc/live-api'
import { RegionState } from '../../shared/model/region-table'
import type { Snapshot } from '../../shared/model/snapshot'
import { changedPages, type PageDigests } from '../live/capture/page-digests'

/** Touching regions of one owner: what a reader takes for one piece of memory. */
interface Run {
  readonly address: Address
  bytes: Bytes
  committedBytes: Bytes
  readonly owner: string
}

interface Side {
  readonly snapshot: Snapshot
  readonly digests: PageDigests | null
}

/** Runs that are new, gone, of another size or commit, or hold pages whose checksums differ. */
export function liveChanges(a: Side, b: Side): LiveChanges {
  const pages = a.digests === null || b.digests === null ? null : changedPages(a.digests, b.digests, 0, Number.MAX_SAFE_INTEGER)
  const before = new Map(runsOf(a.snapshot).map((run) => [run.address, run]))
  const rows: ChangedRegion[] = []
  for (const run of runsOf(b.snapshot)) {
    const was = before.get(run.address)
    before.delete(run.address)
    const changed = pages === null ? null : within(pages.changed, run.address, run.address + run.bytes)
    const change = was === undefined ? 'new' : was.bytes !== run.bytes ? 'resized' : was.committedBytes !== run.committedBytes ? 'committed' : (changed?.length ?? 0) > 0 ? 'pages' : null
    if (change === null) continue
    const compared = changed === null ? null : changedPages(a.digests!, b.digests!, run.address, run.address + run.bytes).compared
    rows.push({ address: run.address, bytes: run.bytes, bytesBefore: was?.bytes ?? null, committedBytes: run.committedBytes, committedBytesBefore: was?.committedBytes ?? null, owner: run.owner, change, comparedPages: compared, changedPages: changed?.length ?? null, firstChange: changed?.[0] ?? null })
  }
  for (const gone of before.values()) rows.push({ address: gone.address, bytes: null, bytesBefore: gone.bytes, committedBytes: null, committedBytesBefore: gone.committedBytes, owner: gone.owner, change: 'gone', comparedPages: null, changedPages: null, firstChange: null })
  rows.sort((x, y) => x.address - y.address)
  return { regions: rows, comparedPages: pages?.compared ?? null, changedPages: pages?.changed.length ?? null }
}

function runsOf({ regions, owners }: Snapshot): Run[] {
  const runs: Run[] = []
  let lastOwner = NONE
  for (let row = 0; row < regions.length; row++) {
    if (regions.state.at(row) === RegionState.Free) continue
    const base = regions.base.at(row)
    const bytes = regions.size.at(row)
    const committed = regions.state.at(row) === RegionState.Committed ? bytes : 0
    const owner = regions.owner.at(row)
    const last = runs.at(-1)
    if (last !== undefined && last.address + last.bytes === base && owner === lastOwner && owner !== NONE) {
      last.bytes += bytes
      last.committedBytes += committed
    } else runs.push({ address: base, bytes, committedBytes: committed, owner: owners[owner] ?? '' })
    lastOwner = owner
  }
  return runs
}

/** Members of a sorted list in [from, to). */
function within(sorted: Float64Array, from: Address, to: Address): Float64Array {
  const firstAtLeast = (value: number): number => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sorted[middle]! < value) low = middle + 1
      else high = middle
    }
    return low
  }
  return sorted.subarray(firstAtLeast(from), firstAtLeast(to))
}
