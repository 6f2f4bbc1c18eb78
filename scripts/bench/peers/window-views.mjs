// node window-views.mjs DIST_FOLDER APPLICATION FILE [ELECTRON_ARGUMENT...]: opens a run in the built application as a person does, moves
// map and table, and prints what it took as one line of JSON. A process of its own, because Playwright reads which Electron to start
// from the environment and is not to be bundled.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { framesExpression } from './frame-recorder.mjs'

const [distFolder = '', application = '', file = '', ...electronArguments] = process.argv.slice(2)
process.env['ELECTRON_OVERRIDE_DIST_PATH'] = distFolder
const { _electron } = await import('@playwright/test')

const FRAMES_MS = 4000
const SLOW_MS = Number(process.env['HEAPSCAPE_BENCH_PATIENCE_MS'] ?? 300_000)
const MAP = `document.querySelector('[data-testid="memory-map"]')`
const TABLE = `document.querySelector('[data-testid="block-table"]')`
const wheel = (/** @type {string} */ element, /** @type {string} */ init) => `${element}.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ...(${init}) }))`

/** @param {readonly number[]} pids @returns {number} resident bytes in millions; NaN where the system does not tell */
const residentMegabytes = (pids) =>
  process.platform === 'linux' ? pids.reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024, 0) / 1e6 : NaN

const userData = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-bench-window-'))
const app = await _electron.launch({ args: [...electronArguments, application], cwd: application, env: /** @type {Record<string, string>} */ ({ ...process.env, HEAPSCAPE_USER_DATA: userData }) })
try {
  const page = await app.firstWindow()
  await page.setViewportSize({ width: 1280, height: 800 }).catch(() => undefined)
  await page.getByRole('navigation', { name: 'Documents' }).waitFor()
  const frames = (/** @type {string} */ act) => page.evaluate(framesExpression(act, FRAMES_MS))
  const enginePids = await app.evaluate(({ app: electron }) => electron.getAppMetrics().filter(({ type }) => type === 'Utility').map(({ pid }) => pid))
  const emptyMegabytes = residentMegabytes(enginePids)
  /** @type {Record<string, unknown>} */
  const found = {}

  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] })
  }, file)
  /** Looked at frame by frame; the page's content policy knows no evaluation, so Playwright's own waiting cannot be used. */
  const reached = (/** @type {string} */ until) => {
    const waiting = page.evaluate(`new Promise((resolve) => { const look = () => ((${until}) ? resolve() : requestAnimationFrame(look)); look() })`)
    waiting.catch(() => undefined)
    const tooLong = new Promise((_, reject) => setTimeout(() => reject(new Error(`not reached: ${until}`)), SLOW_MS).unref())
    return Promise.race([waiting, tooLong])
  }
  /** Milliseconds from doing something to the page's state that `until` tells. */
  const timed = async (/** @type {() => Promise<unknown>} */ work, /** @type {string} */ until) => {
    const startMs = performance.now()
    await work()
    await reached(until)
    return performance.now() - startMs
  }
  const opening = page.evaluate(framesExpression('() => undefined', 1500))
  opening.catch(() => undefined)
  found['openMs'] = await timed(
    () => app.evaluate(({ Menu }) => /** @type {() => void} */ (Menu.getApplicationMenu()?.getMenuItemById('file.open')?.click)()),
    `${MAP}?.dataset.painted === 'true'`,
  )
  found['opening'] = await opening
  await reached(`!document.querySelector('[role="progressbar"]')`)
  found['idle'] = await frames('() => undefined')
  await frames(`(frame) => ${wheel(MAP, `{ deltaY: frame % 40 < 20 ? -100 : 100, clientX: 600, clientY: 400 }`)}`)
  found['zoom'] = await frames(`(frame) => ${wheel(MAP, `{ deltaY: frame % 40 < 20 ? -100 : 100, clientX: 600, clientY: 400 }`)}`)
  for (let step = 0; step < 6; step++) await page.getByTestId('map-zoom-in').click()
  found['pan'] = await frames(`(frame) => ${wheel(MAP, `{ deltaY: frame % 120 < 60 ? 40 : -40, shiftKey: true }`)}`)

  await page.getByTestId('block-table').waitFor({ timeout: SLOW_MS }).catch(async () => {
    await page.getByRole('tab', { name: 'Blocks' }).click()
    await page.getByTestId('block-table').waitFor({ timeout: SLOW_MS })
  })
  const firstRow = `document.querySelector('[data-testid="block-table"] [role="row"][aria-rowindex="2"]:not([aria-busy])')?.textContent`
  await reached(firstRow)
  found['scroll'] = await frames(`(frame) => ${wheel(TABLE, '{ deltaY: frame % 240 < 120 ? 120 : -120 }')}`)
  found['jump'] = await frames(`(frame) => { ${TABLE}.scrollTop = (${TABLE}.scrollHeight * ((frame * 37) % 200)) / 200 }`)
  await page.evaluate(`${TABLE}.scrollTop = 0`)
  await reached(firstRow)
  const rowText = () => page.evaluate(firstRow)
  for (const column of ['size', 'birth', 'site']) {
    const before = await rowText()
    const recording = page.evaluate(framesExpression('() => undefined', 3000))
    found[`sort by ${column}`] = await timed(() => page.getByTestId(`sort-${column}`).click(), `${firstRow} !== undefined && ${firstRow} !== ${JSON.stringify(before)}`)
    found[`while sorting by ${column}`] = await recording
  }
  const sums = `document.querySelector('[data-testid="selection-sums"]')?.textContent`
  const before = await page.evaluate(sums)
  found['filter'] = await timed(async () => {
    await page.getByTestId('filter-text').fill('size > 100 and state = free')
    await page.keyboard.press('Enter')
  }, `${sums} !== ${JSON.stringify(before)}`)
  found['engineMegabytes'] = residentMegabytes(enginePids) - emptyMegabytes
  console.log(JSON.stringify(found))
} catch (error) {
  // What still waits for the page fails with it; this is what came first.
  console.error(error)
  process.exitCode = 1
} finally {
  await app.close()
  fs.rmSync(userData, { recursive: true, force: true, maxRetries: 3 })
}
