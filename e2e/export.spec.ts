import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, shoot, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { expect, test } from './test'
import { openRun } from './window'

/* Pictures and tables that leave the window: each from its own button, and all of them from the menu. */
let running: RunningApp
let folder: string

test.beforeEach(async ({ sharedApp }) => {
  folder = temporaryFolder()
  running = sharedApp
  await openRun(running, { input: /G6/, heap: 'First fit' })
})

async function save(view: string | RegExp, form: string, file: string): Promise<Buffer> {
  const target = path.join(folder, file)
  await stubSaveDialog(running.app, target)
  const opener = running.page.getByTestId('save-menu').and(running.page.getByRole('button', { name: view }))
  await opener.focus()
  await running.page.keyboard.press('Enter')
  await running.page.locator(`[data-testid="save-${form}"]:visible`).click()
  await expect.poll(() => fs.existsSync(target)).toBe(true)
  return fs.readFileSync(target)
}

test('the timeline as SVG says what it is and holds the lines', async () => {
  const svg = (await save(/Save Bytes over events/, 'svg', 'timeline.svg')).toString('utf8')
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+/)
  expect(svg).toMatch(/<title id="title">Bytes over events of .*G6/)
  for (const name of ['live', 'committed', 'reserved']) expect(svg).toContain(`>${name}</text>`)
  expect(svg).toContain('</svg>')
})

test('the memory map as PNG has the size of the view with its head, and twice that', async () => {
  const once = await save(/Save Memory map/, 'png', 'map.png')
  const twice = await save(/Save Memory map/, 'png2', 'map2.png')
  expect(once.subarray(1, 4).toString('latin1')).toBe('PNG')
  expect(twice.readUInt32BE(16)).toBe(2 * once.readUInt32BE(16))
  expect(once.readUInt32BE(20)).toBeGreaterThan(120)
  fs.mkdirSync(path.join('out', 'reports', 'screens'), { recursive: true })
  for (const [name, bytes] of [['saved-map.png', once], ['saved-map-2.png', twice]] as const) fs.writeFileSync(path.join('out', 'reports', 'screens', name), bytes)
})

test('the block table as CSV and JSON has every row, and both say the same', async () => {
  const csv = (await save(/Save Blocks of/, 'csv', 'blocks.csv')).toString('utf8').trimEnd().split('\r\n')
  const json = JSON.parse((await save(/Save Blocks of/, 'json', 'blocks.json')).toString('utf8')) as { rows: { address: string; size: number }[] }
  expect(csv[0]).toMatch(/^Address,Requested \(bytes\),Consumed \(bytes\)/)
  expect(csv.length - 1).toBe(json.rows.length)
  expect(csv[1]!.split(',').slice(0, 1)).toEqual([json.rows[0]!.address])
  await expect(running.page.getByTestId('block-table')).toHaveAttribute('aria-rowcount', String(json.rows.length + 1))
})

test('the menu lists what is in sight, and saves the metrics', async () => {
  const target = path.join(folder, 'metrics.json')
  await stubSaveDialog(running.app, target)
  await clickMenu(running.app, 'file.saveShown')
  const dialog = running.page.getByTestId('save-shown')
  await expect(dialog.getByRole('listitem')).toHaveCount(5)
  await shoot(running, 'save-shown')
  await dialog.getByRole('button', { name: /Save Metrics of .* as JSON/ }).click()
  await expect(dialog.getByRole('status')).toHaveText('Saved metrics.json')
  const { rows } = JSON.parse(fs.readFileSync(target, 'utf8')) as { rows: { metric: string; value: number | null; reason: string | null }[] }
  expect(new Set(rows.map(({ metric }) => metric)).size).toBeGreaterThanOrEqual(14)
  for (const { value, reason } of rows) expect(value === null).toBe(reason !== null)
})
