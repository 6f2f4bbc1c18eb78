import { beforeAll, expect, test } from 'vitest'
import { BLOCK_GROUPINGS } from '../../shared/analysis/block-columns'
import { manyBlocks } from '../../shared/analysis/testing/many-blocks'
import { quietJob } from '../../shared/base/job-context'
import { blockChecks } from '../../shared/ipc/blocks-checks'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { describeDocument } from './describe-document'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

/* The largest questions the checks let through, about many blocks: no answer is larger than a message may be. */
const ROWS = 120_000
const MOST_CELLS = 800_000
const MOST_ROWS = 10_000
let handlers: EngineHandlers
let of: { readonly documentId: string; readonly event: null }
let base: number

beforeAll(async () => {
  const documents = new Documents()
  const snapshot = manyBlocks(ROWS)
  base = snapshot.segments[0]!.base
  const { id } = await documents.add(snapshot, (documentId, views) => describeDocument(documentId, snapshot, views, { saved: false, view: null }, quietJob))
  of = { documentId: id, event: null }
  handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
})

const query = { sort: 'size', descending: true, filter: { where: 'size > 20' } } as const

test('the counter counts buffers, texts and members', () => {
  expect(messageBytes({ a: new Float64Array(10), b: ['xy', 1] })).toBe(8 + (1 + 80) + (1 + 8 + 4 + 8))
  expect(messageBytes(null)).toBe(8)
})

test('maps, pages and groups of the largest size asked for stay below the limit', async () => {
  const ranges = [{ address: base, cells: MOST_CELLS }]
  const tile = await handlers.mapTile({ ...of, bytesPerCell: 64, ranges, filter: query.filter }, quietJob)
  expect(tile.chosen).toHaveLength(MOST_CELLS)
  const colored = await handlers.mapTile({ ...of, bytesPerCell: 64, ranges, colors: { by: 'class' }, filter: query.filter }, quietJob)
  expect(colored.color).toHaveLength(MOST_CELLS)
  const answers: unknown[] = [
    tile,
    colored,
    await handlers.mapLegend({ ...of, colors: { by: 'class' } }, quietJob),
    await handlers.mapStructure({ ...of, from: base, to: base + 2 ** 20 }, quietJob),
    await handlers.blockPage({ ...of, query, offset: 0, count: MOST_ROWS }, quietJob),
    await handlers.moment(of, quietJob),
  ]
  for (const by of BLOCK_GROUPINGS) answers.push(await handlers.blockGroups({ ...of, filter: {}, by, order: null, offset: 0, count: MOST_ROWS }, quietJob))
  for (const answer of answers) expect(messageBytes(answer)).toBeLessThanOrEqual(MOST_MESSAGE_BYTES)
})

test('larger questions are refused', () => {
  expect(blockChecks.mapTile.safeParse({ ...of, bytesPerCell: 64, ranges: [{ address: base, cells: MOST_CELLS }] }).success).toBe(true)
  expect(blockChecks.mapTile.safeParse({ ...of, bytesPerCell: 64, ranges: [{ address: base, cells: MOST_CELLS }, { address: base, cells: 1 }] }).success).toBe(false)
  expect(blockChecks.blockPage.safeParse({ ...of, query, offset: 0, count: MOST_ROWS }).success).toBe(true)
  expect(blockChecks.blockPage.safeParse({ ...of, query, offset: 0, count: MOST_ROWS + 1 }).success).toBe(false)
  expect(blockChecks.blockGroups.safeParse({ ...of, filter: {}, by: 'page', order: null, offset: 0, count: MOST_ROWS + 1 }).success).toBe(false)
})
