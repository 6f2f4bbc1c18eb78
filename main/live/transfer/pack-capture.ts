import { Column, type ColumnArray, type ColumnKind, sizeColumn } from '../../../shared/base/column'
import type { ByteSource } from '../../../shared/base/byte-source'
import { type MemoryRange, RangeMemory } from '../../../shared/model/range-memory'
import { RegionTable } from '../../../shared/model/region-table'
import { BlockTable, Snapshot } from '../../../shared/model/snapshot'
import type { CaptureFacts } from '../../../shared/model/live-capture'
import { PageDigests } from '../capture/page-digests'
import type { Capture } from '../capture/capture-request'

/*
 * A capture as plain data, for the way from the process that captures to the engine: classes do not travel, typed arrays
 * do. Kept bytes go through a file, which the engine then reads where it is asked to, as it does with a dump.
 */
interface PackedColumn {
  readonly kind: ColumnKind
  readonly length: number
  readonly chunks: readonly ColumnArray[]
}
type PackedTable = Readonly<Record<string, PackedColumn>>

export interface PackedCapture {
  readonly snapshot: Pick<Snapshot, 'origin' | 'pageBytes' | 'addressSpace' | 'heaps' | 'heapReports' | 'segments' | 'owners' | 'regionTotals'>
  readonly regions: PackedTable
  readonly blocks: PackedTable
  readonly digests: PackedTable | null
  readonly facts: CaptureFacts
  /** Where the bytes of the file lie in the address space; null when none were kept. */
  readonly ranges: readonly MemoryRange[] | null
}

const REGION_COLUMNS = ['base', 'size', 'state', 'owner', 'kind', 'protect'] as const
const BLOCK_COLUMNS = ['address', 'size', 'requested', 'state', 'heap', 'kind', 'confidence'] as const
const DIGEST_COLUMNS = ['address', 'pages', 'digest'] as const
/** Columns that turn wide by themselves when a size does not fit. */
const SIZES = new Set(['size', 'requested'])

function packTable<K extends string>(table: { readonly [C in K]: Column | undefined }, columns: readonly K[]): PackedTable {
  return Object.fromEntries(columns.flatMap((name) => {
    const column = table[name]?.trim()
    return column === undefined ? [] : [[name, { kind: column.kind, length: column.length, chunks: column.chunks }]]
  }))
}

function unpackColumn(packed: PackedColumn, isSize: boolean): Column {
  const column = isSize && packed.kind === 'u32' ? sizeColumn() : new Column(packed.kind)
  column.chunks = [...packed.chunks]
  column.length = packed.length
  return column
}

export function packCapture({ snapshot, facts, digests, kept }: Capture): PackedCapture {
  const { origin, pageBytes, addressSpace, heaps, heapReports, segments, owners, regionTotals } = snapshot
  return {
    snapshot: { origin, pageBytes, addressSpace, heaps, heapReports, segments, owners, regionTotals },
    regions: packTable(snapshot.regions, REGION_COLUMNS),
    blocks: packTable(snapshot.blocks, BLOCK_COLUMNS),
    digests: digests === null ? null : packTable(digests, DIGEST_COLUMNS),
    facts,
    ranges: kept?.ranges ?? null,
  }
}

/** @param bytes what the kept bytes were written to; undefined when none were */
export function unpackCapture(packed: PackedCapture, bytes: ByteSource | undefined): { readonly snapshot: Snapshot; readonly facts: CaptureFacts; readonly digests: PageDigests | null } {
  const regions = new RegionTable()
  const columnOf = (table: PackedTable, name: string, isSize = false): Column | undefined => (table[name] === undefined ? undefined : unpackColumn(table[name], isSize))
  for (const name of REGION_COLUMNS) Object.assign(regions, { [name]: columnOf(packed.regions, name) })
  const need = (name: (typeof BLOCK_COLUMNS)[number]): Column => columnOf(packed.blocks, name, SIZES.has(name))!
  const blocks = new BlockTable({ address: need('address'), size: need('size'), requested: need('requested'), state: need('state'), heap: need('heap') })
  blocks.kind = columnOf(packed.blocks, 'kind')
  blocks.confidence = columnOf(packed.blocks, 'confidence')
  const memory = bytes === undefined || packed.ranges === null ? undefined : new RangeMemory(bytes, packed.ranges, regions, packed.snapshot.owners)
  const digests = packed.digests === null ? null : Object.assign(new PageDigests(), Object.fromEntries(DIGEST_COLUMNS.map((name) => [name, columnOf(packed.digests!, name)])))
  return { snapshot: new Snapshot({ ...packed.snapshot, regions, blocks, event: undefined, siteNames: [], memory }), facts: packed.facts, digests }
}
