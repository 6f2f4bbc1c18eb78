// node window-rounds.mjs DIST_FOLDER APPLICATION FILE ROUNDS [ELECTRON_ARGUMENT...]: opens a run, goes to several of its events, filters
// and closes it, again and again in one window, and prints as one line of JSON what engine and page hold after each round: resident
// memory of their processes once garbage was collected in both, and what their scripts hold.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { atRest, enginePidOf, inBenchWindow, MAP, menuCommand, openFile, reached, residentMegabytes, showTable, timedRows } from './bench-window.mjs'
import { sizeByType } from './heap-profile.mjs'

/** @typedef {{ engineMegabytes: number, engineOpenMegabytes: number, pageMegabytes: number, engineHeldMegabytes: number, pageHeldMegabytes: number, pageCodeMegabytes: number, seconds: number }} Round */

const [distFolder = '', application = '', file = '', rounds = '10', ...electronArguments] = process.argv.slice(2)
/** The engine lets go of a closed document after the window did, and freed pages go back to the system a little later. */
const SETTLE_MS = 1500
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-bench-rounds-'))
const heldFile = path.join(folder, 'held.json')
const preload = fileURLToPath(new URL('./collectable-engine.cjs', import.meta.url))

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * What the page's scripts hold, in millions of bytes: their objects, and apart from them what V8 compiled of them. Taking it collects
 * garbage first.
 * @param {import('@playwright/test').CDPSession} session
 */
async function heldByPage(session) {
  /** @type {string[]} */
  const parts = []
  const keep = (/** @type {{ chunk: string }} */ { chunk }) => void parts.push(chunk)
  session.on('HeapProfiler.addHeapSnapshotChunk', keep)
  await session.send('HeapProfiler.takeHeapSnapshot')
  session.off('HeapProfiler.addHeapSnapshotChunk', keep)
  const sizes = sizeByType(JSON.parse(parts.join('')))
  const code = sizes.get('code') ?? 0
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  return { objects: (all - code) / 1e6, code: code / 1e6 }
}

/** What the engine's runtime still holds after it collected garbage, in millions of bytes. */
async function collectEngine() {
  fs.rmSync(heldFile, { force: true })
  fs.writeFileSync(`${heldFile}.ask`, '')
  for (let tries = 0; tries < 600 && !fs.existsSync(heldFile); tries++) await wait(50)
  /** @type {{ heapUsed: number, external: number }} */
  const { heapUsed, external } = JSON.parse(fs.readFileSync(heldFile, 'utf8'))
  return (heapUsed + external) / 1e6
}

try {
  const environment = { HEAPSCAPE_BENCH_HELD: heldFile }
  await inBenchWindow({ distFolder, application, electronArguments: [...electronArguments, '-r', preload], environment }, async (app, page) => {
    const enginePid = await enginePidOf(app)
    const pagePid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0)
    const session = await page.context().newCDPSession(page)

    const goThrough = async () => {
      await openFile(app, page, file)
      await atRest(page)
      await showTable(page)
      const shown = `document.querySelector('[data-testid="run-view"]')?.dataset.shownEvent`
      const last = Number(await page.evaluate(shown))
      for (const part of [0.25, 0.75, 0.5, 0.9, 0.1]) {
        const event = String(Math.floor(last * part))
        await timedRows(page, async () => {
          await page.getByTestId('event-input').fill(event)
          await page.getByTestId('event-input').press('Enter')
        })
        await reached(page, `${shown} === '${event}' && ${MAP}?.dataset.painted === 'true'`)
        await atRest(page)
      }
      await timedRows(page, () => page.getByTestId('sort-birth').click())
      await page.getByTestId('filter-text').fill('size > 100 and state = busy')
      await timedRows(page, () => page.getByTestId('filter-text').press('Enter'))
      await atRest(page)
    }

    /** @returns {Promise<Round>} */
    const round = async () => {
      const startMs = performance.now()
      await goThrough()
      const engineOpenMegabytes = residentMegabytes(enginePid)
      await menuCommand(app, 'file.closeDocument')
      await reached(page, `!${MAP}`)
      const seconds = (performance.now() - startMs) / 1000
      await wait(SETTLE_MS)
      const engineHeldMegabytes = await collectEngine()
      await session.send('HeapProfiler.collectGarbage')
      await wait(SETTLE_MS)
      const resident = { engineMegabytes: residentMegabytes(enginePid), pageMegabytes: residentMegabytes(pagePid) }
      const { objects, code } = await heldByPage(session)
      return { ...resident, engineOpenMegabytes, engineHeldMegabytes, pageHeldMegabytes: objects, pageCodeMegabytes: code, seconds }
    }
    /** @type {Round[]} */
    const found = []
    for (let number = 1; number <= Number(rounds); number++) {
      found.push(await round())
      console.error(`round ${number}: ${JSON.stringify(found.at(-1))}`)
    }
    return { rounds: found }
  })
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
