import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, dropFiles, projectFolder, shoot, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { expect, test } from './test'
import { openEditor, openRun, simulate } from './window'

/*
 * Call sites in the window: flame graph and tree by keyboard, one filter for all views, where layouts come from.
 * The sample is a heaptrack recording of an editor that reads a file, draws and keeps what it may have to undo.
 */
const PROFILE = path.join(projectFolder, 'shared/importers/massif/samples/small.massif')
let running: RunningApp
let folder: string

test.beforeEach(async ({ sharedApp }) => {
  folder = temporaryFolder()
  running = sharedApp
  await openEditor(running)
})
// Pictures in two sizes and two themes, and two looks by axe, take their time.
test.setTimeout(240_000)

/** Brings the call sites of the document in front to the front. */
async function showSites(page: Page): Promise<Locator> {
  await clickMenu(running.app, 'sites.show')
  const sites = page.getByTestId('call-sites').last()
  await expect(sites.getByTestId('flame-graph')).toHaveAttribute('data-boxes', /^[1-9]/)
  return sites
}

const openEditorRun = (): Promise<Locator> => openRun(running, { input: 'editor.heaptrack', heap: 'First fit' })

test('flame graph and tree by keyboard', async () => {
  const { page } = running
  const sites = await showSites(page)
  await sites.getByRole('combobox', { name: 'Measure' }).selectOption({ label: 'Allocated' })
  await expect(sites).toHaveAttribute('data-measure', 'allocated')
  await expect(sites.getByTestId('site-total')).toContainText('1,')
  const flame = sites.getByTestId('flame-graph')
  await judge(running, 'call-sites')

  await flame.focus()
  await page.keyboard.press('ArrowDown')
  await expect(flame).toHaveAttribute('data-selected', 'main')
  await page.keyboard.press('ArrowDown')
  await expect(flame).not.toHaveAttribute('data-selected', 'main')
  const first = await flame.getAttribute('data-selected')
  await page.keyboard.press('ArrowRight')
  await expect(flame).not.toHaveAttribute('data-selected', first!)
  await page.keyboard.press('ArrowLeft')
  await expect(flame).toHaveAttribute('data-selected', first!)
  await page.keyboard.press('Enter')
  await expect(flame).toHaveAttribute('data-root', first!)
  await page.keyboard.press('Escape')
  await expect(flame).toHaveAttribute('data-root', 'main')
  await page.keyboard.press('Home')
  await expect(flame).toHaveAttribute('data-root', 'all')

  await sites.getByTestId('site-search').fill('function:"lineNew"')
  await page.keyboard.press('Enter')
  await expect(sites).toContainText('% found')
  await page.keyboard.press('n')
  await expect(flame).toHaveAttribute('data-selected', 'lineNew')

  await clickMenu(running.app, 'sites.tree')
  const tree = page.getByRole('treegrid')
  await expect(tree).toBeVisible()
  await tree.focus()
  await page.keyboard.press('Home')
  await expect(page.getByTestId('site-tree')).toHaveAttribute('data-active', 'main')
  const rows = Number(await tree.getAttribute('aria-rowcount'))
  await page.keyboard.press('ArrowRight')
  await expect.poll(async () => Number(await tree.getAttribute('aria-rowcount'))).toBeGreaterThan(rows)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByTestId('site-tree')).not.toHaveAttribute('data-active', 'main')
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByTestId('site-tree')).toHaveAttribute('data-active', 'main')
  await judge(running, 'call-sites-tree')

  await clickMenu(running.app, 'sites.turn')
  await expect(tree.getByRole('row', { name: /getline/ })).toBeVisible()
  const file = path.join(folder, 'sites.csv')
  await stubSaveDialog(running.app, file)
  await clickMenu(running.app, 'sites.saveCsv')
  await expect.poll(() => fs.existsSync(file)).toBe(true)
  expect(fs.readFileSync(file, 'utf8')).toMatch(/^depth,function,module,file,line,bytes,requests,/)
})

test('one filter limits call sites, map, table and timeline; the layout says that it is simulated', async () => {
  const { page } = running
  const run = await openEditorRun()
  const badge = page.getByTestId('layout-badge')
  await expect(badge).toContainText('simulated layout')
  await expect(badge).toHaveAttribute('title', /editor\.heaptrack in the simulated heap first-fit/)
  const sums = page.getByTestId('selection-sums')
  await expect(sums).toContainText('in all')
  const all = await sums.innerText()

  const sites = await showSites(page)
  await sites.getByTestId('site-filter').fill('module:libtext')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('chip-sites')).toContainText('module:libtext')
  await expect(sums).toContainText('selected')
  // The sums are those of the table, which lies behind the call sites now.
  await expect(sites).toHaveAttribute('data-pending', 'false')
  await expect.poll(async () => `${/in ([\d,]+) blocks/.exec(await sites.getByTestId('site-total').innerText())?.[1]} blocks of ${(await sums.innerText()).split(' blocks')[0]}`).toMatch(/^([\d,]+) blocks of \1$/)
  await expect(sites.getByTestId('flame-graph')).toHaveAttribute('data-root', 'all')
  await judgeState(running, 'call-sites-filter')
  await page.getByRole('tab', { name: 'Blocks' }).click()
  const cells = page.getByRole('grid', { name: 'Blocks' }).getByRole('row')
  await expect(cells.nth(1)).toContainText(/libtext|readLines|lineNew|getline/)
  await shoot(running, 'call-sites-blocks')
  await page.getByTestId('chip-sites').click()
  await expect(sums).toHaveText(all)
  await expect(run).toBeVisible()

  await showSites(page)
  await sites.getByTestId('site-filter').fill('/(/')
  await expect(sites.getByRole('alert')).toContainText('never closed')
})

test('a comparison: call sites of both runs, and one filter for both', async () => {
  const { page } = running
  await openEditorRun()
  await clickMenu(running.app, 'simulate.new')
  await simulate(page, { input: 'editor.heaptrack', heap: 'Binary buddies' })
  await expect(page.getByTestId('simulation-result').last()).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Documents' }).getByRole('button', { name: /buddy/ })).toBeVisible()
  await clickMenu(running.app, 'compare.new')
  const compare = page.getByTestId('compare-view')
  await expect(compare.getByTestId('layout-badge')).toHaveText([/simulated layout/, /simulated layout/])
  await compare.getByTestId('site-filter').fill('module:libdraw')
  await page.keyboard.press('Enter')
  await compare.getByRole('tab', { name: 'Call sites' }).click()
  const sites = compare.getByTestId('call-sites')
  await expect(sites.getByTestId('site-total')).toContainText('before')
  await expect(sites.getByTestId('site-filter')).toHaveValue('module:libdraw')
  await judge(running, 'compare-sites')
})

test('a profile: call sites, moments, what it lacks', async () => {
  const { page } = running
  await dropFiles(page, [PROFILE])
  const profile = page.getByTestId('profile-view')
  await expect(profile).toContainText('no memory map')
  await expect(profile.getByTestId('flame-graph')).toHaveAttribute('data-boxes', /^[1-9]/)
  await expect(profile.getByTestId('profile-reading')).toContainText('moment')
  await judge(running, 'profile')
  await profile.getByRole('tab', { name: 'Figures and notes' }).click()
  await expect(profile.getByTestId('profile-lacks')).toContainText('Blocks, addresses and frees in order')
  await judge(running, 'profile-figures')
})

test('the difference of two documents', async () => {
  const { page } = running
  const run = await openEditorRun()
  await expect(run).toBeVisible()
  const sites = await showSites(page)
  await sites.getByTestId('site-against').selectOption({ label: 'since editor.heaptrack' })
  await expect(sites.getByTestId('site-total')).toContainText('before')
  await shoot(running, 'call-sites-difference', { schemes: ['light', 'dark'] })
})
