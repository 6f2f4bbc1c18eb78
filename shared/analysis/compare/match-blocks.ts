import { HeapscapeError } from '../../base/errors'
import { NONE, UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { sizeClassOf, sizeClassUpper } from '../metrics/size-classes'

/*
 * Busy blocks of two snapshots, paired although their addresses differ. Keys, strongest first:
 *
 *   address     address and birth: moments of one process            exact
 *   allocation  birth event: runs of one trace                       exact
 *   site-size   call site and requested size                         strong
 *   site-class  call site and size class                             fair
 *   size        requested size                                       weak
 *   class       size class                                           weak
 *
 * Blocks of one key are a multiset: min(countA, countB) are matched, the rest is new or gone.
 */
export const MATCH_KEYS = ['address', 'allocation', 'site-size', 'site-class', 'size', 'class'] as const
export type MatchKey = (typeof MATCH_KEYS)[number]
export type MatchConfidence = 'exact' | 'strong' | 'fair' | 'weak'

export const MATCH_CONFIDENCE: Readonly<Record<MatchKey, MatchConfidence>> = {
  address: 'exact',
  allocation: 'exact',
  'site-size': 'strong',
  'site-class': 'fair',
  size: 'weak',
  class: 'weak',
}

/** How two snapshots belong together; decides which keys identify a block. */
export type SnapshotKinship = 'same-process' | 'same-trace' | 'other'

/** Rows of one key; requested bytes, or consumed ones where the request is unknown. */
export interface MatchGroup {
  /** Call site, undefined for keys without. */
  readonly site?: string
  /** Requested size, or the class's largest; undefined for exact keys, whose groups are all blocks together. */
  readonly sizeBytes?: Bytes
  readonly countA: number
  readonly countB: number
  readonly matched: number
  readonly gone: number
  readonly added: number
  readonly bytesA: Bytes
  readonly bytesB: Bytes
}

export interface BlockMatch {
  readonly key: MatchKey
  readonly confidence: MatchConfidence
  readonly matched: number
  readonly gone: number
  readonly added: number
  /** Same address, other birth: only with key `address`. */
  readonly reused: number
  readonly requestedChange: Bytes
  /** Largest change of bytes first; empty for exact keys. */
  readonly groups: readonly MatchGroup[]
}

/** The strongest key both snapshots can answer. */
export function strongestKey(a: Snapshot, b: Snapshot, kinship: SnapshotKinship): MatchKey {
  const births = a.blocks.birth !== undefined && b.blocks.birth !== undefined
  if (births && kinship === 'same-process') return 'address'
  if (births && kinship === 'same-trace') return 'allocation'
  return a.blocks.site !== undefined && b.blocks.site !== undefined ? 'site-size' : 'size'
}

/** 1 for each busy row of a side that takes part (select-blocks.ts); absent: all. */
export interface MatchChoice {
  readonly a?: Uint8Array | undefined
  readonly b?: Uint8Array | undefined
}

/** @throws HeapscapeError `parameter-invalid` when a snapshot does not know what the key needs. */
export function matchBlocks(a: Snapshot, b: Snapshot, key: MatchKey, chosen: MatchChoice = {}): BlockMatch {
  refuseUnknown(a, b, key)
  const columnsA = busyColumns(a, chosen.a)
  const columnsB = busyColumns(b, chosen.b)
  const requestedChange = sum(columnsB.bytes) - sum(columnsA.bytes)
  const common = { key, confidence: MATCH_CONFIDENCE[key], requestedChange }
  if (key === 'address' || key === 'allocation') return { ...common, ...matchExactly(columnsA, columnsB, key), groups: [] }
  const groups = matchGroups(columnsA, columnsB, key)
  const total = (of: (group: MatchGroup) => number): number => groups.reduce((all, group) => all + of(group), 0)
  return { ...common, matched: total((g) => g.matched), gone: total((g) => g.gone), added: total((g) => g.added), reused: 0, groups }
}

function refuseUnknown(a: Snapshot, b: Snapshot, key: MatchKey): void {
  const lacks = (what: string): never => {
    throw new HeapscapeError('parameter-invalid', { name: 'match key', expected: `a key both snapshots know`, got: `${key} (${what} unknown)` })
  }
  if ((key === 'address' || key === 'allocation') && (a.blocks.birth === undefined || b.blocks.birth === undefined)) lacks('births')
  if ((key === 'site-size' || key === 'site-class') && (a.blocks.site === undefined || b.blocks.site === undefined)) lacks('call sites')
}

interface BusyColumns {
  readonly address: Float64Array
  readonly birth: Float64Array
  readonly bytes: Float64Array
  readonly site: Int32Array
  readonly siteNames: readonly string[]
}

function busyColumns({ blocks, siteNames }: Snapshot, chosen: Uint8Array | undefined): BusyColumns {
  let count = 0
  const counts = (row: number): boolean => blocks.state.at(row) === BlockState.Busy && (chosen === undefined || chosen[row] === 1)
  for (let row = 0; row < blocks.length; row++) if (counts(row)) count++
  const columns = { address: new Float64Array(count), birth: new Float64Array(count), bytes: new Float64Array(count), site: new Int32Array(count), siteNames }
  let next = 0
  for (let row = 0; row < blocks.length; row++) {
    if (!counts(row)) continue
    const requested = blocks.requested.at(row)
    columns.address[next] = blocks.address.at(row)
    columns.birth[next] = blocks.birth?.at(row) ?? 0
    columns.bytes[next] = requested === UNKNOWN_SIZE ? blocks.size.at(row) : requested
    columns.site[next] = blocks.site?.at(row) ?? NONE
    next++
  }
  return columns
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

function matchExactly(a: BusyColumns, b: BusyColumns, key: 'address' | 'allocation'): { matched: number; gone: number; added: number; reused: number } {
  const column = key === 'address' ? 'address' : 'birth'
  const orderA = sortedRows(a[column])
  const orderB = sortedRows(b[column])
  let [i, j, matched, reused] = [0, 0, 0, 0]
  while (i < orderA.length && j < orderB.length) {
    const rowA = orderA[i]!
    const rowB = orderB[j]!
    const difference = a[column][rowA]! - b[column][rowB]!
    if (difference <= 0) i++
    if (difference >= 0) j++
    if (difference !== 0) continue
    if (key === 'address' && a.birth[rowA] !== b.birth[rowB]) reused++
    else matched++
  }
  return { matched, gone: orderA.length - matched, added: orderB.length - matched, reused }
}

function sortedRows(values: Float64Array): Uint32Array {
  return Uint32Array.from(values.keys()).sort((one, other) => values[one]! - values[other]!)
}

type GroupKey = 'site-size' | 'site-class' | 'size' | 'class'

function matchGroups(a: BusyColumns, b: BusyColumns, key: GroupKey): MatchGroup[] {
  const bySite = key === 'site-size' || key === 'site-class'
  const byClass = key === 'site-class' || key === 'class'
  const sites = bySite ? commonSites(a.siteNames, b.siteNames) : undefined
  const sizeOf = (bytes: Bytes): Bytes => (byClass ? sizeClassUpper(sizeClassOf(bytes)) : bytes)
  const sizes = rankOfSizes([a, b], sizeOf)
  const codesA = codesOf(a, sites?.ofA, sizes, sizeOf)
  const codesB = codesOf(b, sites?.ofB, sizes, sizeOf)
  const [runsA, runsB] = [runsOf(codesA), runsOf(codesB)]
  const bytesA = bytesByCode(a, sites?.ofA, sizes, sizeOf)
  const bytesB = bytesByCode(b, sites?.ofB, sizes, sizeOf)
  const groups: MatchGroup[] = []
  for (const code of new Set([...runsA.keys(), ...runsB.keys()])) {
    const [countA, countB] = [runsA.get(code) ?? 0, runsB.get(code) ?? 0]
    const matched = Math.min(countA, countB)
    const site = sites?.names[Math.floor(code / sizes.values.length) - 1]
    groups.push({
      ...(bySite ? { site: site ?? 'unknown' } : {}),
      sizeBytes: sizes.values[code % sizes.values.length]!,
      countA,
      countB,
      matched,
      gone: countA - matched,
      added: countB - matched,
      bytesA: bytesA.get(code) ?? 0,
      bytesB: bytesB.get(code) ?? 0,
    })
  }
  return groups.sort((one, other) => Math.abs(other.bytesB - other.bytesA) - Math.abs(one.bytesB - one.bytesA) || one.sizeBytes! - other.sizeBytes!)
}

/** One numbering for the sites of both sides, by their text. */
function commonSites(a: readonly string[], b: readonly string[]): { names: readonly string[]; ofA: readonly number[]; ofB: readonly number[] } {
  const names = [...new Set([...a, ...b])]
  const numbers = new Map(names.map((name, i) => [name, i + 1]))
  return { names, ofA: a.map((name) => numbers.get(name)!), ofB: b.map((name) => numbers.get(name)!) }
}

interface SizeRanks {
  readonly values: Float64Array
  readonly rank: ReadonlyMap<Bytes, number>
}

/** Distinct sizes in order: one entry per size, not per block. */
function rankOfSizes(sides: readonly BusyColumns[], sizeOf: (bytes: Bytes) => Bytes): SizeRanks {
  const values = Float64Array.from(new Set(sides.flatMap(({ bytes }) => distinct(bytes)).map(sizeOf))).sort()
  return { values, rank: new Map(Array.from(values, (value, i) => [value, i])) }
}

function distinct(values: Float64Array): number[] {
  const sorted = values.slice().sort()
  const out: number[] = []
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) out.push(sorted[i]!)
  return out
}

/** site number * sizes + size rank, a row each: sorting plain numbers is many times faster than keys made of texts. */
function codesOf({ bytes, site }: BusyColumns, siteNumbers: readonly number[] | undefined, sizes: SizeRanks, sizeOf: (bytes: Bytes) => Bytes): Float64Array {
  const codes = new Float64Array(bytes.length)
  const width = sizes.values.length
  for (let i = 0; i < codes.length; i++) codes[i] = (siteNumbers?.[site[i]!] ?? 0) * width + sizes.rank.get(sizeOf(bytes[i]!))!
  return codes
}

/** Number of rows by code. */
function runsOf(codes: Float64Array): Map<number, number> {
  const sorted = codes.slice().sort()
  const runs = new Map<number, number>()
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end++
    runs.set(sorted[start]!, end - start)
    start = end
  }
  return runs
}

function bytesByCode(columns: BusyColumns, siteNumbers: readonly number[] | undefined, sizes: SizeRanks, sizeOf: (bytes: Bytes) => Bytes): Map<number, Bytes> {
  const totals = new Map<number, Bytes>()
  const codes = codesOf(columns, siteNumbers, sizes, sizeOf)
  for (let i = 0; i < codes.length; i++) totals.set(codes[i]!, (totals.get(codes[i]!) ?? 0) + columns.bytes[i]!)
  return totals
}
