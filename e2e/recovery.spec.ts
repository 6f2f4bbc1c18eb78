import type { ElectronApplication, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, launchApp, shoot, temporaryFolder, type RunningApp } from './app'
import { checkAxe } from './axe'
import { enter, openConsole } from './process-window'
import { expect, test } from './test'
import { runPanel, settledMetrics, simulate, tab } from './window'

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
  return settledMetrics(page)
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

test('the page dies: its successor offers what was open, and makes it again', async () => {
  await openTraceAndRun()
  const { app, userData } = running
  await expect.poll(() => fs.readFileSync(path.join(userData, 'session.json'), 'utf8')).toContain('best-fit')
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents
    contents.once('render-process-gone', () => contents.once('did-finish-load', () => Object.assign(globalThis, { pageIsBack: true })))
    contents.forcefullyCrashRenderer()
  })
  await expect.poll(() => app.evaluate(() => 'pageIsBack' in globalThis)).toBe(true)
  // Playwright does not follow a page that crashed, so its successor is seen and used through the main process.
  const inPage = (script: string): Promise<unknown> => app.evaluate(({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code) as Promise<unknown>, script)
  const last = `document.querySelector('[data-testid="last-session"]')`
  await expect.poll(() => inPage(`${last}?.textContent`)).toContain('The window’s process failed. small.rep, best-fit on small.rep were open.')
  await inPage(`${last}.querySelector('button').click()`)
  await expect.poll(() => inPage(`document.querySelector('[data-testid="run-view"]')?.dataset.shownEvent`)).toMatch(/^\d+$/)
  expect(await inPage(`${last} === null`)).toBe(true)
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

interface Question {
  readonly message: string
  readonly detail: string
}

/** The question at closing is answered with this button from now on, and kept in the main process. */
const answerQuestions = (app: ElectronApplication, response: number): Promise<void> =>
  app.evaluate(({ dialog }, button) => {
    const asked: Question[] = ((globalThis as { asked?: Question[] }).asked = [])
    dialog.showMessageBox = (_window: unknown, question?: unknown) => {
      asked.push(question as Question)
      return Promise.resolve({ response: button, checkboxChecked: false })
    }
  }, response)

const asked = (app: ElectronApplication): Promise<Question[]> => app.evaluate(() => (globalThis as { asked?: Question[] }).asked ?? [])
const closeWindow = (app: ElectronApplication): Promise<void> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())

test('closing asks when calls of a console would be lost, and only then; the question can be turned off', async () => {
  await openTraceAndRun()
  const { page, app, userData } = running
  const panel = await openConsole(running)
  await enter(panel, 'p = HeapAlloc(heap, 0, 100)')
  await panel.getByRole('button', { name: 'Trace', exact: true }).click()
  await expect(tab(page, /^Calls of/)).toBeVisible()
  // What main knows is as old as its record; a run made afterwards shows that it is new enough.
  await page.getByRole('button', { name: 'Simulate' }).first().click()
  await simulate(page, { input: 'small.rep', heap: 'First fit' })
  await expect.poll(() => fs.readFileSync(path.join(userData, 'session.json'), 'utf8')).toContain('first-fit')

  await answerQuestions(app, 1)
  await closeWindow(app)
  await expect.poll(async () => (await asked(app)).length).toBe(1)
  const [question] = await asked(app)
  expect(question!.message).toMatch(/^Close without saving “Calls of .*”\?$/)
  expect(question!.detail).toContain('cannot be made again')
  await expect(tab(page, /^Calls of/)).toBeVisible()

  await clickMenu(app, 'file.askBeforeClosing')
  await expect.poll(() => fs.readFileSync(path.join(userData, 'settings.json'), 'utf8')).toContain('"askBeforeClosing": false')
  const ended = new Promise((resolve) => app.process().once('exit', resolve))
  await closeWindow(app).catch(() => undefined)
  await ended
})
