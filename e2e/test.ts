import { expect, test as base } from '@playwright/test'
import type { HostBridge } from '../shared/ipc/host-api'
import { clickMenu, launchApp, stubOpenDialog, stubSaveDialog, type RunningApp } from './app'

export { expect }

interface SharedApp extends RunningApp {
  readonly bounds: Electron.Rectangle
  isUsed: boolean
}

/*
 * One application for all tests of a worker that need no start, arguments or folder of user data of their own: a start takes
 * longer than most tests. Each test finds it as it was after its start (`renewApp`); after a failure there is a new worker, and
 * with it a new application. All specs take `test` from here, because workers are kept only for tests of the same fixtures.
 */
export const test = base.extend<{ sharedApp: RunningApp }, { workerApp: SharedApp }>({
  workerApp: [
    // Playwright wants the pattern.
    async ({}, use) => {
      const running = await launchApp()
      const bounds = await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())
      await use({ ...running, bounds, isUsed: false })
      await running.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  sharedApp: async ({ workerApp }, use) => use(await asAfterStart(workerApp)),
})

/** The worker's application as it was after its start; for hooks before all tests of a spec. */
export async function asAfterStart(running: SharedApp): Promise<RunningApp> {
  if (running.isUsed) {
    // A window that closes is still among them when its page is gone.
    await running.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows().find((window) => !window.isDestroyed() && !window.webContents.isDestroyed() && window.webContents.getURL().includes('/index.html'))!.setBounds(bounds), running.bounds)
    await renewApp(running)
  }
  running.isUsed = true
  return running
}

/** Closes what is open, forgets settings and recent files, and loads the page anew. */
export async function renewApp({ app, page, forgetComplaints }: RunningApp): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => !window.isDestroyed() && !window.webContents.isDestroyed() && !window.webContents.getURL().includes('/index.html')).forEach((window) => window.close()))
  await expect.poll(() => app.windows().length).toBe(1)
  // With its tab a document leaves the engine too, and a simulated heap its process.
  const tabs = page.locator('.dv-tab')
  for (let open = await tabs.count(); open > 0; open = await tabs.count()) {
    await clickMenu(app, 'file.closeDocument')
    await expect.poll(() => tabs.count()).toBeLessThan(open)
  }
  await stubOpenDialog(app, [])
  await stubSaveDialog(app, null)
  await page.emulateMedia({ colorScheme: null })
  await page.evaluate(async () => {
    const { host } = window as unknown as { readonly host: HostBridge }
    await host.call('changeSettings', { theme: 'system', contrast: 'system', layout: '', filters: [], keys: {}, tourSeen: false, askBeforeClosing: true })
    await host.call('clearRecent', undefined)
  })
  await page.reload()
  await page.locator('[role="tab"]').first().waitFor()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.focus())
  forgetComplaints()
}
