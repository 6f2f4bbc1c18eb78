import * as z from 'zod/mini'
import { MOST_QUERY_ROWS, type QueryMethods } from './query-api'

/** Parameters of the query methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const count = (most: number) => z.int().check(z.minimum(0), z.maximum(most))
const MAX_COLUMNS = 10_000
const MAX_PAGE = 10_000
const MAX_SQL_LENGTH = 100_000

const order = z.nullable(z.strictObject({ column: count(MAX_COLUMNS), descending: z.boolean() }))
const inQuery = { queryId: id }

export const queryChecks = {
  queryOpen: z.strictObject({ ...inQuery, sourceId: id }),
  queryRun: z.strictObject({ ...inQuery, sql: z.string().check(z.minLength(1), z.maxLength(MAX_SQL_LENGTH)), mostRows: z.int().check(z.minimum(1), z.maximum(MOST_QUERY_ROWS)) }),
  queryRows: z.strictObject({ ...inQuery, order, offset: count(MOST_QUERY_ROWS), count: count(MAX_PAGE) }),
  querySave: z.strictObject({ ...inQuery, order, form: z.enum(['csv', 'json']), targetId: id }),
  queryClose: z.strictObject(inQuery),
} satisfies { readonly [M in keyof QueryMethods]: unknown }
