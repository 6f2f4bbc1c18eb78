import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { clickMenu, dropFiles, IS_THOROUGH, stubOpenDialog, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { checkAxe } from './axe'
import { judge, judgeState } from './judge'
import { expect, test } from './test'
import { documents, openFiles } from './window'

/*
 * Comparison sets in the window. The programs are made here: random replacements in a pool, and the candidate keeps half
 * as many blocks again, so a growth of about half is known beforehand.
 */
const RUNS = 6
let running: RunningApp
let folder: string
test.setTimeout(300_000)

function random(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}

function program(seed: number, blocks: number): string {
  const next = random(seed)
  const lines: string[] = []
  const alive: number[] = []
  let object = 0
  for (let i = 0; i < 3 * blocks; i++) {
    if (alive.length >= blocks) lines.push(`f ${alive.splice(Math.floor(next() * alive.length), 1)[0]!}`)
    lines.push(`a ${object} ${16 + Math.floor(next() * 3000)}`)
    alive.push(object++)
  }
  return `20000\n${object}\n${lines.length}\n1\n${lines.join('\n')}\n`
}

function write(name: string, content: string): string {
  const file = path.join(folder, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
  return file
}
const recordings = (name: string, blocks: number, seed: number): string[] => Array.from({ length: RUNS }, (_, i) => write(`${name}-${i + 1}.rep`, program(seed + i, blocks)))

async function newSet(page: Page): Promise<Locator> {
  await clickMenu(running.app, 'comparison.new')
  const view = page.getByTestId('comparison-view')
  await expect(view.getByTestId('side-1')).toBeVisible()
  return view
}
async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  const box = (await locator.boundingBox())!
  return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
}
const ready = (view: Locator): Promise<void> => expect(view.getByTestId('verdict-card')).toHaveAttribute('data-ready', 'true', { timeout: 60_000 })
const numbers = (text: string): number[] => [...text.matchAll(/[+−]?\d[\d,]*/g)].map(([digits]) => Number(digits.replace('−', '-').replaceAll(',', '')))

test.beforeEach(({ sharedApp }) => {
  running = sharedApp
  folder = temporaryFolder()
})

test('a set built by drag: files onto a side, an open document from the sidebar, a member from side to side', async () => {
  const [base, grown] = [recordings('base', 300, 1), recordings('new', 450, 50)]
  await openFiles(running, [base[0]!])
  const { page } = running
  await expect(documents(page)).toContainText('base-1.rep')
  const view = await newSet(page)
  await dropFiles(page, base.slice(1), await middleOf(view.getByTestId('side-0')))
  await expect(view.getByTestId('side-0').getByRole('option')).toHaveCount(RUNS - 1)
  await documents(page).getByRole('button', { name: /base-1\.rep/ }).dragTo(view.getByTestId('side-0'))
  await expect(view.getByTestId('side-0').getByRole('option')).toHaveCount(RUNS)
  await dropFiles(page, grown, await middleOf(view.getByTestId('side-1')))
  await ready(view)
  await expect(view.getByTestId('set-headline')).toContainText(/Peak committed bytes .*: B is worse than A/)
  await expect(view.getByTestId('set-gate')).toContainText('suspect')
  const peak = view.locator('[data-figure="run.peakFootprintBytes"]')
  await expect(peak).toHaveAttribute('data-verdict', 'worse')
  await expect(peak).toContainText(/\+4\d\.\d %|\+5\d\.\d %/)
  // The definition follows the keyboard as it follows the pointer.
  await peak.getByRole('button').focus()
  await expect(view.getByTestId('figure-definition')).toContainText('max C')
  await expect(view.getByTestId('set-dots-canvas')).toHaveAttribute('data-marks', String(2 * RUNS))
  // No tab of its own for what was dropped on a side.
  await expect(documents(page)).not.toContainText('new-1.rep')
  await judge(running, 'comparison-figures')

  const moved = view.getByTestId('side-1').getByRole('option').first()
  await moved.dragTo(view.getByTestId('side-new'))
  await expect(view.getByTestId('side-2').getByRole('option')).toHaveCount(1)
  await expect(view.getByTestId('side-1').getByRole('option')).toHaveCount(RUNS - 1)
})

test('a folder by keyboard: sides by name, brush of sizes, waterfall, picture and report', async () => {
  recordings('base', 300, 1)
  recordings('new', 450, 50)
  const { page, app } = running
  const view = await newSet(page)
  await stubOpenDialog(app, [folder])
  await view.getByTestId('set-folder').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('folder-pattern')).toHaveValue('{side}-{n}.rep')
  await expect(page.getByTestId('folder-sides')).toHaveText(`base (${RUNS}), new (${RUNS})`)
  await page.getByTestId('folder-accept').focus()
  await page.keyboard.press('Enter')
  await ready(view)
  await expect(view.getByTestId('set-headline')).toContainText('new is worse than base')

  // Waterfall: its rows sum to the change, to the byte.
  await page.keyboard.press('Alt+2')
  const waterfall = view.getByTestId('set-waterfall')
  await waterfall.getByRole('button', { name: /as a table/ }).click()
  await expect(waterfall.getByRole('row').last()).toContainText('Sum')
  const rows = await waterfall.getByRole('row').allTextContents()
  const differences = rows.slice(1, -1).map((row) => numbers(row).at(-1)!)
  const cells = await waterfall.getByRole('row').last().getByRole('cell').allTextContents()
  const [from, to, change] = cells.slice(1).map((text) => Number(text.replaceAll(',', '')))
  expect(differences.length).toBeGreaterThanOrEqual(6)
  expect(to! - from!).toBe(change)
  const parts = await Promise.all((await waterfall.getByRole('row').all()).slice(1, -1).map(async (row) => Number((await row.getByRole('cell').last().textContent())!.replaceAll(',', '').replace('−', '-'))))
  expect(parts.reduce((sum, value) => sum + value, 0)).toBe(change)
  await waterfall.getByRole('button', { name: /as a table/ }).click()
  await judge(running, 'comparison-causes')
  const svg = path.join(folder, 'waterfall.svg')
  await stubSaveDialog(app, svg)
  await waterfall.getByTestId('save-menu').focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-testid="save-svg"]:visible').click()
  await expect.poll(() => fs.existsSync(svg)).toBe(true)
  expect(fs.readFileSync(svg, 'utf8')).toMatch(/^<svg [^]*Free, pinned/)

  // Brush: the histogram by keyboard; table, matches and maps follow.
  await page.keyboard.press('Alt+3')
  const histogram = view.getByTestId('size-histogram-canvas')
  await expect(histogram).toHaveAttribute('data-marks', /^[1-9]\d+/)
  await expect(view.getByTestId('cost-sum')).toContainText('blocks')
  const all = numbers(await view.getByTestId('cost-sum').innerText())
  await histogram.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  for (let i = 0; i < 12; i++) await page.keyboard.press('Shift+ArrowRight')
  await expect(view.getByTestId('chip-size')).toBeVisible()
  await expect(view.getByTestId('cost-sum')).not.toContainText(`${all[0]!.toLocaleString('en')} →`)
  await expect(view.getByTestId('cost-sum')).toHaveAttribute('aria-busy', 'false')
  const chosen = numbers(await view.getByTestId('cost-sum').innerText())
  expect(chosen[0]).toBeGreaterThan(0)
  expect(chosen[0]).toBeLessThan(all[0]!)
  await judge(running, 'comparison-sizes')
  await page.keyboard.press('Alt+7')
  await expect(view.getByTestId('match-sum')).toContainText('matched')
  await expect(view.getByTestId('match-sum')).toHaveAttribute('aria-busy', 'false')
  const [matched, gone] = numbers(await view.getByTestId('match-sum').innerText())
  expect(matched! + gone!).toBe(chosen[0])
  await page.keyboard.press('Alt+6')
  await expect(view.getByTestId('set-maps')).toHaveAttribute('data-ready', 'true')
  await judge(running, 'comparison-maps')
  const maps = view.getByTestId('set-maps')
  const marked = await maps.screenshot()
  await page.keyboard.press('Alt+3')
  await histogram.focus()
  for (let i = 0; i < 20; i++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Alt+6')
  await expect(maps).toHaveAttribute('data-ready', 'true')
  await expect.poll(async () => (await maps.screenshot()).equals(marked)).toBe(false)
  await view.getByTestId('maps-overlay').click()
  await expect(view.getByTestId('set-lanes')).toBeVisible()
  await judgeState(running, 'comparison-overlay')
  await page.keyboard.press('Alt+4')
  await expect(view.getByTestId('set-timelines-canvas')).toHaveAttribute('data-marks', '101')
  await judge(running, 'comparison-timelines')
  await page.keyboard.press('Alt+5')
  await expect(view.getByTestId('set-unusable')).toBeVisible()
  await judge(running, 'comparison-free-bytes')
  await view.getByTestId('chip-size').click()
  await expect(view.getByTestId('chip-size')).toHaveCount(0)

  // The report is read in a window of its own, without a network, and by the rules of accessibility.
  const report = path.join(folder, 'report.html')
  await stubSaveDialog(app, report)
  await view.getByTestId('report-anonymous').check()
  await view.getByTestId('report-html').click()
  await expect.poll(() => fs.existsSync(report)).toBe(true)
  expect(fs.statSync(report).size).toBeLessThan(5_000_000)
  expect(fs.readFileSync(report, 'utf8')).not.toContain('base-1.rep')
  const opened = app.waitForEvent('window')
  await app.evaluate(({ BrowserWindow }, url) => void new BrowserWindow({ width: 1000, height: 800 }).loadURL(url), pathToFileURL(report).href)
  const page2 = await opened
  await page2.waitForLoadState()
  await expect(page2.getByRole('heading', { level: 1 })).toContainText('Heap fragmentation')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page2.emulateMedia({ colorScheme })
    await checkAxe(page2, colorScheme === 'light' ? undefined : ['color-contrast'])
  }
  if (IS_THOROUGH) await page2.screenshot({ path: path.join('out', 'reports', 'screens', 'comparison-report.png'), fullPage: true })
  await page2.close()
})

test('by keyboard alone: add files to sides, move, rename; what cannot be compared is said first', async () => {
  const [a, b] = [write('a.rep', program(1, 300)), write('b.rep', program(2, 300))]
  const snapshot = write('dump.csv', 'address,size,state\n0x10000,4096,busy\n0x11000,4096,free\n')
  const { page, app } = running
  const view = await newSet(page)
  await stubOpenDialog(app, [a, b])
  await page.keyboard.press('Control+Shift+A')
  await page.getByTestId('add-files').focus()
  await page.keyboard.press('Enter')
  await expect(view.getByTestId('side-0').getByRole('option')).toHaveCount(2)
  await view.getByTestId('side-0').getByRole('option').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Alt+ArrowDown')
  await expect(view.getByTestId('side-1').getByRole('option')).toHaveText(/b\.rep/)
  await expect(view.getByTestId('side-1').getByRole('option')).toBeFocused()
  await page.keyboard.press('F2')
  await expect(view.getByRole('textbox', { name: 'Name of the side' })).toBeFocused()
  await page.keyboard.type('other seed')
  await page.keyboard.press('Enter')
  await expect(view.getByTestId('side-1').getByRole('heading')).toHaveText('other seed')
  await ready(view)
  await expect(view.getByTestId('verdict-card')).toContainText('Too few repeats for a test')
  await expect(view.getByTestId('set-gate')).toContainText('none:')
  await view.getByTestId('side-1').getByRole('option').first().click()
  await view.getByTestId('set-label').fill('level 1')
  await page.keyboard.press('Enter')
  await expect(view.getByTestId('unpaired')).toContainText('only other seed has level 1', { timeout: 30_000 })

  await stubOpenDialog(app, [snapshot])
  await view.getByTestId('side-1-add').focus()
  await page.keyboard.press('Enter')
  await page.getByTestId('add-files').focus()
  await page.keyboard.press('Enter')
  await expect(view.getByTestId('comparison-refused')).toContainText('Runs and snapshots are mixed: dump.csv', { timeout: 30_000 })
  await judge(running, 'comparison-refused')
})
