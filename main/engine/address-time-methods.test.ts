import { beforeAll, describe, expect, test } from 'vitest'
import { rectangleFilter } from '../../shared/analysis/address-time/rectangle-filter'
import { manyLifetimes } from '../../shared/analysis/testing/many-lifetimes'
import { manyBlocks } from '../../shared/analysis/testing/many-blocks'
import { cancelledAfter, quietJob } from '../../shared/base/job-context'
import { MOST_TILE_CELLS } from '../../shared/ipc/address-time-api'
import { addressTimeChecks } from '../../shared/ipc/address-time-checks'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { describeDocument } from './describe-document'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const run = manyLifetimes(30_000)
let handlers: EngineHandlers
let of: { readonly documentId: string }
let snapshotOf: { readonly documentId: string }

beforeAll(async () => {
  const documents = new Documents()
  const snapshot = manyBlocks(100)
  of = { documentId: (await documents.add(run, (id, views) => describeDocument(id, run, views, { saved: false, view: null }, quietJob))).id }
  snapshotOf = { documentId: (await documents.add(snapshot, (id, views) => describeDocument(id, snapshot, views, { saved: false, view: null }, quietJob))).id }
  handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
})

const whole = (bytes: number) => ({ fromOffset: 0, toOffset: bytes, fromEvent: 0, toEvent: run.events + 1 })

describe('lifetimes of an open run', () => {
  test('the largest tiles asked for stay below the limit of a message, and larger ones are refused', async () => {
    const { space, lifetimes } = await handlers.addressTimeSpace(of, quietJob)
    expect(lifetimes).toBe(30_000)
    const grid = { columns: 1000, rows: MOST_TILE_CELLS / 1000 }
    for (const color of ['life', 'site'] as const) {
      const tile = await handlers.addressTimeTile({ ...of, event: 20_000, window: whole(space.bytes), grid, color, filter: { where: 'size > 64' } }, quietJob)
      expect(tile.chosen).toHaveLength(MOST_TILE_CELLS)
      expect(messageBytes(tile)).toBeLessThanOrEqual(MOST_MESSAGE_BYTES)
    }
    const few = await handlers.addressTimeTile({ ...of, event: 0, window: { ...whole(space.bytes), toEvent: 12_000 }, grid, color: 'life', filter: { where: 'size > 64' } }, quietJob)
    expect(few.lives!.offset.length).toBeGreaterThan(5000)
    expect(messageBytes(few)).toBeLessThanOrEqual(MOST_MESSAGE_BYTES)
    const wish = { ...of, event: 0, window: whole(space.bytes), grid, color: 'life' }
    expect(addressTimeChecks.addressTimeTile.safeParse(wish).success).toBe(true)
    expect(addressTimeChecks.addressTimeTile.safeParse({ ...wish, grid: { columns: 1000, rows: 701 } }).success).toBe(false)
    expect(addressTimeChecks.addressTimeTile.safeParse({ ...wish, window: { ...wish.window, toEvent: 0 } }).success).toBe(false)
  })

  test('what a filter keeps is the same in the tile, the totals and the blocks of a moment', async () => {
    const { space } = await handlers.addressTimeSpace(of, quietJob)
    const event = Math.floor(run.events / 2)
    const rectangle = { fromAddress: space.segments[0]!.base + 4096, toAddress: space.segments[0]!.base + 40_960, fromEvent: event, toEvent: event }
    const filter = { where: rectangleFilter(rectangle) }
    const totals = (await handlers.lifetimeTotals({ ...of, filter }, quietJob))!
    const page = await handlers.blockPage({ ...of, event, query: { sort: 'address', descending: false, filter }, offset: 0, count: 10_000 }, quietJob)
    expect(page.total).toBe(totals.lifetimes)
    expect(page.totalBytes).toBe(totals.consumedBytes)
    const tile = await handlers.addressTimeTile({ ...of, event, window: { fromOffset: 4096, toOffset: 40_960, fromEvent: event, toEvent: event + 1 }, grid: { columns: 1, rows: 36 }, color: 'size', filter }, quietJob)
    expect(tile.lives!.chosen!.reduce((sum, one) => sum + one, 0)).toBe(totals.lifetimes)
    expect([...tile.chosen!]).toEqual([...tile.share])
  })

  test('arrows go from lifetime to lifetime and come back', async () => {
    const { space } = await handlers.addressTimeSpace(of, quietJob)
    const event = Math.floor(run.events / 2)
    const first = (await handlers.lifetimeStep({ ...of, address: space.segments[0]!.base, event, step: 'higher' }, quietJob))!
    const next = (await handlers.lifetimeStep({ ...of, address: first.address, event, step: 'higher' }, quietJob))!
    expect(next.address).toBeGreaterThanOrEqual(first.address + first.sizeBytes)
    expect(await handlers.lifetimeStep({ ...of, address: next.address, event, step: 'lower' }, quietJob)).toEqual(first)
    expect(await handlers.lifetimeAt({ ...of, address: first.address + 1, event }, quietJob)).toEqual(first)
    const over = await handlers.lifetimesOver({ ...of, address: first.address, bytes: first.sizeBytes }, quietJob)
    expect([...over.birth]).toEqual([...over.birth].sort((a, b) => a - b))
    expect([...over.birth]).toContain(first.birth)
  })

  test('filters of a moment are told, snapshots refused, and building can be cancelled and begun again', async () => {
    const { space } = await handlers.addressTimeSpace(of, quietJob)
    const tile = await handlers.addressTimeTile({ ...of, event: 0, window: whole(space.bytes), grid: { columns: 4, rows: 4 }, color: 'life', filter: { where: 'age > 5' } }, quietJob)
    expect([tile.isFilterKnown, tile.chosen]).toEqual([false, undefined])
    expect(await handlers.lifetimeTotals({ ...of, filter: { where: 'age > 5' } }, quietJob)).toBeNull()
    expect(() => handlers.addressTimeSpace(snapshotOf, quietJob)).toThrow(expect.objectContaining({ code: 'document-wrong-kind' }))
    const wish = { ...of, event: 0, window: { ...whole(space.bytes), toEvent: 5000.5 }, grid: { columns: 4, rows: 4 }, color: 'site' } as const
    await expect(handlers.addressTimeTile(wish, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
    expect((await handlers.addressTimeTile(wish, quietJob)).sites).toHaveLength(6)
  })
})
