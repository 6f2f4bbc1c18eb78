import { clickMenu, type RunningApp } from './app'
import { judge } from './judge'
import { expect, test } from './test'
import { documents, openFiles, runPanel, simulate } from './window'
import fs from 'node:fs'
import path from 'node:path'

/*
 * Every document, light and dark, small and large: pictures for the eye (e2e/screens), axe for the rest.
 */
let running: RunningApp

test.beforeEach(({ sharedApp }) => {
  running = sharedApp
})

test('start page', async () => {
  await expect(running.page.getByRole('article', { name: 'Start' })).toBeVisible()
  await judge(running, 'start')
})

test('trace', async () => {
  const sample = path.join(import.meta.dirname, '../shared/importers/mtrace/samples/small.mtrace')
  test.skip(!fs.existsSync(sample), 'the sample is missing')
  await openFiles(running, [sample])
  await expect(running.page.getByRole('article', { name: /^Trace/ })).toBeVisible()
  await judge(running, 'trace')
})

test('simulate, run and compare', async () => {
  const { page, app } = running
  await clickMenu(app, 'simulate.new')
  await simulate(page, { input: 'G5', heap: 'First fit' })
  await expect(page.getByTestId('simulation-result')).toHaveCount(1)
  await simulate(page, { input: 'G5', heap: 'Windows NT 3.1 default heap' })
  await expect(page.getByTestId('simulation-result')).toHaveCount(2)
  await judge(running, 'simulate')

  await documents(page).getByRole('button', { name: /first-fit/ }).click()
  await runPanel(page)
  await page.getByRole('application', { name: 'Memory map' }).focus()
  await page.keyboard.press('ArrowRight')
  await judge(running, 'run')

  await clickMenu(app, 'compare.new')
  await expect(page.getByRole('row', { name: /^M2 Committed bytes/ })).toBeVisible()
  await judge(running, 'compare')
})

test('a file that cannot be read', async () => {
  const noise = path.join(import.meta.dirname, 'playwright.config.ts')
  await openFiles(running, [noise])
  await expect(running.page.getByRole('tabpanel', { name: 'playwright.config.ts' })).toContainText('format-unknown')
  await judge(running, 'failure')
})
