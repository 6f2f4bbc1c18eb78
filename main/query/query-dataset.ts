import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'

/*
 * SQL over the Parquet files of sweeps, by DuckDB, which is an optional dependency: 70 MB that only queries need.
 *
 *   SELECT heap, max(value) FROM figures WHERE figure = 'run.peakFootprintBytes' GROUP BY heap
 *
 * `figures` is every file below the folder; `run=...` folders give the column `run`.
 */
export type QueryValue = string | number | boolean | null

export interface QueryResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly QueryValue[])[]
  /** True when more rows were left out. */
  readonly cut: boolean
}

/** @throws HeapscapeError `file-unreadable` when the folder holds no Parquet file, `query-unavailable` without DuckDB, `query-failed` */
export async function queryDataset(sql: string, folder: string, mostRows = 100_000): Promise<QueryResult> {
  if (!holdsParquet(folder)) throw new HeapscapeError('file-unreadable', { detail: 'expected a folder with .parquet files below it' }, { file: path.basename(folder) })
  const { DuckDBInstance } = await loadDuckDb()
  // Queries read the dataset and nothing else: no other files, no extensions from the network.
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    const files = path.join(folder, '**', '*.parquet').replaceAll("'", "''")
    await connection.run(`CREATE TABLE figures AS SELECT * FROM read_parquet('${files}', hive_partitioning = true, union_by_name = true)`)
    await connection.run('SET enable_external_access = false; SET lock_configuration = true')
    const reader = await connection.runAndReadUntil(sql, mostRows + 1)
    const rows = reader.getRowsJson() as QueryValue[][]
    return { columns: reader.columnNames(), rows: rows.slice(0, mostRows).map((row) => row.map(plainValue)), cut: rows.length > mostRows }
  } catch (error) {
    throw new HeapscapeError('query-failed', { detail: error instanceof Error ? error.message : String(error) })
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api')
  } catch (error) {
    throw new HeapscapeError('query-unavailable', { detail: error instanceof Error ? error.message.split('\n')[0]! : String(error) })
  }
}

/** Whole numbers of 64 bits come as text; those that a double holds exactly become numbers. */
function plainValue(value: unknown): QueryValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'string') return JSON.stringify(value)
  return /^-?\d{1,15}$/.test(value) && String(Number(value)) === value ? Number(value) : value
}

function holdsParquet(folder: string): boolean {
  if (!existsSync(folder)) return false
  return readdirSync(folder, { withFileTypes: true }).some((entry) => (entry.isDirectory() ? holdsParquet(path.join(folder, entry.name)) : entry.name.endsWith('.parquet')))
}
