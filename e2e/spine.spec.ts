import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, dropFiles, launchApp, stubOpenDialog, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { expect, renewApp, test } from './test'
import { chooseInput, documents, openFiles, runPanel, settledMetrics, simulate, tab } from './window'

/** A trace with known figures: live bytes go 100, 150, 350, 300, 308, 8. */
const SMALL_TRACE = '20000\n3\n6\n1\na 0 100\na 1 50\nr 0 300\nf 1\na 2 8\nf 0\n'

let running: RunningApp
let folder: string

const file = (name: string, content: string | Buffer = SMALL_TRACE): string => {
  const full = path.join(folder, name)
  fs.writeFileSync(full, content)
  return full
}

test.beforeEach(() => {
  folder = temporaryFolder()
})

async function expectSmallTrace(): Promise<void> {
  const trace = running.page.getByRole('article', { name: 'Trace small.rep' })
  await expect(trace).toBeVisible()
  await expect(trace).toContainText('6 events')
  await expect(trace).toContainText('350 B')
}

test('opens a trace by the menu', async ({ sharedApp }) => {
  running = sharedApp
  await stubOpenDialog(running.app, [file('small.rep')])
  await clickMenu(running.app, 'file.open')
  await expectSmallTrace()
})

test('opens a trace by dropping it', async ({ sharedApp }) => {
  running = sharedApp
  await expect(running.page.getByRole('article', { name: 'Start' })).toBeVisible()
  await dropFiles(running.page, [file('small.rep')])
  await expectSmallTrace()
})

test('opens a trace by the command line, and lists it as recent at the next start', async () => {
  running = await launchApp({ files: [file('small.rep')] })
  await expectSmallTrace()
  await running.close()
  running = await launchApp({ userData: running.userData })
  await running.page.getByRole('region', { name: 'Recent files' }).getByRole('button', { name: /small\.rep/ }).click()
  await expectSmallTrace()
  await running.close()
})

test('simulates with two heaps, scrubs, compares', async ({ sharedApp }) => {
  running = sharedApp
  const { page } = running
  await clickMenu(running.app, 'simulate.new')
  await simulate(page, { input: 'G1', heap: 'First fit' })
  await expect(page.getByTestId('simulation-result')).toHaveCount(1)
  await simulate(page, { input: 'G1', heap: 'Best fit' })
  await expect(page.getByTestId('simulation-result')).toHaveCount(2)

  await documents(page).getByRole('button', { name: /first-fit/ }).click()
  const run = await runPanel(page)
  await page.getByTestId('event-input').fill('100')
  await page.getByTestId('event-input').press('Enter')
  await expect(run).toHaveAttribute('data-shown-event', '100')
  await expect(page.getByTestId('metric-M1')).toContainText('in 100 blocks')
  await page.getByRole('group', { name: 'Go to event' }).getByRole('button', { name: 'Peak footprint' }).click()
  await expect(run).toHaveAttribute('data-shown-event', '5518')
  await expect(page.getByTestId('metric-M2')).toContainText('316 KiB')
  const sums = page.getByTestId('selection-sums')
  await expect(sums).toContainText('720 blocks · 323,600 B')
  await page.keyboard.press('[')
  await expect(run).toHaveAttribute('data-shown-event', '5517')

  await clickMenu(running.app, 'compare.new')
  await expect(page.getByText('B needs 20,480 bytes less (−6.3 %)')).toBeVisible()
  await expect(page.getByRole('row', { name: /^M2 Committed bytes 323,600 303,120 −20,480/ })).toBeVisible()
})

test('saves, closes, reopens with the same numbers', async ({ sharedApp }) => {
  running = sharedApp
  const { page } = running
  await clickMenu(running.app, 'simulate.new')
  await simulate(page, { input: 'G5', heap: 'Binary buddies' })
  await page.getByTestId('simulation-result').getByRole('button').click()
  const run = await runPanel(page)
  await page.getByTestId('event-input').fill('4242')
  await page.getByTestId('event-input').press('Enter')
  await expect(run).toHaveAttribute('data-shown-event', '4242')
  const before = await settledMetrics(page)
  const target = path.join(folder, 'stairs.heapscape')
  await stubSaveDialog(running.app, target)
  await clickMenu(running.app, 'file.save')
  await expect(tab(page, 'stairs.heapscape')).toBeVisible()
  await renewApp(running)
  await openFiles(running, [target])
  const reopened = await runPanel(running.page)
  await expect(reopened).toHaveAttribute('data-shown-event', '4242')
  await expect.poll(() => settledMetrics(running.page)).toBe(before)
})

test('pops a document out into its own window, which stays alive', async ({ sharedApp }) => {
  running = sharedApp
  const { page, app } = running
  await page.getByRole('button', { name: /^Checkerboard/ }).click()
  await runPanel(page)
  const opened = app.waitForEvent('window')
  await clickMenu(app, 'view.popOut')
  const popped = await opened
  const run = popped.getByTestId('run-view')
  await expect(run).toBeVisible()
  await popped.getByTestId('event-input').fill('10')
  await popped.getByTestId('event-input').press('Enter')
  await expect(run).toHaveAttribute('data-shown-event', '10')
  await expect(popped.getByRole('grid', { name: 'Blocks' }).getByRole('row')).not.toHaveCount(0)
})

test('cancels a running simulation and goes on', async ({ sharedApp }) => {
  running = sharedApp
  await openFiles(running, [file('long.rep', longTrace())])
  const { page } = running
  await expect(page.getByRole('article', { name: 'Trace long.rep' })).toBeVisible({ timeout: 30_000 })
  await clickMenu(running.app, 'simulate.new')
  await simulate(page, { input: 'long.rep', heap: 'Worst fit' })
  await page.getByRole('region', { name: 'Results' }).getByRole('button', { name: /Cancel/ }).click()
  await expect(page.getByRole('region', { name: 'Results' })).toContainText('cancelled')
  await simulate(page, { input: 'G7', heap: 'First fit' })
  await expect(page.getByTestId('simulation-result')).toBeVisible()
})

test('shows a damaged file with code, place and advice, and loses nothing open', async ({ sharedApp }) => {
  running = sharedApp
  await openFiles(running, [file('small.rep')])
  const { page } = running
  await expectSmallTrace()
  await dropFiles(page, [file('noise.heapscape', Buffer.from('PK\x03\x04 this is no heap file'))])
  const alert = page.getByRole('tabpanel', { name: 'noise.heapscape' })
  // It begins as archives do, and holds none.
  await expect(alert).toContainText('compression-failed')
  await documents(page).getByRole('button', { name: /small\.rep/ }).click()
  await expectSmallTrace()

  await clickMenu(running.app, 'simulate.new')
  await simulate(page, { input: 'small.rep', heap: 'First fit' })
  await page.getByTestId('simulation-result').getByRole('button').click()
  await runPanel(page)
  const whole = path.join(folder, 'whole.heapscape')
  await stubSaveDialog(running.app, whole)
  await clickMenu(running.app, 'file.save')
  await expect(tab(page, 'whole.heapscape')).toBeVisible()
  const bytes = fs.readFileSync(whole)
  bytes[Math.floor(bytes.length / 2)]! ^= 0xff
  await dropFiles(page, [file('bent.heapscape', bytes)])
  await expect(page.getByRole('tabpanel', { name: 'bent.heapscape' })).toContainText('format-corrupt')
})

test('works by keyboard alone: palette, form, run, scrub, table', async ({ sharedApp }) => {
  running = sharedApp
  const { page } = running
  await expect(page.getByRole('article', { name: 'Start' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('simulate')
  await page.keyboard.press('Enter')
  const replay = page.getByRole('combobox', { name: 'Replay' })
  await expect(replay).toBeVisible()
  await chooseInput(page, 'G6')
  await replay.focus()
  await pressUntilFocused('Run')
  await page.keyboard.press('Enter')
  const result = page.getByTestId('simulation-result').getByRole('button')
  await expect(result).toBeVisible()
  await pressUntilFocused(/G6/)
  await page.keyboard.press('Enter')
  const run = await runPanel(page)
  const shown = Number(await run.getAttribute('data-shown-event'))
  await page.keyboard.press('[')
  await expect(run).toHaveAttribute('data-shown-event', String(shown - 1))
  await page.keyboard.press('Shift+}')
  await expect(run).toHaveAttribute('data-shown-event', String(shown))
  const grid = page.getByRole('grid', { name: 'Blocks' })
  await grid.focus()
  await page.keyboard.press('End')
  const rows = Number(await grid.getAttribute('aria-rowcount'))
  await expect(grid.locator(`[aria-rowindex="${rows}"]`)).toBeVisible()
})

/** Tab until a button of this name has the focus; a person would do no other. */
async function pressUntilFocused(name: string | RegExp): Promise<void> {
  const wanted = running.page.getByRole('button', { name, exact: typeof name === 'string' }).last()
  for (let presses = 0; presses < 80; presses++) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await running.page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches ${String(name)}`)
}

/** Three million events: long enough to be cancelled on any machine. */
function longTrace(): string {
  const operations = 3_000_000
  const live = 20_000
  const lines = ['0', String(operations), String(operations), '1']
  for (let i = 0; i < operations / 2; i++) {
    lines.push(`a ${i} ${16 + ((i * 7919) % 2000)}`)
    if (i >= live) lines.push(`f ${i - live}`)
  }
  lines[2] = String(lines.length - 4)
  return `${lines.join('\n')}\n`
}
