import type { Page } from '@playwright/test'
import { clickMenu, IS_THOROUGH, launchApp, shoot, type RunningApp } from './app'
import { checkAxe } from './axe'
import { expect, test } from './test'
import { documents, runPanel } from './window'

/* What surrounds the documents: the tour, keys that can be changed, high contrast, large scales. */
let running: RunningApp

const startTour = (page: Page) => page.getByTestId('tour-offer').getByRole('button', { name: 'Take the tour' })

test('a newcomer is offered a tour, which goes from part to part of a real run by keyboard', async ({ sharedApp }) => {
  running = sharedApp
  const { page } = running
  await startTour(page).click()
  const card = page.getByTestId('tour')
  await expect(card.getByRole('heading')).toHaveText('Where does the memory go?')
  await expect(card.getByRole('button', { name: 'Next' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await runPanel(page)
  for (const title of ['One event, one filter', 'The run over time', 'The heap, byte by byte', 'Every block', 'What it costs', 'Everything else']) {
    await expect(card.getByRole('heading')).toHaveText(title)
    // Ring and card follow what they speak of, which has its place a frame later.
    await expect(async () => {
      const ring = (await page.getByTestId('tour-ring').boundingBox({ timeout: 1000 }))!
      const box = (await card.boundingBox())!
      expect(ring.width * ring.height).toBeGreaterThan(400)
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0)
    }).toPass({ timeout: 10_000 })
    if (title === 'The heap, byte by byte') {
      await checkAxe(page)
      await shoot(running, 'tour', { schemes: ['light', 'dark'] })
    }
    if (title !== 'Everything else') await page.keyboard.press('ArrowRight')
  }
  await page.keyboard.press('ArrowLeft')
  await expect(card.getByRole('heading')).toHaveText('What it costs')
  await page.keyboard.press('Escape')
  await expect(card).toHaveCount(0)

  // It is offered once; the menu has it for good, and takes the run that is open.
  await clickMenu(running.app, 'view.start')
  await expect(page.getByRole('article', { name: 'Start' })).toBeVisible()
  await expect(page.getByTestId('tour-offer')).toHaveCount(0)
  await clickMenu(running.app, 'help.tour')
  await expect(page.getByTestId('tour').getByRole('button', { name: 'Next' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await runPanel(page)
  await expect(documents(page).getByRole('button', { name: /first-fit/ })).toHaveCount(1)
})

test('keys are changed, taken from another command, remembered, and given back', async () => {
  running = await launchApp()
  const first = running
  const dialog = first.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await first.page.keyboard.press('F1')
  await dialog.getByRole('searchbox').fill('console')
  await dialog.getByRole('button', { name: /^Keys of New console/ }).focus()
  await first.page.keyboard.press('Enter')
  await expect(dialog.getByText('Press keys…')).toBeVisible()
  await first.page.keyboard.press('Tab')
  await expect(dialog.getByRole('alert')).toContainText('belongs to lists')
  await first.page.keyboard.press('Control+n')
  await expect(dialog.getByRole('alert')).toContainText('Ctrl+N belongs to: Simulate a heap')
  await first.page.keyboard.press('Enter')
  await expect(dialog.getByRole('button', { name: 'Keys of New console: Ctrl+N. Change' })).toBeFocused()
  await dialog.getByRole('searchbox').fill('')
  await checkAxe(first.page)
  await shoot(first, 'shortcuts', { schemes: ['light', 'dark'] })
  await first.page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await first.page.keyboard.press('Control+n')
  await expect(first.page.getByRole('dialog', { name: /console/i })).toBeVisible()
  const accelerators = () => running.app.evaluate(({ Menu }) => ['console.new', 'simulate.new'].map((id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.accelerator ?? null))
  await expect.poll(accelerators).toEqual(['CmdOrCtrl+N', null])
  await first.close()

  running = await launchApp({ userData: first.userData })
  const { page } = running
  await expect(page.getByRole('article', { name: 'Start' })).toBeVisible()
  await page.keyboard.press('F1')
  await page.getByRole('button', { name: 'All defaults (2 changed)' }).click()
  await expect(page.getByRole('button', { name: 'All defaults', exact: true })).toBeDisabled()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+n')
  await expect(page.getByRole('tab', { name: /Simulate/ })).toBeVisible()
  expect(await accelerators()).toEqual(['CmdOrCtrl+Shift+N', 'CmdOrCtrl+N'])
  await running.close()
})

/** Sizes in CSS pixels of what a screen of 3840 x 2160 shows at each scale, and of the smallest window. */
const SCALES = [[1, 1920, 1080], [1.5, 1280, 800], [2, 1920, 1080], [3, 1280, 720]] as const

test('high contrast, and scales from 100 to 300 %: nothing leaves the window, pictures stay sharp', async ({ sharedApp }) => {
  running = sharedApp
  const { page, app } = running
  await page.getByTestId('example-checkerboard').click()
  await runPanel(page)
  await clickMenu(app, 'view.contrastMore')
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await checkAxe(page, ['color-contrast'])
  }
  await shoot(running, 'high-contrast', { schemes: ['light', 'dark'] })
  await clickMenu(app, 'view.contrastSystem')
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'normal')

  const session = await page.context().newCDPSession(page)
  for (const [deviceScaleFactor, width, height] of SCALES) {
    await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor, mobile: false })
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio])).toEqual([width, height, deviceScaleFactor])
    const canvas = page.getByRole('application', { name: 'Memory map' }).locator('canvas').first()
    await expect.poll(() => canvas.evaluate((element: HTMLCanvasElement) => [element.width - Math.round(element.clientWidth * devicePixelRatio), element.height - Math.round(element.clientHeight * devicePixelRatio)])).toEqual([0, 0])
    const outside = (): Promise<string[]> => page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('header, header *, nav, footer, main, [data-testid="run-view"], [data-testid="metrics"]')]
      return all.map((element) => ({ at: element.getBoundingClientRect(), name: element.className })).filter(({ at }) => at.width > 0 && (at.right > innerWidth + 1 || at.bottom > innerHeight + 1)).map(({ name }) => name)
    })
    await expect.poll(outside).toEqual([])
    if (IS_THOROUGH) await page.screenshot({ path: `out/reports/screens/scale-${deviceScaleFactor * 100}.png`, animations: 'disabled' })
  }
  await session.detach()
})
