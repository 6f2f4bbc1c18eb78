import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, projectFolder, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judgeState } from './judge'
import { expect, test } from './test'
import { openFiles, openRun } from './window'

/* Pictures of a moment in the lower pane: every tab by keyboard, a brush that map and table follow, saving, themes, readers. */
const DUMP = path.join(projectFolder, 'shared/importers/minidump/samples/one-heap-x86.dmp')
test.setTimeout(240_000)

let running: RunningApp
test.beforeEach(({ sharedApp }) => {
  running = sharedApp
})

const sums = (page: Page): Locator => page.getByTestId('selection-sums')
const picture = (page: Page, testid: string): Locator => page.getByTestId(`${testid}-canvas`)
const words = (page: Page, testid: string): Locator => page.getByTestId(testid).locator('.for-readers').first()
const heard = (page: Page, testid: string): Locator => page.getByTestId(testid).locator('[aria-live="polite"]').first()

/** Shows a tab by its keys and waits until its picture holds them and shows what was asked for: new marks let go of the old. */
async function byKeys(page: Page, number: number, testid: string): Promise<void> {
  await page.keyboard.press(`Alt+${number}`)
  await expect(picture(page, testid)).toBeFocused()
  await expect(page.locator('.chart-answer[data-pending="true"]')).toHaveCount(0)
  await expect(picture(page, testid)).toHaveAttribute('data-marks', /^[1-9]/)
}

async function saved(page: Page, view: RegExp, form: string): Promise<string> {
  const target = path.join(temporaryFolder(), `saved.${form}`)
  await stubSaveDialog(running.app, target)
  await page.getByTestId('save-menu').and(page.getByRole('button', { name: view })).first().focus()
  await page.keyboard.press('Enter')
  await page.locator(`[data-testid="save-${form}"]:visible`).click()
  await expect.poll(() => fs.existsSync(target)).toBe(true)
  return fs.readFileSync(target, 'utf8')
}

test('a run: every picture by keyboard, one filter for all', async () => {
  const { page } = running
  await openRun(running, { input: /G2/, heap: 'NT heap with low-fragmentation front end (Windows 7 to 11)' })
  await expect(sums(page)).toContainText('in all')

  await byKeys(page, 1, 'size-histogram')
  await expect(words(page, 'size-histogram')).toContainText('most bytes in')
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(sums(page)).toContainText('selected')
  await expect(page.getByTestId('chip-states')).toContainText('busy')
  const one = await sums(page).innerText()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(sums(page)).not.toHaveText(one)
  await expect(page.getByTestId('filter-text')).toHaveValue(/requested in/)
  await expect(heard(page, 'size-histogram')).toContainText('kept:')
  await judgeState(running, 'charts-sizes')
  await picture(page, 'size-histogram').focus()
  await page.keyboard.press('Escape')
  await expect(sums(page)).toContainText('in all')
  expect(await saved(page, /Save Requested sizes/, 'csv')).toMatch(/^Above \(bytes\),Up to \(bytes\),Blocks,/)

  await byKeys(page, 2, 'free-space')
  await expect(page.getByTestId('free-space').locator('.notes')).toContainText('Asked itself')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('chip-states')).toContainText('free, cached')
  await judgeState(running, 'charts-space')
  await picture(page, 'free-space').focus()
  await page.keyboard.press('Escape')
  await expect(sums(page)).toContainText('in all')

  await byKeys(page, 3, 'page-strip')
  await expect(words(page, 'page-strip')).toContainText('used on average')
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page.getByTestId('chip-range')).toBeVisible()
  await judgeState(running, 'charts-pages')
  await picture(page, 'page-strip').focus()
  await page.keyboard.press('Escape')
  await expect(sums(page)).toContainText('in all')

  await byKeys(page, 4, 'waste-treemap')
  await page.keyboard.press('Home')
  await expect(heard(page, 'waste-treemap')).toContainText('of the waste')
  await judgeState(running, 'charts-waste')
  expect(await saved(page, /Save Waste/, 'svg')).toContain('stranded')

  await byKeys(page, 5, 'survival')
  await page.keyboard.press('ArrowDown')
  await expect(sums(page)).toContainText('selected')
  await judgeState(running, 'charts-survival')
  await picture(page, 'survival').focus()
  await page.keyboard.press('Escape')

  await byKeys(page, 6, 'front-end')
  await page.keyboard.press('Home')
  await expect(heard(page, 'front-end')).toContainText('slots busy')
  await judgeState(running, 'charts-buckets')

  await page.keyboard.press('Alt+7')
  const lists = page.getByRole('grid', { name: 'Free blocks by size class' })
  await expect(lists).toBeFocused()
  await expect(lists.getByRole('row').nth(1)).not.toHaveAttribute('aria-busy', 'true')
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('chip-states')).toContainText('free')
  await judgeState(running, 'charts-free')
  await lists.focus()
  await page.keyboard.press('Escape')
  await expect(sums(page)).toContainText('in all')
})

test('the palette shows a picture; a drag brushes; another moment is counted anew', async () => {
  const { page, app } = running
  await openRun(running, { input: /G6/, heap: 'First fit' })
  await clickMenu(app, 'view.palette')
  await page.keyboard.type('show sizes')
  await page.keyboard.press('Enter')
  const canvas = picture(page, 'size-histogram')
  await expect(canvas).toBeVisible()
  await expect(canvas).toHaveAttribute('data-marks', /^[1-9]/)
  // Waits until it stands still.
  await canvas.hover()
  const box = (await canvas.boundingBox())!
  await page.mouse.move(box.x + 80, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 4 })
  await page.mouse.move(box.x + box.width / 2 - 30, box.y + box.height / 2, { steps: 4 })
  await page.mouse.up()
  await expect(page.getByTestId('chip-states')).toContainText('busy')
  const before = await words(page, 'size-histogram').innerText()
  await clickMenu(app, 'run.first')
  await expect(words(page, 'size-histogram')).not.toHaveText(before)
  await page.keyboard.press('Alt+6')
  await expect(page.getByTestId('not-known')).toContainText('has no low-fragmentation front end')
})

test('a dump has the same pictures', async () => {
  await openFiles(running, [DUMP])
  const { page } = running
  await expect(page.getByTestId('dump-view')).toHaveAttribute('data-shown', 'yes')
  for (const [tab, testid] of [['sizes', 'size-histogram'], ['space', 'free-space'], ['pages', 'page-strip'], ['waste', 'waste-treemap']] as const) {
    await page.getByTestId(`tab-${tab}`).click()
    await expect(picture(page, testid)).toHaveAttribute('data-marks', /^[1-9]/)
  }
  await expect(page.getByTestId('waste-treemap').locator('.notes')).toContainText('lost; most to')
  await page.getByTestId('tab-frontEnd').click()
  await expect(page.getByTestId('front-end')).toContainText('no sub-segment')
  await page.getByTestId('tab-pages').click()
  await judgeState(running, 'charts-dump')
})
