// The built application in a window of its own, for the programs that measure it: started, a file opened as a person does, states of
// the page waited for. Playwright reads which Electron to start from the environment and is not to be bundled.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** @typedef {import('@playwright/test').ElectronApplication} ElectronApplication */
/** @typedef {import('@playwright/test').Page} Page */

const SLOW_MS = Number(process.env['HEAPSCAPE_BENCH_PATIENCE_MS'] ?? 300_000)
export const MAP = `document.querySelector('[data-testid="memory-map"]')`
export const TABLE = `document.querySelector('[data-testid="block-table"]')`

/** @param {number} pid @returns {number} resident bytes in millions; NaN where the system does not tell */
export const residentMegabytes = (pid) =>
  process.platform === 'linux' ? (Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6 : NaN

/**
 * Frame by frame, so that nothing is told before it can be seen; the page's content policy knows no evaluation, so
 * Playwright's own waiting cannot be used.
 * @param {Page} page @param {string} until an expression of the page
 */
export function reached(page, until) {
  const waiting = page.evaluate(`new Promise((resolve) => { const look = () => ((${until}) ? resolve() : requestAnimationFrame(look)); look() })`)
  waiting.catch(() => undefined)
  const tooLong = new Promise((_, reject) => setTimeout(() => reject(new Error(`not reached: ${until}`)), SLOW_MS).unref())
  return Promise.race([waiting, tooLong])
}

/** Milliseconds from doing something to the page's state that `until` tells. @param {Page} page @param {() => Promise<unknown>} work @param {string} until */
export async function timed(page, work, until) {
  const startMs = performance.now()
  await work()
  await reached(page, until)
  return performance.now() - startMs
}

/**
 * Milliseconds until the table shows the rows of another question than before: a new order, filter or moment, also where the
 * text of its rows is the same.
 * @param {Page} page @param {() => Promise<unknown>} work
 */
export async function timedRows(page, work) {
  const shown = `Number(${TABLE}?.dataset.shownQuery ?? 0)`
  const before = Number(await page.evaluate(shown))
  return timed(page, work, `${shown} > ${before}`)
}

/** Nothing in the window says that it is still at work. @param {Page} page */
export const atRest = (page) => reached(page, `!document.querySelector('[role="progressbar"]')`)

/** @param {ElectronApplication} app @param {string} id of the menu's item */
export const menuCommand = (app, id) => app.evaluate(({ Menu }, item) => /** @type {() => void} */ (Menu.getApplicationMenu()?.getMenuItemById(item)?.click)(), id)

/** Milliseconds from the menu's command to the painted map. @param {ElectronApplication} app @param {Page} page @param {string} file */
export async function openFile(app, page, file) {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] })
  }, file)
  return timed(page, () => menuCommand(app, 'file.open'), `${MAP}?.dataset.painted === 'true'`)
}

/** @param {Page} page */
export async function showTable(page) {
  const table = page.getByTestId('block-table')
  if (!(await table.isVisible())) await page.getByRole('tab', { name: 'Blocks' }).click()
  await table.waitFor({ timeout: SLOW_MS })
  await reached(page, `document.querySelector('[data-testid="block-table"] [role="row"][aria-rowindex="2"]:not([aria-busy])')?.textContent`)
}

/** Not one of the browser's own services. @param {ElectronApplication} app @returns {Promise<number>} */
export async function enginePidOf(app) {
  const pid = await app.evaluate(({ app: electron }) => electron.getAppMetrics().find(({ type, name, serviceName }) => type === 'Utility' && [name, serviceName].includes('Heapscape engine'))?.pid)
  if (pid === undefined) throw new Error('the engine process is not there')
  return pid
}

/**
 * @param {{ distFolder: string, application: string, electronArguments: readonly string[], environment?: Record<string, string> }} what
 * @param {(app: ElectronApplication, page: Page) => Promise<unknown>} measure what it gives is printed as one line of JSON
 */
export async function inBenchWindow({ distFolder, application, electronArguments, environment = {} }, measure) {
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = distFolder
  const { _electron } = await import('@playwright/test')
  const userData = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-bench-window-'))
  const app = await _electron.launch({ args: [...electronArguments, application], cwd: application, env: /** @type {Record<string, string>} */ ({ ...process.env, ...environment, HEAPSCAPE_USER_DATA: userData }) })
  try {
    const page = await app.firstWindow()
    await page.setViewportSize({ width: 1280, height: 800 }).catch(() => undefined)
    await page.getByRole('navigation', { name: 'Documents' }).waitFor()
    console.log(JSON.stringify(await measure(app, page)))
  } catch (error) {
    // What still waits for the page fails with it; this is what came first.
    console.error(error)
    process.exitCode = 1
  } finally {
    await app.close()
    fs.rmSync(userData, { recursive: true, force: true, maxRetries: 3 })
  }
}
