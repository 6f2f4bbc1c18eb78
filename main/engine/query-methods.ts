import { HeapscapeError, type Failure } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import type { QueryCell, QueryMethods, QueryOrder } from '../../shared/ipc/query-api'
import { csvLine } from '../../shared/report/csv-line'
import { writeFileAtomically } from '../files/atomic-write'
import type { DatasetFacts, QueryResult } from '../query/query-dataset'
import type { Handlers } from './handlers'
import type { Helper, StartHelper } from './helper-processes'
import type { QueryOrder as HelperOrder } from './helper-roles'
import type { PathTable } from './path-table'
import { setTimeout as wait } from 'node:timers/promises'

export interface QueryWorld {
  readonly sources: PathTable
  readonly targets: PathTable
  readonly startHelper: StartHelper
}

type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly failure: Failure })
interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

const LOOK_EVERY_MS = 50

/** One Query document: its dataset, the process that asks it, and the last result. */
class QuerySession {
  readonly #startHelper: StartHelper
  readonly #waiting = new Map<number, Waiting>()
  readonly #orders: { readonly key: string; readonly rows: Uint32Array }[] = []
  #helper: Helper | null = null
  #lastId = 0
  folder: string | null = null
  #result: QueryResult = { columns: [], types: [], rows: [], cut: false }

  constructor(startHelper: StartHelper) {
    this.#startHelper = startHelper
  }

  get result(): QueryResult {
    return this.#result
  }

  describe(folder: string, job: JobContext): Promise<DatasetFacts> {
    return this.#ask({ folder, sql: null, mostRows: 0 }, job) as Promise<DatasetFacts>
  }

  async run(sql: string, mostRows: number, job: JobContext): Promise<QueryResult> {
    if (this.folder === null) throw new HeapscapeError('usage', { detail: 'open a dataset first: a folder with Parquet files' })
    this.#result = (await this.#ask({ folder: this.folder, sql, mostRows }, job)) as QueryResult
    this.#orders.length = 0
    return this.#result
  }

  /** Rows in an order; a sort is kept while it is shown. */
  ordered(order: QueryOrder | null): (place: number) => readonly QueryCell[] {
    const { rows } = this.#result
    if (order === null) return (place) => rows[place]!
    const key = JSON.stringify(order)
    let kept = this.#orders.find((one) => one.key === key)
    if (kept === undefined) {
      kept = { key, rows: sortedRows(this.#result, order) }
      this.#orders.splice(0, Infinity, kept)
    }
    const places = kept.rows
    return (place) => rows[places[place]!]!
  }

  end(): void {
    this.#helper?.end()
    this.#helper = null
    for (const { reject } of this.#waiting.values()) reject(new HeapscapeError('cancelled'))
    this.#waiting.clear()
  }

  /** A cancel ends the process, whatever it is doing; the next question starts another. */
  async #ask(order: Omit<HelperOrder, 'id'>, job: JobContext): Promise<unknown> {
    const id = ++this.#lastId
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    this.#helper ??= this.#startHelper('query', {
      message: (message) => this.#receive(message as Answer),
      ended: (reason) => this.#failAll(new HeapscapeError('query-failed', { detail: `its process ended (${reason})` })),
    })
    this.#helper.send({ ...order, id } satisfies HelperOrder)
    let isAnswered = false
    const settled = answer.finally(() => (isAnswered = true))
    settled.catch(() => undefined)
    while (!isAnswered) {
      try {
        await job.checkpoint()
      } catch (error) {
        this.end()
        throw error
      }
      await Promise.race([settled.catch(() => undefined), wait(LOOK_EVERY_MS)])
    }
    return settled
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('failure' in answer) waiting?.reject(new HeapscapeError(answer.failure.code, answer.failure.facts, answer.failure.where))
    else waiting?.resolve(answer.value)
  }

  #failAll(error: HeapscapeError): void {
    this.#helper = null
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

/** Places of the rows by one column: numbers by value, then texts, what is missing last in either direction. */
function sortedRows({ rows }: QueryResult, { column, descending }: QueryOrder): Uint32Array {
  const sign = descending ? -1 : 1
  return Uint32Array.from(rows.keys()).sort((a, b) => {
    const [x, y] = [rows[a]![column] ?? null, rows[b]![column] ?? null]
    if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1
    return sign * compareCells(x, y) || a - b
  })
}

function compareCells(x: Exclude<QueryCell, null>, y: Exclude<QueryCell, null>): number {
  if (typeof x !== 'string' && typeof y !== 'string') return Number(x) - Number(y)
  if (typeof x !== typeof y) return typeof x === 'string' ? 1 : -1
  return x < y ? -1 : x > y ? 1 : 0
}

export function queryHandlers({ sources, targets, startHelper }: QueryWorld): Handlers<keyof QueryMethods> {
  const sessions = new Map<string, QuerySession>()
  const sessionOf = (queryId: string): QuerySession => {
    const known = sessions.get(queryId) ?? new QuerySession(startHelper)
    sessions.set(queryId, known)
    return known
  }
  return {
    queryOpen: async ({ queryId, sourceId }, job) => {
      const { path, name } = sources.get(sourceId)
      const session = sessionOf(queryId)
      const facts = await session.describe(path, job)
      session.folder = path
      return { name, ...facts }
    },
    queryRun: async ({ queryId, sql, mostRows }, job) => {
      const startMs = performance.now()
      const { columns, types, rows, cut } = await sessionOf(queryId).run(sql, mostRows, job)
      return { columns: columns.map((name, at) => ({ name, type: types[at]! })), rows: rows.length, cut, milliseconds: Math.round(performance.now() - startMs) }
    },
    queryRows: ({ queryId, order, offset, count }) => {
      const session = sessionOf(queryId)
      const total = session.result.rows.length
      const rowAt = session.ordered(order)
      return { total, rows: Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, i) => rowAt(offset + i)) }
    },
    querySave: async ({ queryId, order, form, targetId }) => {
      const session = sessionOf(queryId)
      const { path, name } = targets.get(targetId)
      await writeFileAtomically(path, (sink) => sink.write(new TextEncoder().encode(resultText(session, order, form))))
      return { name }
    },
    queryClose: ({ queryId }) => {
      sessions.get(queryId)?.end()
      sessions.delete(queryId)
      return null
    },
  }
}

/** What the table shows, in its order; the same texts as `heapscape query --csv` and `--json`. */
function resultText(session: QuerySession, order: QueryOrder | null, form: 'csv' | 'json'): string {
  const { columns, rows, cut } = session.result
  const rowAt = session.ordered(order)
  const shown = rows.map((_, place) => rowAt(place))
  if (form === 'json') return `${JSON.stringify({ columns, rows: shown, cut }, null, 2)}\n`
  return `${[columns, ...shown].map(csvLine).join('\n')}\n`
}
