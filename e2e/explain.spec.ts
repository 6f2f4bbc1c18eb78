import { expect, test } from '@playwright/test'
import { clickMenu, launchApp, type RunningApp } from './app'
import { judge } from './judge'
import { runPanel, simulate } from './window'

/* Why here, why now: asked and read by keyboard alone, on a run of the glibc-like heap. */
let running: RunningApp
test.beforeEach(async () => {
  running = await launchApp()
})
test.afterEach(() => running.close())
test.setTimeout(240_000)

test('the reason of a block and of the last growth, by keyboard', async () => {
  const { page } = running
  await clickMenu(running.app, 'simulate.new')
  await simulate(page, { input: /G1/, heap: 'ptmalloc-like (Linux, glibc)' })
  await page.getByTestId('simulation-result').getByRole('button').click()
  await runPanel(page)
  await page.keyboard.press('Alt+Home')
  await page.keyboard.press('w')
  const why = page.getByTestId('why')
  await expect(why.getByTestId('why-block')).toHaveText('Select a block to read why it lies where it does.')
  await expect(why).toContainText('The heap has taken no memory up to this event.')

  await clickMenu(running.app, 'run.nextGrowth')
  await expect(why.getByTestId('why-growth')).toHaveText('Event 1: The first request: the heap starts with 135,168 bytes.')
  await clickMenu(running.app, 'run.nextGrowth')
  await expect(why.getByTestId('why-growth')).toContainText('Neither bins nor top had')
  await expect(page.getByTestId('run-view')).not.toHaveAttribute('data-shown-event', '1')

  await clickMenu(running.app, 'run.focusTable')
  await expect(page.getByTestId('block-table')).toBeFocused()
  await page.keyboard.press('Home')
  await expect(page.getByTestId('selected-block')).toContainText('0x')
  await page.keyboard.press('ArrowDown')
  await expect(why.getByTestId('why-block')).toHaveText(/cut from the top|thread cache|left of the last split|Only blocks of the program/)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(why.getByTestId('why-block')).toHaveText(/No bin had a chunk: [\d,]+ bytes cut from the top, where [\d,]+ bytes stayed\./)
  await judge(running, 'explain')
})
