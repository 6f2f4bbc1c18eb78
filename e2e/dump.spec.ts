import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, IS_THOROUGH, LARGE_SCREEN, projectFolder, shoot, SMALL_SCREEN, type RunningApp } from './app'
import { checkAxe } from './axe'
import { judge, judgeState } from './judge'
import { expect, test } from './test'
import { openFiles } from './window'

const SAMPLES = path.join(projectFolder, 'shared/importers/minidump/samples')
const DATA = process.env['HEAPSCAPE_DATA'] ?? path.join(projectFolder, '../shared/data')
const REAL_DUMP = path.join(DATA, 'minidump-full/fizzbuzz_wow64.dmp.gz')
const MINI_DUMP = path.join(DATA, 'minidump/calc.dmp')

/** Each picture is judged in two sizes and two themes, and by axe in both. */
test.describe.configure({ timeout: 180_000 })

let running: RunningApp
test.beforeEach(({ sharedApp }) => {
  running = sharedApp
})

async function openDump(file: string): Promise<{ page: Page; dump: Locator }> {
  await openFiles(running, [file])
  const { page } = running
  const dump = page.getByTestId('dump-view')
  await expect(dump).toBeVisible({ timeout: 60_000 })
  await expect(dump).toHaveAttribute('data-shown', 'yes')
  return { page, dump }
}

const table = (page: Page): Locator => page.getByTestId('block-table')
const firstRow = (page: Page): Locator => table(page).locator('[role="row"][aria-rowindex="2"]')

test('a damaged heap: the finding leads to its bytes, and block, map and bytes are one selection', async () => {
  const { page, dump } = await openDump(path.join(SAMPLES, 'damaged-entry.dmp'))
  await expect(page.getByTestId('trust-card')).toContainText('uncertain')
  await expect(page.getByTestId('trust-card')).toContainText('5 of 6 block headers have a right checksum')

  await page.getByTestId('trust-findings').click()
  const finding = page.getByTestId('findings').locator('[data-code="checksum"]')
  await expect(finding).toContainText('a8 03 11 32 7d 40 00 00')
  await finding.getByRole('button', { name: /Go there/ }).click()
  const block = page.getByTestId('dump-block')
  await expect(block).toContainText('0x0053\'0190')
  await expect(block).toContainText('damaged')
  await expect(page.getByRole('grid', { name: /Bytes/ })).toBeVisible()

  await page.getByTestId('tab-blocks').click()
  await expect(table(page).locator('[aria-selected="true"]')).toContainText('damaged')
  await page.getByTestId('filter-kind').selectOption({ label: 'back end' })
  await expect(page.getByTestId('selection-sums')).toContainText('selected')
  await firstRow(page).click()
  await expect(block).toContainText('requested')
  await expect(page.getByTestId('header-decoded')).not.toHaveText(await page.getByTestId('header-raw').innerText())
  await judge(running, 'dump-damaged')
  await clickMenu(running.app, 'dump.nextFinding')
  await expect(page.getByTestId('findings')).toBeVisible()
  await expect(dump).toBeVisible()
})

test('keys alone: heaps, tabs, blocks, bytes', async () => {
  const { page } = await openDump(path.join(SAMPLES, 'one-heap-x86.dmp'))
  await expect(page.getByTestId('trust-card')).toContainText('verified')
  await page.getByTestId('tab-blocks').focus()
  await page.keyboard.press('End')
  await expect(page.getByTestId('list-owners')).toBeVisible()
  await page.keyboard.press('Home')
  await expect(firstRow(page)).toContainText("'")
  await table(page).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByTestId('dump-block')).toContainText('requested')
  await page.keyboard.press('Control+g')
  await expect(page.locator('input:focus')).toBeVisible()
  await page.keyboard.type('530000')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('dump-block')).toContainText('heap structure')
})

test('the real dump: all heaps, the one with a front end, a block followed everywhere', async () => {
  test.skip(!fs.existsSync(REAL_DUMP), 'the dump is not beside the project')
  const { page } = await openDump(REAL_DUMP)
  const heaps = page.getByTestId('heap-list')
  await expect(heaps.getByRole('option')).not.toHaveCount(1)
  await shoot(running, 'dump-all', { schemes: ['light', 'dark'], sizes: [SMALL_SCREEN, LARGE_SCREEN] })

  await heaps.getByRole('option', { name: /default NT heap, 32-bit, LFH/ }).click()
  await expect(page.getByTestId('trust-card')).toContainText('verified')
  await expect(page.getByTestId('trust-card')).toContainText(/All \d+ figures the heap keeps of itself equal what was walked/)
  await page.getByTestId('tab-frontEnd').click()
  const buckets = page.getByTestId('front-end-canvas')
  await expect(buckets).toHaveAttribute('data-marks', /^[1-9]/)
  await buckets.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')

  await expect(page.getByTestId('filter-kind')).toHaveValue('1')
  await page.getByTestId('tab-blocks').click()
  await expect(firstRow(page)).toContainText('LFH slot')
  await firstRow(page).click()
  const address = (await firstRow(page).locator('[role="gridcell"]').first().innerText()).trim()
  await expect(page.getByTestId('dump-block')).toContainText(address.replace("0x0000'", '0x'))
  await expect(page.getByTestId('dump-block')).toContainText('LFH slot')
  await firstRow(page).dblclick()
  await expect(page.getByTestId('memory-map')).toHaveAttribute('data-bytes-per-cell', '1')
  await expect(page.getByText(`${address} busy, requested`)).toBeAttached()
  await expect(page.getByRole('grid', { name: /Bytes/ }).locator(`[data-address="${Number(address.replaceAll("'", ''))}"]`).first()).toBeVisible()
  await judgeState(running, 'dump')

  for (const tab of ['frontEnd', 'free', 'segments', 'pageList', 'regions', 'owners']) {
    await page.getByTestId(`tab-${tab}`).click()
    await expect(page.locator('#dump-list [role="row"][aria-selected]').first()).toBeVisible()
    await shoot(running, `dump-${tab}`)
  }
  for (const [tab, picture] of [['sizes', 'size-histogram'], ['space', 'free-space'], ['pages', 'page-strip'], ['waste', 'waste-treemap']] as const) {
    await page.getByTestId(`tab-${tab}`).click()
    await expect(page.getByTestId(`${picture}-canvas`)).toHaveAttribute('data-marks', /^[1-9]/)
    await shoot(running, `dump-${tab}`)
  }
  if (IS_THOROUGH) await checkAxe(page)
})

test('a small dump says what it lacks', async () => {
  test.skip(!fs.existsSync(MINI_DUMP), 'the dump is not beside the project')
  const { page } = await openDump(MINI_DUMP)
  await expect(page.getByTestId('dump-notes')).toContainText(/full-memory dump/)
  await expect(page.getByRole('region', { name: 'Heaps of the process' })).toContainText('No heap was found')
  await page.getByTestId('tab-owners').click()
  await expect(page.locator('#dump-list [role="row"][aria-rowindex="2"]').first()).toBeVisible()
  await judge(running, 'dump-mini')
})

test('two dumps of one process: what became of the blocks, and which bytes differ', async () => {
  await openFiles(running, [path.join(SAMPLES, 'one-heap-x86.dmp'), path.join(SAMPLES, 'damaged-entry.dmp')])
  const { page, app } = running
  await expect(page.getByTestId('heap-list')).toBeVisible()
  await clickMenu(app, 'compare.new')
  const compared = page.getByTestId('dump-compare')
  await expect(compared).toHaveAttribute('data-ready', 'true')
  await expect(page.getByTestId('dump-difference')).toContainText('0 blocks appeared, 0 vanished')
  const row = page.getByTestId('list-places').locator('[role="row"][aria-rowindex="2"]')
  await expect(row).toContainText('kept')
  await row.click()
  const bytes = page.getByRole('grid', { name: /Bytes/ })
  await expect(bytes.locator('[data-address]').first()).toBeVisible()
  // The one byte that was damaged lies in a free block's header.
  await page.keyboard.press('F3')
  await expect(bytes.locator('.byte.changed')).toHaveCount(1)
  await judge(running, 'dump-compare')
})
