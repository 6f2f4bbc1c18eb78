import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import type { BlockPage } from '../../../shared/analysis/block-query'
import { PAGE_ROWS } from '../row-pages'
import { useBlockPages, type BlockPages } from './block-pages'

function pageOf(offset: number, count: number, shift = 0): BlockPage {
  const fill = (value: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, i) => value(i))
  return {
    total: 1_000_000, totalBytes: 64_000_000, offset, address: fill((i) => 0x10000 + (offset + i) * 64 + shift), state: new Uint8Array(count), sites: [],
    values: {
      address: fill((i) => 0x10000 + (offset + i) * 64 + shift), size: fill(() => 4112), requested: fill(() => 4096), state: fill(() => 0), segment: fill(() => 1),
      birth: fill((i) => i), pins: fill(() => 1904.4), site: fill(() => NaN),
    },
  }
}

let scope: EffectScope
let pages: BlockPages
let asked: { offset: number; signal: AbortSignal; answer: (page: BlockPage) => void }[]
const fetch = (offset: number, _count: number, { signal }: { signal: AbortSignal }): Promise<BlockPage> => new Promise((answer) => asked.push({ offset, signal, answer }))
/** Questions for the first page. */
const first = (): typeof asked => asked.filter((one) => one.offset === 0)
const settle = async (): Promise<void> => {
  await Promise.resolve()
  await nextTick()
}

beforeEach(() => {
  asked = []
  scope = effectScope()
  pages = scope.run(() => useBlockPages())!
})
afterEach(() => scope.stop())

describe('pages of blocks', () => {
  test('visible pages are asked once and kept', async () => {
    pages.restart(fetch)
    pages.need(0, 20)
    expect(asked.map((one) => one.offset)).toEqual([0])
    asked[0]!.answer(pageOf(0, PAGE_ROWS))
    await settle()
    expect(pages.total.value).toBe(1_000_000)
    expect(pages.find(7)).toMatchObject({ index: 7 })
    expect(pages.find(PAGE_ROWS)).toBeNull()
    pages.need(5, 25)
    // The page itself once, and the one that scrolling reaches next.
    expect(asked.map((one) => one.offset)).toEqual([0, PAGE_ROWS])
    asked[1]!.answer(pageOf(PAGE_ROWS, PAGE_ROWS))
    await settle()
    pages.need(PAGE_ROWS, PAGE_ROWS + 20)
    expect(asked.map((one) => one.offset)).toEqual([0, PAGE_ROWS, 2 * PAGE_ROWS])
  })

  test('what scrolls out of sight before it came is cancelled', () => {
    pages.restart(fetch)
    pages.need(900_000, 900_020)
    expect(asked.map((one) => one.signal.aborted)).toEqual([true, false])
  })

  test('tells which query its rows answer, also where they read the same', async () => {
    pages.restart(fetch)
    expect(pages.shownQuery.value).toBe(0)
    first()[0]!.answer(pageOf(0, PAGE_ROWS))
    await settle()
    expect(pages.shownQuery.value).toBe(1)
    pages.restart(fetch)
    pages.restart(fetch)
    first()[1]!.answer(pageOf(0, PAGE_ROWS))
    await settle()
    expect(pages.shownQuery.value).toBe(1)
    first()[2]!.answer(pageOf(0, PAGE_ROWS))
    await settle()
    expect(pages.shownQuery.value).toBe(3)
  })

  test('another query keeps the old rows until the new ones come, and ignores late old ones', async () => {
    pages.restart(fetch)
    asked[0]!.answer(pageOf(0, PAGE_ROWS))
    await settle()
    pages.restart(fetch)
    expect(pages.find(0)?.page.address[0]).toBe(0x10000)
    pages.restart(fetch)
    first()[1]!.answer(pageOf(0, PAGE_ROWS, 1))
    await settle()
    expect(pages.find(0)?.page.address[0]).toBe(0x10000)
    first()[2]!.answer(pageOf(0, PAGE_ROWS, 2))
    await settle()
    expect(pages.find(0)?.page.address[0]).toBe(0x10002)
  })
})
