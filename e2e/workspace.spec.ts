import { expect, test } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import { clickMenu, launchApp, LARGE_SCREEN, shoot, SMALL_SCREEN, type RunningApp, type ShootOptions } from './app'
import { checkAxe } from './axe'

/*
 * The simulated process in the window: a heap for every document, the process walker, the console, the lessons.
 */
const EVERYTHING: ShootOptions = { schemes: ['light', 'dark'], sizes: [SMALL_SCREEN, LARGE_SCREEN] }
let running: RunningApp

test.beforeEach(async () => {
  running = await launchApp()
})
test.afterEach(() => running.close())

async function judge(name: string): Promise<void> {
  await shoot(running, name, EVERYTHING)
  for (const colorScheme of ['light', 'dark'] as const) {
    await running.page.emulateMedia({ colorScheme })
    await checkAxe(running.page)
  }
  await running.page.emulateMedia({ colorScheme: null })
}

/** Opens a console through its dialog and gives its panel. */
async function openConsole(number: number, sizes: { initial?: string; maximum?: string } = {}): Promise<Locator> {
  const { page, app } = running
  await clickMenu(app, 'console.new')
  const dialog = page.getByRole('dialog', { name: 'New console' })
  if (sizes.initial !== undefined) await dialog.getByLabel('Initial size').fill(sizes.initial)
  if (sizes.maximum !== undefined) {
    await dialog.getByRole('radio', { name: 'fixed' }).check()
    await dialog.getByLabel('Maximum size').fill(sizes.maximum)
  }
  await dialog.getByRole('button', { name: 'Open the console' }).click()
  const panel = page.getByRole('article', { name: `Console ${number}` })
  await expect(panel.getByTestId('document-heap')).toHaveAttribute('data-heap', /^[1-9]/)
  return panel
}

/** Types lines into the console's editor and carries them out. */
async function enter(panel: Locator, text: string): Promise<void> {
  const done = Number(await panel.getAttribute('data-position'))
  await panel.getByRole('textbox', { name: 'Next lines of the script' }).fill(text)
  await panel.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(panel).toHaveAttribute('data-position', String(done + text.split('\n').length))
}

async function openWalker(page: Page): Promise<Locator> {
  await clickMenu(running.app, 'walker.new')
  const walker = page.getByTestId('walker').last()
  await expect(walker).toHaveAttribute('data-generation', /[1-9]/)
  return walker
}

test('console, process walker and lessons: pictures for the eye, axe for the rest', async () => {
  test.slow()
  const { page, app } = running
  const first = await openConsole(1)
  await enter(first, 'p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100)\nfor i in 0..15: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)\nx = HeapFree(heap, 0, 12)\nq = HeapAlok(1)')
  await judge('console')
  await openWalker(page)
  await judge('process-walker')
  await clickMenu(app, 'lessons.show')
  await expect(page.getByTestId('lessons')).toHaveAttribute('data-checked', '16', { timeout: 30_000 })
  await judge('lessons')
})
