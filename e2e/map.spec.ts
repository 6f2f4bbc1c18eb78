import fs from 'node:fs'
import path from 'node:path'
import { stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { checkAxe } from './axe'
import { judge, judgeState } from './judge'
import { asAfterStart, expect, test } from './test'
import { command, openEditorRun } from './window'

/* The memory map of a run: colourings, Hilbert layout, minimap, range with sums, single bytes, picture; all by keyboard. */
let running: RunningApp

test.beforeAll(async ({ workerApp }) => {
  running = await asAfterStart(workerApp)
  await openEditorRun(running)
})
test.setTimeout(240_000)

test('colourings by keyboard, their legend filters, what is not available says why', async () => {
  const { page } = running
  const map = page.getByTestId('memory-map')
  await expect(map).toHaveAttribute('data-colored', 'state')
  await command(page, 'Colour the map by size class')
  await expect(map).toHaveAttribute('data-colored', 'class')
  const legend = page.getByTestId('color-legend')
  await expect(legend.getByRole('button').first()).toBeVisible()
  await expect(page.getByText(/Coloured by size class; of the cells with a value: to /)).toHaveCount(1)

  const sums = page.getByTestId('selection-sums')
  const all = await sums.innerText()
  const value = legend.getByRole('button').nth(1)
  await value.focus()
  await page.keyboard.press('Enter')
  await expect(sums).toContainText('selected')
  await expect(page.getByTestId('filter-text')).toHaveValue(/^state = busy and class in /)
  await expect(legend.locator('[aria-pressed=true]')).toHaveCount(1)
  await legend.locator('[aria-pressed=true]').click()
  await expect(sums).toHaveText(all)

  for (const by of ['age', 'site', 'occupancy'] as const) {
    await page.getByTestId('map-color').selectOption(by)
    await expect(map).toHaveAttribute('data-colored', by)
    await expect(legend.getByRole('button').first()).toBeVisible()
    if (by === 'occupancy') await judgeState(running, 'map-occupancy')
  }
  const heap = page.getByTestId('map-color').locator('option[value=heap]')
  await expect(heap).toHaveAttribute('title', 'There is one heap only.')
  await expect(heap).toBeDisabled()
})

test('changes since a pinned event, and since the last look', async () => {
  const { page } = running
  const map = page.getByTestId('memory-map')
  await command(page, 'Pin this event')
  await page.getByTestId('run-view').getByTestId('timeline').focus()
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight')
  await expect(map).toHaveAttribute('data-colored', 'changed')
  await expect(page.getByTestId('map-since')).toContainText(/between event [\d,]+ and event/)
  await expect(page.getByTestId('map-since').getByRole('button', { name: 'Unpin' })).toBeVisible()
  await expect(page.getByTestId('color-K')).toBeVisible()
  await judge(running, 'map-changed')
  await command(page, 'Colour the map by state')
  await expect(map).toHaveAttribute('data-colored', 'state')
})

test('a range by Shift and arrows is summed, filtered to and cleared', async () => {
  const { page } = running
  const map = page.getByTestId('memory-map')
  await command(page, 'Go to the memory map')
  await expect(map).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowDown')
  const range = page.getByTestId('map-range')
  await expect(range).toHaveAttribute('data-ready', 'true')
  await expect(range).toContainText('largest free')
  await expect(range.getByText(/^Range 0x.*busy [\d,]+ B in [\d,]+ blocks?/)).toHaveCount(1)
  await checkAxe(page)
  await range.getByTestId('range-filter').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('chip-range')).toBeVisible()
  await page.getByTestId('chip-range').click()
  await map.focus()
  await page.keyboard.press('Escape')
  await expect(range).toHaveCount(0)
  await expect(page.getByTestId('chip-range')).toHaveCount(0)
})

test('the Hilbert curve shows the same selection; the minimap moves the map; single bytes show the inside of blocks', async () => {
  const { page, app } = running
  const map = page.getByTestId('memory-map')
  await command(page, 'Memory map along a Hilbert curve')
  await expect(map).toHaveAttribute('data-layout', 'hilbert')
  await expect(page.getByText(/^Hilbert curve, \d+ segments/)).toHaveCount(1)
  await command(page, 'Colour the map by call site')
  await expect(map).toHaveAttribute('data-colored', 'site')
  await map.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowUp')
  await expect(page.getByTestId('map-range')).toHaveAttribute('data-ready', 'true')
  await judgeState(running, 'map-hilbert')
  await page.keyboard.press('Escape')

  await command(page, 'Copy this view as text')
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/map layout hilbert\n.*map color site|map color site\n.*map layout hilbert/s)

  const svg = path.join(temporaryFolder(), 'map.svg')
  await stubSaveDialog(app, svg)
  const menu = page.getByRole('region', { name: 'Memory map' }).getByRole('button', { name: /^Save/ })
  await menu.click()
  await page.getByRole('menuitem', { name: /SVG/ }).click()
  await expect.poll(() => fs.existsSync(svg) && fs.readFileSync(svg, 'utf8').endsWith('</svg>\n')).toBe(true)
  expect(fs.readFileSync(svg, 'utf8')).toContain('Coloured by call site')

  await command(page, 'Memory map in rows')
  await expect(map).toHaveAttribute('data-layout', 'rows')
  await command(page, 'Colour the map by state')
  await map.focus()
  await page.keyboard.press('Enter')
  await expect(map).toHaveAttribute('data-bytes-per-cell', '1')
  await expect(map).not.toHaveAttribute('data-structure', '0')
  await judge(running, 'map-bytes')
  const before = await map.getAttribute('data-top')
  const minimap = page.getByTestId('map-minimap')
  await minimap.focus()
  await page.keyboard.press('End')
  await expect(map).not.toHaveAttribute('data-top', before!)
  await expect(minimap).toHaveAttribute('aria-valuetext', /of the way$/)
  await page.keyboard.press('Home')
  await expect(map).toHaveAttribute('data-top', '0')
  await minimap.click({ position: { x: 20, y: 60 } })
  await expect(map).not.toHaveAttribute('data-top', '0')
})
