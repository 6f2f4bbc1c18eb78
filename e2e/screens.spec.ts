import { test } from '@playwright/test'
import { launchApp, LARGE_SCREEN, shoot, SMALL_SCREEN, clickMenu, type RunningApp, type ShootOptions } from './app'
import { checkAxe } from './axe'
import { documents, runPanel, simulate } from './window'
import { expect } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'

/*
 * Every document, light and dark, small and large: pictures for the eye (e2e/screens), axe for the rest.
 */
const EVERYTHING: ShootOptions = { schemes: ['light', 'dark'], sizes: [SMALL_SCREEN, LARGE_SCREEN] }
let running: RunningApp

test.afterEach(() => running.close())

async function judge(name: string): Promise<void> {
  await shoot(running, name, EVERYTHING)
  for (const colorScheme of ['light', 'dark'] as const) {
    await running.page.emulateMedia({ colorScheme })
    await checkAxe(running.page)
  }
  await running.page.emulateMedia({ colorScheme: null })
}

test('start page', async () => {
  running = await launchApp()
  await expect(running.page.getByRole('article', { name: 'Start' })).toBeVisible()
  await judge('start')
})

test('trace', async () => {
  const sample = path.join(import.meta.dirname, '../shared/importers/mtrace/samples/small.mtrace')
  test.skip(!fs.existsSync(sample), 'the sample is missing')
  running = await launchApp({ files: [sample] })
  await expect(running.page.getByRole('article', { name: /^Trace/ })).toBeVisible()
  await judge('trace')
})

test('simulate, run and compare', async () => {
  running = await launchApp()
  const { page, app } = running
  await clickMenu(app, 'simulate.new')
  await simulate(page, { input: 'G5', heap: 'First fit' })
  await expect(page.getByTestId('simulation-result')).toHaveCount(1)
  await simulate(page, { input: 'G5', heap: 'Windows NT 3.1 default heap' })
  await expect(page.getByTestId('simulation-result')).toHaveCount(2)
  await judge('simulate')

  await documents(page).getByRole('button', { name: /first-fit/ }).click()
  await runPanel(page)
  await page.getByRole('application', { name: 'Memory map' }).focus()
  await page.keyboard.press('ArrowRight')
  await judge('run')

  await clickMenu(app, 'compare.new')
  await expect(page.getByRole('row', { name: /^M2 Committed bytes/ })).toBeVisible()
  await judge('compare')
})

test('a file that cannot be read', async () => {
  const noise = path.join(import.meta.dirname, 'playwright.config.ts')
  running = await launchApp({ files: [noise] })
  await expect(running.page.getByRole('tabpanel', { name: 'playwright.config.ts' })).toContainText('format-unknown')
  await judge('failure')
})
