import type { Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, launchApp, projectFolder, stubOpenDialog, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { expect, test } from './test'
import { openFiles, runPanel } from './window'

/* What-if in the real window: helper processes replay, the window ranks, draws, saves and opens what they found. */
let running: RunningApp
let folder: string

test.beforeEach(() => {
  folder = temporaryFolder()
})

/** Blocks of many sizes, replaced in an order that leaves holes. */
function churn(events: number): string {
  const live = 400
  const lines = ['op,at,size']
  for (let i = 0; i < live; i++) lines.push(`alloc,${i},${16 + ((i * 7919) % 2000)}`)
  for (let i = 0; lines.length < events; i++) {
    const id = (i * 1237) % live
    lines.push(`free,${id},`, `alloc,${id},${16 + ((i * 104729) % 3000)}`)
  }
  return `${lines.join('\n')}\n`
}
const file = (name: string, content: string): string => {
  const full = path.join(folder, name)
  fs.writeFileSync(full, content)
  return full
}

/** Leaves exactly these heaps chosen, in their usual profiles. */
async function chooseHeaps(page: Page, ids: readonly string[]): Promise<void> {
  await expect(page.getByTestId('heap-first-fit')).toBeVisible()
  for (const box of await page.locator('[data-testid^="heap-"]').all()) {
    const id = (await box.getAttribute('data-testid'))!.slice('heap-'.length)
    await box.setChecked(ids.includes(id))
  }
}
const outlook = (page: Page) => page.getByTestId('sweep-outlook')
const rows = (page: Page) => page.getByTestId('sweep-table').getByRole('row')

test('chooses heaps and values, replays, ranks, draws, changes the baseline, opens a run', async ({ sharedApp }) => {
  running = sharedApp
  await openFiles(running, [file('churn.csv', churn(20_000))])
  const { page, app } = running
  await expect(page.getByRole('article', { name: 'Trace churn.csv' })).toBeVisible()
  await clickMenu(app, 'whatIf.new')
  await expect(page.getByRole('checkbox', { name: 'churn.csv' })).toBeChecked()
  await chooseHeaps(page, ['first-fit', 'best-fit', 'buddy', 'tlsf', 'kath-nt31', 'segregated'])
  await expect(outlook(page)).toContainText('6 runs')
  await expect(outlook(page)).toContainText('by a trial of the first 20,000 events')
  await page.getByRole('button', { name: 'Add a parameter' }).click()
  await page.getByRole('combobox', { name: 'Parameter 1' }).selectOption({ value: 'align' })
  await page.getByRole('textbox', { name: 'Values of parameter 1' }).fill('8, 16')
  await expect(outlook(page)).toContainText('10 runs')
  await page.getByRole('textbox', { name: 'Values of parameter 1' }).fill('7')
  await expect(page.getByRole('alert').filter({ hasText: 'a power of two' })).toBeVisible()
  await page.getByRole('textbox', { name: 'Values of parameter 1' }).fill('8, 16')
  await page.getByTestId('sweep-run').click()
  await expect(page.getByTestId('sweep-advice')).toContainText(/saves .* of the peaks of|Stay with/, { timeout: 60_000 })
  await expect(page.getByTestId('sweep-advice')).toContainText('Confidence medium: one trace only')
  // Ten runs and the heading; only those in sight are there as rows.
  await expect(page.getByTestId('sweep-table').getByRole('grid').or(page.getByTestId('sweep-table').and(page.getByRole('grid')))).toHaveAttribute('aria-rowcount', '11')
  await judge(running, 'what-if')

  // The same points give the numbers of the command line.
  const cli = execFileSync(process.execPath, ['scripts/heapscape.mjs', 'sweep', path.join(folder, 'churn.csv'), '--heaps', 'kath-nt31,first-fit,best-fit,segregated,buddy,tlsf', '--set', 'align=8,16', '--json'], { cwd: projectFolder, env: { ...process.env, INIT_CWD: folder } })
  const saved = path.join(folder, 'window.json')
  await stubSaveDialog(app, saved)
  await clickMenu(app, 'whatIf.saveJson')
  await expect.poll(() => fs.existsSync(saved)).toBe(true)
  type Runs = { readonly runs: readonly { readonly key: string; readonly figures: unknown }[] }
  const byKey = (text: string): Map<string, unknown> => new Map((JSON.parse(text) as Runs).runs.map(({ key, figures }) => [key, figures]))
  expect(byKey(fs.readFileSync(saved, 'utf8'))).toEqual(byKey(cli.toString()))

  // Another baseline, without replaying.
  await rows(page).nth(2).click()
  await page.getByRole('button', { name: 'Make it the baseline' }).click()
  await expect(rows(page).nth(2)).toContainText('baseline')
  await page.getByRole('tab', { name: 'Differences' }).click()
  await expect(rows(page).nth(2)).toContainText('0 B')
  await page.getByRole('tab', { name: 'Bytes at the peak' }).click()
  await expect(page.getByTestId('sort-pinnedFree')).toBeVisible()

  await page.getByRole('button', { name: 'Open this run' }).click()
  await expect(page.getByTestId('run-view')).toBeVisible({ timeout: 60_000 })
  await runPanel(page)
})

test('cancels, keeps what is finished, resumes, and takes finished runs from an earlier start', async () => {
  const trace = file('long.csv', churn(600_000))
  running = await launchApp({ files: [trace] })
  const { page } = running
  await expect(page.getByRole('article', { name: 'Trace long.csv' })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: 'What if' }).click()
  await chooseHeaps(page, ['first-fit', 'best-fit', 'buddy', 'tlsf', 'next-fit', 'worst-fit', 'kath-nt31', 'segregated'])
  await expect(outlook(page)).toContainText('8 runs')
  await page.getByTestId('sweep-run').click()
  const progress = page.getByRole('progressbar', { name: 'Sweeping' })
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow')), { timeout: 60_000 }).toBeGreaterThan(25)
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('Finished runs are kept')).toBeVisible()
  await expect(page.getByTestId('sweep-run')).toHaveText('Resume')
  await expect(outlook(page)).toContainText(/[1-7] of them finished before.*by earlier runs here/)
  await page.getByTestId('sweep-run').click()
  await expect(rows(page)).toHaveCount(9, { timeout: 60_000 })
  await running.close()

  running = await launchApp({ files: [trace], userData: running.userData })
  await expect(running.page.getByRole('article', { name: 'Trace long.csv' })).toBeVisible({ timeout: 30_000 })
  await clickMenu(running.app, 'whatIf.new')
  await chooseHeaps(running.page, ['first-fit', 'best-fit', 'buddy', 'tlsf', 'next-fit', 'worst-fit', 'kath-nt31', 'segregated'])
  await expect(outlook(running.page)).toContainText('8 runs, all finished before')
  await running.close()
})

test('saves every form and asks the dataset, by keyboard and menu alone', async ({ sharedApp }) => {
  running = sharedApp
  await openFiles(running, [file('small.csv', churn(3000))])
  const { page, app } = running
  await expect(page.getByRole('article', { name: 'Trace small.csv' })).toBeVisible()
  await page.keyboard.press('Control+I')
  const box = page.getByTestId('heap-first-fit')
  await box.focus()
  await page.keyboard.press('Space')
  await expect(box).toBeChecked()
  await page.keyboard.press('Tab')
  await expect(page.getByTestId('profile-first-fit-csapp')).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect(page.getByTestId('profile-first-fit-pure')).toBeChecked()
  await page.keyboard.press('Control+Enter')
  const table = page.getByTestId('sweep-table')
  await expect(table).toBeVisible({ timeout: 60_000 })
  await expect(page.getByTestId('sweep-run')).toBeVisible()
  const before = Number(await table.getAttribute('aria-rowcount'))
  await table.focus()
  await page.keyboard.press('End')
  await expect(rows(page).nth(before - 1)).toHaveAttribute('aria-selected', 'true')
  await clickMenu(app, 'whatIf.baseline')
  await expect(rows(page).nth(before - 1)).toContainText('baseline')

  for (const [command, name, holds] of [['whatIf.saveCsv', 'out.csv', 'peak_footprint_bytes'], ['whatIf.saveHtml', 'out.html', '<h1>What if: small.csv'], ['whatIf.saveJson', 'out.json', '"schema": 1']] as const) {
    await stubSaveDialog(app, path.join(folder, name))
    await clickMenu(app, command)
    await expect.poll(() => (fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name), 'utf8') : '')).toContain(holds)
  }
  const dataset = path.join(folder, 'dataset-of-window')
  fs.mkdirSync(dataset)
  await stubOpenDialog(app, [dataset])
  await clickMenu(app, 'whatIf.saveDataset')
  await expect.poll(() => fs.existsSync(path.join(dataset, 'sweep.json'))).toBe(true)
  expect(fs.readdirSync(path.join(dataset, 'dataset'))).toHaveLength(before - 1)

  await table.focus()
  await page.keyboard.press('Enter')
  await runPanel(page)
  await page.keyboard.press('Control+Shift+Tab')
  await clickMenu(app, 'whatIf.query')
  await expect(page.getByTestId('query-dataset')).toContainText(/\d rows in \d+ files/)
})

const DATA = process.env['HEAPSCAPE_DATA'] ?? path.join(projectFolder, '../shared/data')
const SQLITE = path.join(DATA, 'mtrace/sqlite-500.mtrace.zst')

test('a real trace in every Windows manager: ranking, figures and sentence are those of the command line', async ({ sharedApp }) => {
  test.skip(!fs.existsSync(SQLITE), 'the recorded traces are not here')
  running = sharedApp
  await openFiles(running, [SQLITE])
  const { page, app } = running
  await expect(page.getByRole('article', { name: /Trace sqlite-500/ })).toBeVisible()
  await clickMenu(app, 'whatIf.new')
  await chooseHeaps(page, ['kath-nt31', 'segment-heap', 'nt-xp', 'nt-lfh'])
  await page.getByRole('group', { name: /^Profiles of NT heap with low/ }).locator('summary').click()
  await page.getByTestId('profile-nt-lfh-win7-x64').check()
  await expect(outlook(page)).toContainText('5 runs')
  await page.getByTestId('sweep-run').click()
  await expect(page.getByTestId('sweep-advice')).toContainText(/saves .* of the peak|Stay with/, { timeout: 60_000 })
  await expect(rows(page)).toHaveCount(6)
  await judgeState(running, 'what-if-windows')

  const saved = path.join(folder, 'window.json')
  await stubSaveDialog(app, saved)
  await clickMenu(app, 'whatIf.saveJson')
  await expect.poll(() => fs.existsSync(saved)).toBe(true)
  const window = JSON.parse(fs.readFileSync(saved, 'utf8')) as { readonly advice: string; readonly reference: string; readonly points: readonly unknown[] }
  const cli = JSON.parse(execFileSync(process.execPath, ['scripts/heapscape.mjs', 'sweep', SQLITE, '--heaps', 'kath-nt31,segment-heap,nt-xp,nt-lfh,nt-lfh/win7-x64', '--baseline', window.reference, '--json'], { cwd: projectFolder }).toString()) as typeof window
  expect(window.points).toEqual(cli.points)
  expect(window.advice).toBe(cli.advice)
  expect(window.points).toHaveLength(5)
  await expect.poll(() => page.getByTestId('sweep-advice').textContent()).toContain(cli.advice)
})
