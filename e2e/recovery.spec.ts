import { expect, test } from '@playwright/test'
import type { ElectronApplication, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { launchApp, shoot, temporaryFolder, type RunningApp } from './app'
import { checkAxe } from './axe'
import { runPanel, simulate } from './window'

/* Nothing that is open is lost: not when the engine dies, not when the whole program does. */

/** Live bytes go 100, 150, 350, 300, 308, 8. */
const REP = '20000\n3\n6\n1\na 0 100\na 1 50\nr 0 300\nf 1\na 2 8\nf 0\n'

let running: RunningApp
test.afterEach(() => running.close())

const enginePid = (app: ElectronApplication): Promise<number> =>
  app.evaluate((electron) => electron.app.getAppMetrics().find(({ name }) => name === 'Heapscape engine')!.pid)

async function openTraceAndRun(): Promise<void> {
  const file = path.join(temporaryFolder(), 'small.rep')
  fs.writeFileSync(file, REP)
  running = await launchApp({ files: [file] })
  await expect(running.page.getByRole('article', { name: 'Trace small.rep' })).toBeVisible()
  await running.page.getByRole('button', { name: 'Simulate' }).first().click()
  await simulate(running.page, { input: 'small.rep', heap: 'Best fit' })
}

/** All figures of the run in front, once they are there. */
async function figures(page: Page): Promise<string> {
  await runPanel(page)
  await expect(page.getByTestId('metrics')).toContainText('committed')
  return page.getByTestId('metrics').innerText()
}

test('the engine dies: every document says so and all come back, with the same numbers', async () => {
  await openTraceAndRun()
  const { page, app } = running
  await page.getByTestId('simulation-result').getByRole('button').click()
  const before = await figures(page)
  process.kill(await enginePid(app), 'SIGKILL')
  const again = page.getByRole('button', { name: 'Open all 2 again' })
  await expect(again).toBeVisible()
  await checkAxe(page)
  await again.click()
  await expect(page.getByTestId('run-view')).toBeVisible()
  await expect.poll(() => figures(page)).toBe(before)
})

test('the program dies: the next start offers what was open', async () => {
  await openTraceAndRun()
  await running.page.getByTestId('simulation-result').getByRole('button').click()
  const before = await figures(running.page)
  const record = path.join(running.userData, 'session.json')
  await expect.poll(() => (fs.existsSync(record) ? fs.readFileSync(record, 'utf8') : '')).toContain('best-fit')
  const ended = new Promise((resolve) => running.app.process().once('exit', resolve))
  running.app.process().kill('SIGKILL')
  await ended

  running = await launchApp({ userData: running.userData })
  const { page } = running
  const last = page.getByTestId('last-session')
  await expect(last).toContainText('ended without being closed. small.rep, best-fit on small.rep were open.')
  await shoot(running, 'start-after-crash', { schemes: ['light', 'dark'] })
  await checkAxe(page)
  await last.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByTestId('run-view')).toBeVisible()
  await expect.poll(() => figures(page)).toBe(before)
  await expect(page.locator('.dv-tab', { hasText: 'small.rep' }).first()).toBeVisible()

  await running.close()
  running = await launchApp({ userData: running.userData })
  await expect(running.page.getByTestId('last-session')).toContainText('Before Heapscape was closed')
})
