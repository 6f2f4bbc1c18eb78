import type { Address } from '../../base/units'
import { RegionState, RegionTable } from '../../model/region-table'
import type { MemoryRange } from '../../model/range-memory'
import type { DumpNotes } from './dump-notes'
import type { DumpModule, DumpThread, MemoryInfo } from './list-streams'

const MEM_COMMIT = 0x1000
const MEM_RESERVE = 0x2000
const MEM_FREE = 0x10000
const MEM_IMAGE = 0x1000000
const MEM_MAPPED = 0x40000

export interface OwnedRegions {
  readonly regions: RegionTable
  readonly owners: readonly string[]
}

interface Piece {
  readonly base: Address
  readonly end: Address
  readonly state: RegionState
  /** Text of the owner, '' none. */
  readonly owner: string
}

/**
 * The address space, free ranges included: from the list of regions when the dump has one, else from the memory it
 * holds, all of which was committed. Modules and stacks name what they lie in.
 */
export function buildRegions(
  info: readonly MemoryInfo[],
  ranges: readonly MemoryRange[],
  named: { readonly modules: readonly DumpModule[]; readonly threads: readonly DumpThread[] },
  space: { readonly low: Address; readonly high: Address },
  notes: DumpNotes,
): OwnedRegions {
  const ownerAt = ownerLookup(named.modules, named.threads)
  const pieces = info.length > 0 ? piecesOfInfo(info, ownerAt, notes) : ranges.map(({ address, bytes }) => ({ base: address, end: address + bytes, state: RegionState.Committed, owner: ownerAt(address) }))
  // Memory the dump holds was committed, whatever the list of regions leaves out.
  if (info.length > 0) pieces.push(...ranges.map(({ address, bytes }) => ({ base: address, end: address + bytes, state: RegionState.Committed, owner: ownerAt(address) })))
  pieces.sort((a, b) => a.base - b.base)
  return toTable(pieces, space)
}

function piecesOfInfo(info: readonly MemoryInfo[], ownerAt: (address: Address) => string, notes: DumpNotes): Piece[] {
  return info.flatMap(({ base, bytes, state, type }) => {
    if (state === MEM_FREE) return []
    if (!(base >= 0 && bytes > 0) || (state !== MEM_COMMIT && state !== MEM_RESERVE)) {
      notes.add('region-absurd', `A region claims ${bytes} bytes at address ${base} in state ${state}; it is left out.`)
      return []
    }
    const owner = ownerAt(base) || (type === MEM_IMAGE ? 'image' : type === MEM_MAPPED ? 'mapped' : '')
    return [{ base, end: base + bytes, state: state === MEM_COMMIT ? RegionState.Committed : RegionState.Reserved, owner }]
  })
}

function ownerLookup(modules: readonly DumpModule[], threads: readonly DumpThread[]): (address: Address) => string {
  const spans = [
    ...modules.map(({ base, bytes, path }) => ({ base, end: base + bytes, name: path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1) })),
    ...threads.filter(({ stackBytes }) => stackBytes > 0).map(({ id, stackBase, stackBytes }) => ({ base: stackBase, end: stackBase + stackBytes, name: `stack of thread ${id}` })),
  ].sort((a, b) => a.base - b.base)
  return (address) => {
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (spans[middle]!.base <= address) low = middle + 1
      else high = middle
    }
    const span = spans[low - 1]
    return span !== undefined && address < span.end ? span.name : ''
  }
}

/** Disjoint rows with free ones between; of pieces that overlap the first told wins where it lies. */
function toTable(pieces: readonly Piece[], { low, high }: { readonly low: Address; readonly high: Address }): OwnedRegions {
  const regions = new RegionTable()
  const owners: string[] = []
  const indexOf = new Map<string, number>()
  const push = (base: Address, end: Address, state: RegionState, owner: string): void => {
    let index = -1
    if (owner !== '') {
      index = indexOf.get(owner) ?? owners.push(owner) - 1
      indexOf.set(owner, index)
    }
    regions.base.push(base)
    regions.size.push(end - base)
    regions.state.push(state)
    regions.owner.push(index)
  }
  let at = low
  for (const piece of pieces) {
    const base = Math.max(at, piece.base)
    const end = Math.min(high, piece.end)
    if (end <= base) continue
    if (base > at) push(at, base, RegionState.Free, '')
    push(base, end, piece.state, piece.owner)
    at = end
  }
  if (at < high) push(at, high, RegionState.Free, '')
  return { regions, owners }
}
