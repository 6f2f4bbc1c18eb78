import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, launchApp, menuCommands, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge } from './judge'
import { expect, renewApp, test } from './test'

/* Over made-up programs behind the same door as Windows: the process that captures is a real one, its system is not. */
test.describe.configure({ timeout: 180_000 })

let running: RunningApp
/** With the made-up programs; for all tests here that need them. */
let withPrograms: RunningApp | null = null
test.afterAll(() => withPrograms?.close())

async function launchWithPrograms(): Promise<RunningApp> {
  process.env['HEAPSCAPE_LIVE_SYSTEM'] = 'fake'
  try {
    return await launchApp()
  } finally {
    delete process.env['HEAPSCAPE_LIVE_SYSTEM']
  }
}

async function openLive(): Promise<Page> {
  if (withPrograms === null) withPrograms = await launchWithPrograms()
  else await renewApp(withPrograms)
  running = withPrograms
  await clickMenu(running.app, 'live.new')
  await expect(running.page.getByTestId('live-view')).toBeVisible()
  await expect(processRow(running.page, 'editor.exe')).toBeVisible()
  return running.page
}

const processRow = (page: Page, name: string): Locator => page.getByTestId('process-table').locator('[role="row"]').filter({ hasText: name }).first()

async function choose(page: Page, name: string): Promise<void> {
  await processRow(page, name).click()
  await expect(page.getByTestId('chosen-process')).toHaveText(name)
}

const bar = (page: Page): Locator => page.getByTestId('series-bar')
const backToList = (page: Page): Promise<void> => clickMenu(running.app, 'live.new').then(() => expect(page.getByTestId('live-view')).toBeVisible())

test('pick: the list is a tree that can be searched, says who may be read, and takes names as texts', async () => {
  const page = await openLive()
  const table = page.getByTestId('process-table')
  await expect(page.getByTestId('privileges')).toContainText('runs with your own rights')
  await expect(processRow(page, 'csrss.exe')).toContainText('protected')
  await expect(processRow(page, 'service-host.exe')).toContainText('needs elevation')
  await expect(processRow(page, 'editor-helper.exe')).toContainText('32')
  await expect(processRow(page, '<img src=x onerror=alert(1)>.exe')).toBeVisible()
  expect(await page.locator('img').count()).toBe(0)

  await choose(page, 'service-host.exe')
  await expect(page.getByTestId('capture')).toBeDisabled()
  await expect(page.getByTestId('capture-form')).toContainText('start Heapscape as administrator')
  await judge(running, 'live-processes')

  await page.getByTestId('process-search').fill('helper')
  await expect(processRow(page, 'explorer.exe')).toBeVisible()
  await expect(table.locator('[role="row"]').filter({ hasText: 'csrss' })).toHaveCount(0)
  await choose(page, 'editor-helper.exe')
  await page.getByTestId('capture').click()
  await expect(page.getByTestId('dump-view')).toHaveAttribute('data-shown', 'yes')
  await expect(page.getByTestId('heap-list')).toContainText('heap')
})

test('capture: a snapshot document without bytes; with the switch on, its bytes', async () => {
  const page = await openLive()
  await choose(page, 'editor.exe')
  await page.getByTestId('capture').click()
  const dump = page.getByTestId('dump-view')
  await expect(dump).toHaveAttribute('data-shown', 'yes')
  await expect(page.getByTestId('heap-0')).toContainText('verified')
  await expect(bar(page)).toContainText('from a clone')
  await expect(page.getByTestId('series-commit')).not.toHaveText('—')
  await expect(dump).toContainText('No bytes were kept of this process')

  await backToList(page)
  await page.getByTestId('keep-bytes').check()
  await page.getByTestId('capture-way').selectOption('suspended')
  await page.getByTestId('capture').click()
  const second = page.getByTestId('dump-view')
  await expect(second).toHaveAttribute('data-shown', 'yes')
  await expect(bar(page)).toContainText('held up')
  await expect(page.getByRole('grid', { name: /Bytes/ })).toBeVisible()
})

test('series: captures by themselves and on a key, a time line, changed regions, pages and bytes, blocks compared', async () => {
  const page = await openLive()
  await choose(page, 'editor.exe')
  await page.getByTestId('keep-bytes').check()
  await page.getByTestId('series').check()
  await page.getByTestId('series-every').fill('0.5')
  await page.getByTestId('series-count').fill('3')
  await page.getByTestId('capture').click()
  await expect(bar(page)).toHaveAttribute('data-captures', '3', { timeout: 60_000 })
  await expect(bar(page)).toHaveAttribute('data-shown', '3')
  await expect(page.getByTestId('series-stop')).toHaveCount(0)
  await page.keyboard.press('Shift+F10')
  await expect(bar(page)).toHaveAttribute('data-captures', '4', { timeout: 60_000 })

  await page.getByTestId('capture-changes').click()
  const list = page.getByTestId('change-list')
  const heap = list.locator('[role="row"]').filter({ hasText: 'default heap' }).first()
  await expect(heap).toContainText(/\d+ of \d+/)
  await heap.click()
  await expect(page.getByRole('grid', { name: /Bytes/ }).locator('[data-changed]:not([data-changed="0"])').first()).toBeVisible()
  await judge(running, 'live-series')

  await page.getByTestId('series-chart').focus()
  await page.keyboard.press('Home')
  await expect(bar(page)).toHaveAttribute('data-shown', '1')
  await expect(page.getByTestId('capture-changes')).toHaveCount(0)
  await page.getByTestId('capture-next').click()
  await expect(bar(page)).toHaveAttribute('data-shown', '2')
  await page.getByTestId('capture-compare').click()
  await expect(page.getByText(/appeared/).first()).toBeVisible()
})

test('a program of 10 GB: the window answers while it is copied, and a cancel ends it', async () => {
  const page = await openLive()
  await choose(page, 'database.exe')
  await page.getByTestId('keep-bytes').check()
  await page.getByTestId('capture-budget').fill('4000')
  await page.getByTestId('capture').click()
  const progress = page.getByRole('progressbar').first()
  await expect(progress).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.press('Escape')
  // The copying went on meanwhile.
  await expect(progress).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(progress).toBeHidden()
  await expect(page.getByTestId('dump-view')).toHaveCount(0)

  // Within its budget of 1 GB the same program is captured in part, and says so.
  await backToList(page)
  await page.getByTestId('capture-budget').fill('1000')
  await page.getByTestId('capture').click()
  await expect(page.getByTestId('dump-view')).toHaveAttribute('data-shown', 'yes', { timeout: 60_000 })
  await expect(page.getByTestId('heap-0')).toContainText('verified')
})

test('faults: a process that ends is told as that, a dump is written where the reader says', async () => {
  const page = await openLive()
  await choose(page, 'short-lived.exe')
  await page.getByTestId('capture').click()
  await expect(page.getByText(/ended: while it was captured/)).toBeVisible()

  await backToList(page)
  const file = path.join(temporaryFolder(), 'editor.dmp')
  await stubSaveDialog(running.app, file)
  await choose(page, 'editor.exe')
  await clickMenu(running.app, 'live.saveDump')
  await expect(page.getByText('editor.dmp is written')).toBeVisible()
  expect(fs.existsSync(file)).toBe(true)
})

test.describe('on a system without the feature', () => {
  test.skip(process.platform === 'win32', 'Windows has it')

  test('the menu item says so and is disabled, the command too, and no process is started', async ({ sharedApp }) => {
    running = sharedApp
    const item = await running.app.evaluate(({ Menu }) => {
      const found = Menu.getApplicationMenu()?.getMenuItemById('live.new')
      return { label: found?.label, enabled: found?.enabled }
    })
    expect(item).toEqual({ label: 'Capture a &Running Process (Windows only)', enabled: false })
    expect(await menuCommands(running.app)).toContain('live.new')
    const services = await running.app.evaluate(({ app }) => app.getAppMetrics().map(({ name }) => name ?? ''))
    expect(services.some((name) => name.includes('capture'))).toBe(false)
  })
})
