/*
 * SQL over the dataset of sweeps: a folder with Parquet files, asked by an optional package. A result stays with the
 * engine; the window asks for its rows page by page.
 */
export type QueryCell = string | number | boolean | null

export interface QueryDataset {
  /** The folder's own name. */
  readonly name: string
  /** Of the table `figures`, the only one. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: number
  readonly files: number
}

export interface QuerySummary {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: number
  /** More rows were left out. */
  readonly cut: boolean
  readonly milliseconds: number
}

/** Column by place, since names may repeat. */
export interface QueryOrder {
  readonly column: number
  readonly descending: boolean
}

export const MOST_QUERY_ROWS = 100_000

interface InQuery {
  /** Names the document that asks; its own. */
  readonly queryId: string
}

/** Method -> [parameters, answer]. */
export interface QueryMethods {
  queryOpen: [InQuery & { readonly sourceId: string }, QueryDataset]
  /** Replaces the document's result before. A cancel ends the process that works on it. */
  queryRun: [InQuery & { readonly sql: string; readonly mostRows: number }, QuerySummary]
  queryRows: [InQuery & { readonly order: QueryOrder | null; readonly offset: number; readonly count: number }, { readonly total: number; readonly rows: readonly (readonly QueryCell[])[] }]
  querySave: [InQuery & { readonly order: QueryOrder | null; readonly form: 'csv' | 'json'; readonly targetId: string }, { readonly name: string }]
  queryClose: [InQuery, null]
}
