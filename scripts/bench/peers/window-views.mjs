// node window-views.mjs DIST_FOLDER APPLICATION FILE [ELECTRON_ARGUMENT...]: opens a run in the built application as a person does, moves
// map and table, and prints what it took as one line of JSON. A process of its own, because Playwright reads which Electron to start
// from the environment and is not to be bundled.
import { atRest, enginePidOf, inBenchWindow, MAP, openFile, residentMegabytes, showTable, TABLE, timedRows } from './bench-window.mjs'
import { framesExpression } from './frame-recorder.mjs'

const [distFolder = '', application = '', file = '', ...electronArguments] = process.argv.slice(2)

const FRAMES_MS = 4000
const wheel = (/** @type {string} */ element, /** @type {string} */ init) => `${element}.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ...(${init}) }))`

/** Over everything that follows in the page, not only while frames are recorded. */
const WATCH_TASKS = `(() => {
  globalThis.benchLongestTaskMs = 0
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) globalThis.benchLongestTaskMs = Math.max(globalThis.benchLongestTaskMs, duration) }).observe({ entryTypes: ['longtask'] })
})()`
/** A task that ends now is told a moment later. The highest since the last time. */
const LONGEST_TASK = `new Promise((resolve) => setTimeout(() => { resolve(globalThis.benchLongestTaskMs); globalThis.benchLongestTaskMs = 0 }, 100))`

await inBenchWindow({ distFolder, application, electronArguments }, async (app, page) => {
  const frames = (/** @type {string} */ act) => page.evaluate(framesExpression(act, FRAMES_MS))
  const enginePid = await enginePidOf(app)
  const emptyMegabytes = residentMegabytes(enginePid)
  /** @type {Record<string, unknown>} */
  const found = {}
  /** @type {Record<string, number>} */
  const longestTasksMs = {}
  const tasksOf = async (/** @type {string} */ during) => {
    longestTasksMs[during] = Number(await page.evaluate(LONGEST_TASK))
  }
  await page.evaluate(WATCH_TASKS)

  found['openMs'] = await openFile(app, page, file)
  await atRest(page)
  await tasksOf('open')
  found['idle'] = await frames('() => undefined')
  await frames(`(frame) => ${wheel(MAP, `{ deltaY: frame % 40 < 20 ? -100 : 100, clientX: 600, clientY: 400 }`)}`)
  found['zoom'] = await frames(`(frame) => ${wheel(MAP, `{ deltaY: frame % 40 < 20 ? -100 : 100, clientX: 600, clientY: 400 }`)}`)
  for (let step = 0; step < 6; step++) await page.getByTestId('map-zoom-in').click()
  found['pan'] = await frames(`(frame) => ${wheel(MAP, `{ deltaY: frame % 120 < 60 ? 40 : -40, shiftKey: true }`)}`)
  await tasksOf('map')

  await showTable(page)
  found['scroll'] = await frames(`(frame) => ${wheel(TABLE, '{ deltaY: frame % 240 < 120 ? 120 : -120 }')}`)
  found['jump'] = await frames(`(frame) => { ${TABLE}.scrollTop = (${TABLE}.scrollHeight * ((frame * 37) % 200)) / 200 }`)
  await page.evaluate(`${TABLE}.scrollTop = 0`)
  await showTable(page)
  await tasksOf('table')
  for (const column of ['size', 'birth', 'site']) {
    found[`sort by ${column}`] = await timedRows(page, () => page.getByTestId(`sort-${column}`).click())
    await atRest(page)
  }
  await tasksOf('sort')
  await page.getByTestId('filter-text').fill('size > 100 and state = busy')
  found['filter'] = await timedRows(page, () => page.getByTestId('filter-text').press('Enter'))
  await atRest(page)
  await tasksOf('filter')
  found['engineMegabytes'] = residentMegabytes(enginePid) - emptyMegabytes
  found['longestTasksMs'] = longestTasksMs
  return found
})
