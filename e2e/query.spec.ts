import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, projectFolder, stubOpenDialog, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge } from './judge'
import { expect, test } from './test'

/* SQL over a sweep's dataset, in a process of its own. */
const hasDuckDb = fs.existsSync(path.join(projectFolder, 'node_modules/@duckdb/node-api'))
let running: RunningApp
let folder: string

test.beforeEach(({ sharedApp }) => {
  running = sharedApp
  folder = temporaryFolder()
})

/** A dataset as the command line writes it. */
function sweep(): string {
  const out = path.join(folder, 'swept')
  execFileSync(process.execPath, ['scripts/heapscape.mjs', 'sweep', 'workload:G1', 'workload:G2', 'workload:G5', '--heaps', 'first-fit,best-fit,buddy,tlsf', '--out', out], { cwd: projectFolder, stdio: 'ignore' })
  return out
}

test('opens a dataset, asks, sorts, copies, saves', async () => {
  test.skip(!hasDuckDb, 'the optional package @duckdb/node-api is not installed')
  const out = sweep()
  const { page, app } = running
  await clickMenu(app, 'query.new')
  await stubOpenDialog(app, [out])
  await page.getByRole('button', { name: 'Open dataset' }).click()
  await expect(page.getByTestId('query-dataset')).toContainText('in 12 files')
  await expect(page.getByRole('region', { name: 'Columns of figures' })).toContainText('trace_hash')
  await page.getByTestId('query-run').click()
  await expect(page.getByTestId('query-result')).toContainText('3 rows')
  const table = page.getByTestId('query-table')
  await expect(table.getByRole('row').nth(1)).toContainText('workload:G1')
  await table.getByRole('columnheader', { name: 'peak_bytes' }).getByRole('button').click()
  const numbers = async (): Promise<number[]> => (await table.getByRole('row').allTextContents()).slice(1).map((text) => Number(/([\d,]+)$/.exec(text)?.[1]?.replaceAll(',', '')))
  await expect.poll(async () => {
    const values = await numbers()
    return values.length === 3 && values.every((value, at) => at === 0 || values[at - 1]! <= value)
  }).toBe(true)

  await page.getByRole('combobox', { name: 'Examples' }).selectOption({ label: 'All rows' })
  await expect(page.getByTestId('query-sql')).toHaveValue('SELECT * FROM figures')
  await page.getByTestId('query-sql').focus()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('query-result')).toContainText(/\d{3} rows/)
  await table.focus()
  await page.keyboard.press('End')
  await expect(table.getByRole('row').last()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Home')
  await judge(running, 'query')

  for (const [command, name] of [['query.saveCsv', 'all.csv'], ['query.saveJson', 'all.json']] as const) {
    await stubSaveDialog(app, path.join(folder, name))
    await clickMenu(app, command)
    await expect.poll(() => fs.existsSync(path.join(folder, name))).toBe(true)
  }
  const cli = execFileSync(process.execPath, ['scripts/heapscape.mjs', 'query', 'SELECT count(*) AS n FROM figures', out, '--json'], { cwd: projectFolder })
  const count = (JSON.parse(cli.toString()) as { rows: [[number]] }).rows[0][0]
  expect((JSON.parse(fs.readFileSync(path.join(folder, 'all.json'), 'utf8')) as { rows: unknown[] }).rows).toHaveLength(count)
  expect(fs.readFileSync(path.join(folder, 'all.csv'), 'utf8').trim().split('\n')).toHaveLength(count + 1)
})

test('says where a query is wrong, limits rows, and cancels', async () => {
  test.skip(!hasDuckDb, 'the optional package @duckdb/node-api is not installed')
  const out = sweep()
  const { page, app } = running
  await page.keyboard.press('Control+Shift+Q')
  await expect(page.getByTestId('query-dataset')).toBeVisible()
  await stubOpenDialog(app, [out])
  await clickMenu(app, 'query.open')
  await expect(page.getByTestId('query-dataset')).toContainText('in 12 files')
  const sql = page.getByTestId('query-sql')
  await sql.fill('SELECT heap,\n  nope\nFROM figures')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'line 2, column 3' })).toBeVisible()
  await expect(sql).toBeFocused()
  await expect.poll(() => sql.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd))).toBe('nope')

  await page.getByRole('combobox', { name: 'Most rows' }).selectOption({ label: '1,000 rows' })
  await sql.fill('SELECT range AS n FROM range(5000)')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('query-result')).toContainText('The first 1,000 rows; more were left out')

  // Minutes of work, ended at once.
  await sql.fill('SELECT count(*) FROM range(3000000) a, range(3000000) b WHERE (a.range * b.range) % 7 = 1')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('Cancelled.')).toBeVisible()
  await sql.fill('SELECT 1 AS one')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('query-result')).toContainText('1 row')
})

test('says what is missing', async () => {
  const { page, app } = running
  await clickMenu(app, 'query.new')
  await stubOpenDialog(app, [folder])
  await page.getByRole('button', { name: 'Open dataset' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'expected a folder with .parquet files below it' })).toBeVisible()
})
