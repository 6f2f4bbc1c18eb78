import type { DuckDBConnection } from '@duckdb/node-api'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'
import { readQueryError } from './query-place'

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
  /** DuckDB's name of each column's type, for instance `VARCHAR`. */
  readonly types: readonly string[]
  readonly rows: readonly (readonly QueryValue[])[]
  /** True when more rows were left out. */
  readonly cut: boolean
}

/** What can be asked: the table `figures`. */
export interface DatasetFacts {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: number
  readonly files: number
}

/** @throws HeapscapeError `file-unreadable` when the folder holds no Parquet file, `query-unavailable` without DuckDB, `query-failed` with the place in `sql` where it is known */
export function queryDataset(sql: string, folder: string, mostRows = 100_000): Promise<QueryResult> {
  return withDataset(folder, async (connection) => {
    try {
      const reader = await connection.runAndReadUntil(sql, mostRows + 1)
      const rows = reader.getRowsJson() as QueryValue[][]
      return {
        columns: reader.columnNames(),
        types: reader.columnTypes().map(String),
        rows: rows.slice(0, mostRows).map((row) => row.map(plainValue)),
        cut: rows.length > mostRows,
      }
    } catch (error) {
      throw failureIn(sql, error)
    }
  })
}

/** @throws HeapscapeError as queryDataset */
export function describeDataset(folder: string): Promise<DatasetFacts> {
  return withDataset(folder, async (connection) => {
    const columns = (await connection.runAndReadAll('DESCRIBE figures')).getRowsJson() as string[][]
    const rows = (await connection.runAndReadAll('SELECT count(*) FROM figures')).getRowsJson() as string[][]
    return { columns: columns.map(([name, type]) => ({ name: name!, type: type! })), rows: Number(rows[0]![0]), files: countParquet(folder) }
  })
}

async function withDataset<T>(folder: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  if (countParquet(folder) === 0) throw new HeapscapeError('file-unreadable', { detail: 'expected a folder with .parquet files below it' }, { file: path.basename(folder) })
  const { DuckDBInstance } = await loadDuckDb()
  // Queries read the dataset and nothing else: no other files, no extensions from the network.
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    const files = path.join(folder, '**', '*.parquet').replaceAll("'", "''")
    await connection.run(`CREATE TABLE figures AS SELECT * FROM read_parquet('${files}', hive_partitioning = true, union_by_name = true)`)
    await connection.run('SET enable_external_access = false; SET lock_configuration = true')
    return await work(connection)
  } catch (error) {
    throw error instanceof HeapscapeError ? error : failureIn('', error)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function failureIn(sql: string, error: unknown): HeapscapeError {
  const { text, place } = readQueryError(error instanceof Error ? error.message : String(error), sql)
  if (place === null) return new HeapscapeError('query-failed', { detail: text })
  return new HeapscapeError('query-failed', { detail: `${text} (line ${place.line}, column ${place.column})`, column: place.column }, { line: place.line })
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

function countParquet(folder: string): number {
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => sum + (entry.isDirectory() ? countParquet(path.join(folder, entry.name)) : entry.name.endsWith('.parquet') ? 1 : 0), 0)
}
