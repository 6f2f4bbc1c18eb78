import { assert } from '../base/assert'
import { Column } from '../base/column'
import type { JobContext } from '../base/job-context'
import type { AnyDocument } from '../model/run'
import type { SegmentRecord } from '../model/snapshot'
import { callColumns, type Contents } from './call-tables'
import { blockChecksums } from './container/checked-member'
import { ZipWriter, type ByteSink } from './container/zip-writer'
import { LAYOUTS, type TableLayout } from './layout'
import { FORMAT_NAME, FORMAT_VERSION, META_NAME, memberName, type ColumnMeta, type TableMeta, type View } from './meta'
import { encodeParquet, storedTypeOf, type StoredColumn } from './parquet-codec'
import { profileColumns } from './profile-tables'
import { scalarsOf } from './scalars'

export interface WriteOptions {
  /** What the window wants to find again (current event, zoom): kept as it is, never looked into. */
  readonly view?: View
  /** Name and version of the writing program. */
  readonly tool?: string
}

interface TableContent {
  readonly layout: TableLayout
  readonly rows: number
  readonly columns: readonly { readonly meta: ColumnMeta; readonly stored: StoredColumn }[]
}

/**
 * Writes a document as a .heapscape file, front to back; same document, same bytes. Holds the packed tables (a few
 * bytes per row) until meta.json, which stands first and carries their checksums, is known.
 * Throws what the sink throws, and `cancelled`.
 */
export async function writeOwnFile(document: AnyDocument, sink: ByteSink, job: JobContext, options: WriteOptions = {}): Promise<void> {
  const tables = tablesOf(document)
  const total = tables.reduce((sum, table) => sum + table.rows, 0)
  let done = 0
  const packed: { readonly meta: TableMeta; readonly parts: readonly Uint8Array[] }[] = []
  for (const table of tables) {
    job.progress({ done, total, unit: 'rows' })
    const parts = await encodeParquet(table.columns.map((column) => column.stored), table.rows, job)
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    const columns = table.columns.map((column) => column.meta)
    packed.push({ meta: { name: table.layout.name, rows: table.rows, columns, bytes, crc32: blockChecksums(parts) }, parts })
    done += table.rows
  }
  await job.checkpoint()
  const meta = {
    format: FORMAT_NAME,
    version: FORMAT_VERSION,
    kind: document.kind,
    tool: options.tool ?? FORMAT_NAME,
    document: scalarsOf(document),
    tables: packed.map((table) => table.meta),
    view: options.view,
  }
  const zip = new ZipWriter(sink)
  zip.add(META_NAME, [new TextEncoder().encode(JSON.stringify(meta))])
  for (const table of packed) zip.add(memberName(table.meta.name), table.parts)
  zip.finish()
  job.progress({ done: total, total, unit: 'rows' })
}

function tablesOf(document: AnyDocument): TableContent[] {
  const tables: TableContent[] = []
  for (const layout of LAYOUTS[document.kind]) {
    const content = columnsOf(document, layout.name)
    const columns = layout.columns.flatMap((column) => {
      const values = content[column.name]
      if (values === undefined) return []
      const isText = !(values instanceof Column)
      assert(isText || column.kinds.includes(values.kind), `column ${layout.name}.${column.name} has an unexpected kind`)
      const type = isText ? ('utf8' as const) : storedTypeOf(values)
      const meta: ColumnMeta = { name: column.name, kind: isText ? 'text' : values.kind, type }
      return [{ meta, stored: { name: column.name, type, packing: column.packing, values } }]
    })
    const rows = columns[0]?.stored.values.length ?? 0
    assert(columns.every((column) => column.stored.values.length === rows), `columns of ${layout.name} differ in length`)
    if (rows > 0 || layout.optional !== true) tables.push({ layout, rows, columns })
  }
  return tables
}

function columnsOf(document: AnyDocument, table: string): Contents {
  if (document.kind === 'profile') return profileColumns(document, table)
  const calls = document.kind === 'trace' ? document.sites.calls : document.kind === 'run' ? document.calls : undefined
  if (table === 'sites') return { name: document.kind === 'trace' ? document.sites.names : document.siteNames, stack: calls?.stackOf }
  if (table === 'frames' || table === 'stacks') return callColumns(calls?.tables, table)
  if (table === 'events') return document as unknown as Contents
  if (table === 'owners') return { name: (document as { readonly owners: readonly string[] }).owners }
  if (table === 'segments') return segmentColumns((document as { readonly segments: readonly SegmentRecord[] }).segments)
  return (document as unknown as Readonly<Record<string, Contents | undefined>>)[table] ?? {}
}

function segmentColumns(segments: readonly SegmentRecord[]): Contents {
  return {
    heap: Column.of('u32', segments.map((segment) => segment.heap)),
    base: Column.of('f64', segments.map((segment) => segment.base)),
    reservedBytes: Column.of('f64', segments.map((segment) => segment.reservedBytes)),
  }
}
