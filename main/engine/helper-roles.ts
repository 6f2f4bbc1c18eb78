import { toFailure } from '../../shared/base/errors'
import type { HelperRole } from '../../shared/ipc/engine-host-messages'
import { describeDataset, queryDataset } from '../query/query-dataset'
import type { SweepOrder } from '../sweep/sweep-work'
import { workOff } from '../sweep/worker-pool'

/** What the query helper is asked; `id` comes back with the answer. */
export interface QueryOrder {
  readonly id: number
  readonly folder: string
  /** null asks what the dataset holds. */
  readonly sql: string | null
  readonly mostRows: number
}

/** Takes the orders of a role one after another; `answer` gets what comes of them. */
export function serveRole(role: HelperRole, answer: (message: unknown) => void): (order: unknown) => void {
  if (role === 'sweep') {
    const work = workOff(answer)
    return (order) => work.take(order as SweepOrder)
  }
  let last = Promise.resolve()
  return (order) => {
    last = last.then(() => answerQuery(order as QueryOrder, answer))
  }
}

async function answerQuery({ id, folder, sql, mostRows }: QueryOrder, answer: (message: unknown) => void): Promise<void> {
  try {
    answer({ id, value: sql === null ? await describeDataset(folder) : await queryDataset(sql, folder, mostRows) })
  } catch (error) {
    answer({ id, failure: toFailure(error) })
  }
}
