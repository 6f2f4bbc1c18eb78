import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, resizePage, SMALL_SCREEN, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { expect, renewApp, test } from './test'
import { command, openEditorRun, openFiles, runPanel } from './window'

/* The block table of a run: filter with completion, saved filters, groups, undo, the view as text, files. */
let running: RunningApp

test.beforeEach(async ({ sharedApp }) => {
  running = sharedApp
  await openEditorRun(running)
})
test.setTimeout(240_000)

test('a filter is written with completion, saved, undone and shown again from its text', async () => {
  const { page } = running
  const sums = page.getByTestId('selection-sums')
  await expect(sums).toContainText('in all')
  const all = await sums.innerText()
  await command(page, 'Filter the blocks')
  const field = page.getByTestId('filter-text')
  const options = page.getByTestId('filter-options')
  await expect(field).toBeFocused()
  await page.keyboard.type('sta')
  await expect(options.getByRole('option', { name: /^state/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(field).toHaveValue('state ')
  await page.keyboard.type('= bu')
  await page.keyboard.press('Tab')
  await page.keyboard.type('and site ~ "read')
  await expect(options.getByRole('option').first()).toContainText(/read/i)
  await page.keyboard.type('"')
  await page.keyboard.press('Enter')
  await expect(sums).toContainText('selected')
  const grid = page.getByRole('grid', { name: 'Blocks' })
  await expect(grid.getByRole('row').nth(1)).toContainText(/read/)
  const kept = await sums.innerText()
  expect(kept).not.toBe(all)
  await page.getByTestId('filter-save').click()
  await judge(running, 'block-filter')

  await command(page, 'Undo the last filter or order')
  await expect(sums).toHaveText(all)
  await expect(field).toHaveValue('')
  await command(page, 'Redo filter or order')
  await expect(sums).toHaveText(kept)

  await page.getByTestId('filter-clear').click()
  await field.fill('state = fre')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alert').filter({ hasText: 'Character 9: expected busy, free' })).toBeVisible()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await field.fill('')
  await expect(options.getByRole('option').first()).toContainText('saved')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(sums).toHaveText(kept)

  await page.getByTestId('filter-clear').click()
  await expect(sums).toHaveText(all)
  await command(page, 'Show a view from its text')
  await page.getByTestId('view-text').fill('heapscape view 1\nsort size descending\nwhere state = free')
  await page.getByTestId('view-text-show').click()
  await expect(grid.getByRole('columnheader', { name: 'Consumed' })).toHaveAttribute('aria-sort', 'descending')
  await expect(grid.getByRole('row').nth(1)).toContainText('free')
})

test('columns are chosen by keyboard, sorted by, written into files, and there again when the run is opened', async () => {
  const { app, page } = running
  const folder = temporaryFolder()
  const grid = page.getByRole('grid', { name: 'Blocks' })
  const names = async (): Promise<string[]> => (await grid.getByRole('columnheader').allInnerTexts()).map((text) => text.replace(/[▾▴\s]+$/, ''))
  await expect.poll(names).toEqual(['Address', 'Requested', 'Consumed', 'State', 'Segment', 'Born at', 'Pins', 'Site'])
  await page.keyboard.press('ControlOrMeta+Alt+c')
  const chooser = page.getByTestId('column-choices')
  await expect(chooser.getByTestId('column-address')).toBeFocused()
  await expect(chooser.getByTestId('column-kind')).toHaveAttribute('aria-disabled', 'true')
  await expect(chooser).toContainText('Not available: Only where the inside of heaps was read')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await expect(chooser.getByTestId('column-end')).toBeFocused()
  await page.keyboard.press('Space')
  for (const column of ['kind', 'age', 'death', 'lifetime']) {
    await chooser.getByTestId(`column-${column}`).focus()
    await page.keyboard.press('Space')
  }
  await chooser.getByTestId('column-segment').focus()
  await page.keyboard.press('Space')
  await judge(running, 'block-columns')
  await page.keyboard.press('Escape')
  await expect(chooser).toBeHidden()
  const chosen = ['Address', 'End', 'Requested', 'Consumed', 'State', 'Born at', 'Age', 'Freed at', 'Lifetime', 'Pins', 'Site']
  await expect.poll(names).toEqual(chosen)

  await grid.getByTestId('sort-age').click()
  await expect(grid.getByRole('columnheader', { name: 'Age' })).toHaveAttribute('aria-sort', 'descending')
  await resizePage(app, page, SMALL_SCREEN.width, SMALL_SCREEN.height)
  const address = grid.getByRole('columnheader', { name: 'Address' })
  const before = await address.boundingBox()
  await grid.evaluate((element) => (element.scrollLeft = 200))
  await expect.poll(() => grid.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0)
  await expect.poll(async () => (await address.boundingBox())!.x).toBe(before!.x)
  await judgeState(running, 'block-columns-scrolled')

  const csv = path.join(folder, 'columns.csv')
  await stubSaveDialog(app, csv)
  await command(page, 'Save the block table as CSV')
  await expect.poll(() => fs.existsSync(csv)).toBe(true)
  const lines = fs.readFileSync(csv, 'utf8').trim().split('\n')
  expect(lines[0]).toBe('address,end,requested,size,state,birth,age,death,lifetime,pins,site')
  const ages = lines.slice(1).map((line) => line.split(',')[6]!)
  expect(ages.filter((age) => age !== '').map(Number)).toEqual(ages.filter((age) => age !== '').map(Number).sort((a, b) => b - a))
  expect(Number(ages[0])).toBeGreaterThan(0)

  for (const by of ['class', 'heap', 'page', 'site', 'age', 'why'] as const) {
    await page.getByTestId('group-by').selectOption(by)
    await expect(by === 'why' ? page.getByTestId('why-note') : page.getByTestId(`list-groups-${by}`).getByRole('row').nth(1)).toBeVisible()
  }

  const saved = path.join(folder, 'columns.heapscape')
  await stubSaveDialog(app, saved)
  await clickMenu(app, 'file.saveAs')
  await expect.poll(() => fs.existsSync(saved)).toBe(true)
  await renewApp(running)
  await openFiles(running, [saved])
  await runPanel(running.page)
  const again = running.page.getByRole('grid', { name: 'Blocks' })
  await expect(again.getByRole('columnheader')).toHaveCount(chosen.length)
  await expect(again.getByRole('columnheader', { name: 'Age' })).toHaveAttribute('aria-sort', 'descending')
})

test('blocks are grouped, a group becomes a filter, and what is shown goes into files', async () => {
  const { page } = running
  const folder = temporaryFolder()
  await page.getByTestId('group-by').selectOption('site')
  const groups = page.getByTestId('list-groups-site')
  await expect(groups.getByRole('row').nth(1)).toBeVisible()
  await groups.getByTestId('sort-bytes').click()
  await expect(groups.getByRole('columnheader', { name: 'Consumed' })).toHaveAttribute('aria-sort', 'descending')
  await judgeState(running, 'block-groups')
  const csv = path.join(folder, 'groups.csv')
  await stubSaveDialog(running.app, csv)
  await command(page, 'Save the block table as CSV')
  await expect.poll(() => fs.existsSync(csv)).toBe(true)
  const lines = fs.readFileSync(csv, 'utf8').trim().split('\n')
  expect(lines[0]).toBe('site,blocks,bytes,busy,requested,free,pins')
  await expect(groups).toHaveAttribute('aria-rowcount', String(lines.length))

  await groups.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('filter-text')).not.toHaveValue('')
  const grid = page.getByRole('grid', { name: 'Blocks' })
  await expect(grid).toBeFocused()
  await expect(page.getByTestId('selection-sums')).toContainText('selected')
  const json = path.join(folder, 'blocks.json')
  await stubSaveDialog(running.app, json)
  await command(page, 'Save the block table as JSON')
  await expect.poll(() => fs.existsSync(json)).toBe(true)
  const blocks = JSON.parse(fs.readFileSync(json, 'utf8')) as { address: number }[]
  await expect(grid).toHaveAttribute('aria-rowcount', String(blocks.length + 1))
})
