import type { Locator, Page } from '@playwright/test'
import { clickMenu, launchApp, type RunningApp } from './app'
import { judge } from './judge'
import { expect, test } from './test'
import { simulate, tab } from './window'

/*
 * The simulated process in the window: a heap for every document, the process walker, the console, the lessons.
 */
let running: RunningApp

test.beforeEach(async () => {
  running = await launchApp()
})
test.afterEach(() => running.close())

/** Opens a console through its dialog and gives its panel. */
async function openConsole(number: number, sizes: { initial?: string; maximum?: string } = {}): Promise<Locator> {
  const { page, app } = running
  await clickMenu(app, 'console.new')
  const dialog = page.getByRole('dialog', { name: 'New console' })
  if (sizes.initial !== undefined) await dialog.getByLabel('Initial size').fill(sizes.initial)
  if (sizes.maximum !== undefined) {
    await dialog.getByRole('radio', { name: 'fixed' }).check()
    await dialog.getByLabel('Maximum size').fill(sizes.maximum)
  }
  await dialog.getByRole('button', { name: 'Open the console' }).click()
  const panel = page.getByRole('article', { name: `Console ${number}` })
  await expect(panel.getByTestId('document-heap')).toHaveAttribute('data-heap', /^[1-9]/)
  await expect(panel).toHaveAttribute('data-busy', 'false')
  return panel
}

/** Types lines into the console's editor and carries them out. */
async function enter(panel: Locator, text: string): Promise<void> {
  const done = Number(await panel.getAttribute('data-position'))
  await panel.getByRole('textbox', { name: 'Next lines of the script' }).fill(text)
  await panel.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(panel).toHaveAttribute('data-position', String(done + text.split('\n').length))
  await expect(panel).toHaveAttribute('data-busy', 'false')
}

async function openWalker(page: Page): Promise<Locator> {
  await clickMenu(running.app, 'walker.new')
  const walker = page.getByTestId('walker').last()
  await expect(walker).toHaveAttribute('data-generation', /[1-9]/)
  return walker
}

async function refresh(walker: Locator): Promise<void> {
  const before = Number(await walker.getAttribute('data-generation'))
  await walker.getByRole('button', { name: 'Refresh' }).click()
  await expect(walker).toHaveAttribute('data-generation', String(before + 1))
}

const list = (walker: Locator): Locator => walker.getByTestId('walk-list')
const rowOf = (walker: Locator, text: string | RegExp): Locator => list(walker).getByRole('row').filter({ hasText: text })
/** Handles of the heaps in the sidebar, in their order. */
const heapHandles = (page: Page): Promise<string[]> => page.getByTestId('workspace-heap').evaluateAll((heaps) => heaps.map((heap) => heap.getAttribute('data-heap')!))

/** A Simulate document whose own heap holds blocks of a workload. */
async function openSimulation(page: Page, number: number): Promise<Locator> {
  await clickMenu(running.app, 'simulate.new')
  const panel = page.getByRole('article', { name: 'Simulate' }).last()
  await expect(panel.getByTestId('document-heap')).toHaveAttribute('data-heap', /^[1-9]/)
  await simulate(page, { input: 'G5', heap: 'First fit' })
  await expect(panel.getByTestId('replay-note')).toContainText('events')
  await expect(tab(page, `Simulate ${number}`)).toBeVisible()
  return panel
}

test('every document has a heap of its own, which goes with it; the others stay byte for byte, in windows of their own too', async () => {
  test.slow()
  const { page, app } = running
  const first = await openConsole(1)
  await enter(first, 'for i in 1..20: p[i] = HeapAlloc(heap, 0, 10 * i)\nWriteMemory(p[1], "first")')
  const second = await openConsole(2, { initial: '0x4000', maximum: '0x100000' })
  await expect(second.getByTestId('document-heap')).toContainText('HeapCreate(0, 0x4000, 0x100000), fixed')
  await enter(second, 'for i in 1..20: p[i] = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100)')
  await openSimulation(page, 1)
  await tab(page, 'Console 2').click()
  const opened = app.waitForEvent('window')
  await clickMenu(app, 'view.popOut')
  const popped = await opened
  const poppedConsole = popped.getByRole('article', { name: 'Console 2' })
  await expect(poppedConsole).toHaveAttribute('data-position', '1')

  await expect.poll(async () => new Set(await heapHandles(page)).size).toBe(4)
  const handles = await heapHandles(page)
  const walker = await openWalker(page)
  for (const name of ['Console 1: 20 blocks', 'Console 2: 20 blocks', /Simulate 1: [\d,]+ blocks/, 'Default heap: 0 blocks']) await expect(rowOf(walker, name)).toHaveCount(1)

  // Work in the window of its own is seen here, and nowhere but in its heap.
  await enter(poppedConsole, 'WriteMemory(p[20], "second")')
  await expect(walker.getByTestId('walk-status')).toContainText('moved on')
  await refresh(walker)
  await expect(walker).toHaveAttribute('data-changed-bytes', '6')
  await expect(rowOf(walker, /● 6$/).last()).toContainText('2segment 1')

  // A document with live blocks is closed: its heap goes, no byte of another one changes.
  await tab(page, 'Simulate 1').getByTestId('close-tab').click()
  await expect.poll(() => heapHandles(page)).toHaveLength(3)
  await refresh(walker)
  await expect(walker).toHaveAttribute('data-changed-bytes', '0')
  await expect(walker.getByTestId('walk-status')).toContainText(/regions? gone$/)
  await expect(rowOf(walker, 'Simulate 1:')).toHaveCount(0)
  await walker.getByRole('checkbox', { name: 'Only changed' }).check()
  await expect(rowOf(walker, "simulate 'Simulate 1' heap, segment 1").first()).toContainText('gone')

  // The same from its own window.
  await tab(popped, 'Console 2').getByTestId('close-tab').click()
  await expect.poll(() => heapHandles(page)).toHaveLength(2)
  for (const handle of await heapHandles(page)) expect(handles).toContain(handle)
  await refresh(walker)
  await expect(walker).toHaveAttribute('data-changed-bytes', '0')
  await expect(rowOf(walker, "console 'Console 2' heap, segment 1").first()).toContainText('gone')
  await expect(rowOf(walker, 'Console 2:')).toHaveCount(0)
  await walker.getByRole('checkbox', { name: 'Only changed' }).uncheck()
  await expect(rowOf(walker, 'Console 1: 20 blocks')).toHaveCount(1)
})

test('the seventeenth handle marks 128 bytes in 8 lines; by keys: refresh, only what changed, next and previous change', async () => {
  test.slow()
  const { page } = running
  const panel = await openConsole(1)
  await enter(panel, 'for i in 0..15: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)')
  const walker = await openWalker(page)
  await tab(page, 'Console 1').click()
  await enter(panel, 'g[16] = GlobalAlloc(GMEM_MOVEABLE, 1)')
  await tab(page, 'ProcessWalker').click()
  await list(walker).focus()
  await page.keyboard.press('F5')
  await expect(walker).toHaveAttribute('data-generation', '2')
  await expect(rowOf(walker, /● 128$/)).toContainText('handle table')
  await rowOf(walker, /● 128$/).click()
  const changes = walker.getByTestId('hex-changes')
  await expect(changes).toHaveAttribute('data-changed-lines', '8')

  await list(walker).focus()
  await page.keyboard.press('c')
  await expect(list(walker).getByRole('row').filter({ hasText: 'environment' })).toHaveCount(0)
  const lines = walker.locator('[data-line]')
  await expect(lines).toHaveCount(8)
  await expect.poll(() => lines.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-changed')))).toEqual(Array.from({ length: 8 }, () => '16'))
  await expect(walker.getByTestId('hex').getByRole('gridcell', { name: /changed$/ })).toHaveCount(128)
  await judge(running, 'process-walker-changes')

  const hex = walker.getByTestId('hex')
  const start = Number(await lines.first().getAttribute('data-line'))
  await page.keyboard.press('c')
  await hex.focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('F3')
  await expect(hex).toHaveAttribute('data-cursor', String(start))
  await page.keyboard.press('F3')
  await expect(hex).toHaveAttribute('data-cursor', String(start + 16))
  await page.keyboard.press('Shift+F3')
  await expect(hex).toHaveAttribute('data-cursor', String(start + 15))
  await page.keyboard.press('Shift+F3')
  await expect.poll(async () => Number(await hex.getAttribute('data-cursor'))).toBeLessThan(start)
})

test('by keys: an address, a field and where it leads, a search, a heap opened to its blocks', async () => {
  const { page } = running
  const panel = await openConsole(1)
  await enter(panel, 'g = GlobalAlloc(GMEM_MOVEABLE, 20)\np = GlobalLock(g)\nWriteMemory(p + 4, "needle")\nfor i in 1..30: q[i] = HeapAlloc(heap, 0, i)')
  const walker = await openWalker(page)
  const hex = walker.getByTestId('hex')
  const words = walker.getByTestId('hex-words')
  const cursor = await hex.getAttribute('data-cursor')
  await rowOf(walker, 'handle table').first().click()
  await expect(hex).not.toHaveAttribute('data-cursor', cursor ?? '')
  const table = Number(await hex.getAttribute('data-cursor'))

  await page.keyboard.press('Control+g')
  await expect(walker.locator('input:focus')).toBeVisible()
  await page.keyboard.type((table + 4).toString(16))
  await page.keyboard.press('Enter')
  await expect(hex).toBeFocused()
  await expect(hex).toHaveAttribute('data-cursor', String(table + 4))
  await expect(words).toContainText('address of the data')
  await page.keyboard.press('Enter')
  await expect.poll(async () => Number(await hex.getAttribute('data-cursor'))).not.toBe(table + 4)
  const data = Number(await hex.getAttribute('data-cursor'))

  await page.keyboard.press('Control+f')
  await expect(walker.locator('input:focus')).toBeVisible()
  await page.keyboard.type('needle')
  await page.keyboard.press('Enter')
  await expect(hex).toHaveAttribute('data-cursor', String(data + 4))
  await expect(walker.getByTestId('hex-selection')).toHaveText('6 bytes selected')

  await rowOf(walker, 'Console 1: 30 blocks').click()
  await list(walker).focus()
  await page.keyboard.press('ArrowRight')
  await rowOf(walker, /block5 asked/).click()
  await expect(words).toContainText('block header')
  await list(walker).focus()
  await page.keyboard.press('Enter')
  await expect(words).toContainText('no structure known here')
})

test('marks what differs between any two kept moments; shows how the article is read', async () => {
  const { page, app } = running
  const panel = await openConsole(1)
  await enter(panel, 'p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 64)')
  const walker = await openWalker(page)
  const step = async (line: string): Promise<void> => {
    await walker.getByRole('button', { name: 'Keep' }).click()
    await tab(page, 'Console 1').click()
    await enter(panel, line)
    await tab(page, 'ProcessWalker').click()
    await refresh(walker)
  }
  await step('WriteMemory(p, "A")')
  await step('WriteMemory(p + 1, "BC")')
  await expect(walker).toHaveAttribute('data-changed-bytes', '2')
  await walker.getByTestId('moment-against').selectOption({ label: 'Moment 1' })
  await expect(walker).toHaveAttribute('data-changed-bytes', '3')
  await walker.getByTestId('moment-shown').selectOption({ label: 'Moment 2' })
  await expect(walker).toHaveAttribute('data-changed-bytes', '1')
  await walker.getByRole('button', { name: 'Forget Moment 2' }).click()
  await expect(walker).toHaveAttribute('data-changed-bytes', '3')

  await clickMenu(app, 'help.readings')
  await expect(page.getByRole('dialog', { name: 'Readings of the article' })).toContainText('65,535')
  await judge(running, 'readings')
})
