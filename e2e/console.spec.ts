import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, stubOpenDialog, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { editor, enter, openConsole } from './process-window'
import { expect, test } from './test'
import { fact, tab } from './window'

/* Console and lessons: API calls typed, undone and redone, kept as files; every lesson with every figure checked. */
let running: RunningApp

test.beforeEach(({ sharedApp }) => {
  running = sharedApp
})
test.afterEach(() => {
  // A view that fails to draw is empty and says nothing else.
  expect(running.complaints).toEqual([])
})

const lines = (panel: Locator): Locator => panel.getByTestId('console-lines')
const heapRows = (panel: Locator): Promise<string[]> => panel.getByTestId('console-heaps').locator('tbody tr').allInnerTexts()

test('completes calls and flags, explains arguments, and carries lines out by keyboard alone', async () => {
  const { page } = running
  const panel = await openConsole(running)
  const completions = panel.getByRole('listbox', { name: 'Completions' })
  await editor(panel).focus()
  await page.keyboard.type('p = HeapAl')
  await expect(completions.getByRole('option', { name: /HeapAlloc/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(editor(panel)).toHaveValue('p = HeapAlloc(')
  const help = panel.getByTestId('argument-help')
  await expect(help).toContainText('heap: heap handle')
  await page.keyboard.type('heap, HEAP_Z')
  // The list may still be of the text before the letter: the flags that it rules out are not to be taken.
  await expect(completions.getByRole('option', { name: /HEAP_ZERO_MEMORY/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(editor(panel)).toHaveValue('p = HeapAlloc(heap, HEAP_ZERO_MEMORY')
  await page.keyboard.type(', 100')
  await expect(help).toContainText('size: bytes')
  await page.keyboard.type(')')
  await page.keyboard.press('Enter')
  await expect(panel).toHaveAttribute('data-position', '1')
  await expect(lines(panel)).toContainText(/p = HeapAlloc\(heap, HEAP_ZERO_MEMORY, 100\)\s*0x[\dA-F]{8}/)
  await expect(panel.getByTestId('console-variables')).toContainText('p')

  // Typed ahead: nothing happens until it is stepped through.
  await page.keyboard.type('q = HeapAlloc(heap, 0, 5')
  await expect(panel.getByRole('status').filter({ hasText: 'column' })).toContainText('Expected )')
  await page.keyboard.type(')')
  await panel.getByRole('button', { name: 'Add' }).click()
  await expect(panel).toHaveAttribute('data-lines', '2')
  await expect(panel).toHaveAttribute('data-position', '1')
  await page.keyboard.press('F10')
  await expect(panel).toHaveAttribute('data-position', '2')
  await page.keyboard.press('F9')
  await expect(panel).toHaveAttribute('data-position', '1')
})

test('says what is wrong, as Windows would, and leaves the process intact', async () => {
  const panel = await openConsole(running)
  await enter(panel, 'h = HeapCreate(0, 0, 0x100000)\np = HeapAlloc(h, 0, 50)\nk = HeapAlloc(h, 0, 60)\nHeapFree(h, 0, p)')
  const before = await heapRows(panel)
  await enter(panel, 'HeapFree(h, 0, p)\nHeapSize(h, 0, p)\nHeapFree(heap, 0, k)\nHeapFree(p, 0, k)\nHeapAlok(1)\nHeapAlloc("h", 0, 1)\nHeapAlloc(h, HEAP_GENERATE_EXCEPTIONS, 0x200000)')
  for (const text of ['FALSE · ERROR_INVALID_PARAMETER', 'ERROR_INVALID_HANDLE', 'There is no call "HeapAlok".', 'Did you mean HeapAlloc?', 'ERROR_PROC_NOT_FOUND', 'heap of HeapAlloc is heap handle, got a text.', 'raised STATUS_NO_MEMORY']) {
    await expect(lines(panel)).toContainText(text)
  }
  await expect.poll(() => heapRows(panel)).toEqual(before)
  await enter(panel, 'assert HeapValidate(h, 0) = TRUE')
  await expect(lines(panel)).toContainText('✓ TRUE')
  await enter(panel, 'why k\nwhy grew h')
  await expect(lines(panel)).toContainText(/Change 1 of its memory, by call [\d,]+: The heap started with/)
  await lines(panel).getByText('why k').click()
  await expect(panel.getByTestId('console-details')).toContainText(/^why 0x[\dA-F]{8} Split from a free block of [\d,]+ bytes/)
  await lines(panel).getByText('HeapAlok(1)').click()
  await expect(panel.getByTestId('console-details')).toContainText('column 1: There is no call "HeapAlok". Did you mean HeapAlloc? ERROR_PROC_NOT_FOUND')
  await judge(running, 'console')
})

/** A key that is held: the page sees it again and again. */
const hold = (page: Page, key: string, times: number): Promise<void> =>
  page.evaluate(([name, count]) => {
    for (let i = 0; i < count; i++) document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, code: name, bubbles: true, cancelable: true, repeat: i > 0 }))
  }, [key, times] as const)

test('undoes 500 steps and does them again, to the same heaps', async () => {
  test.slow()
  const { page } = running
  const panel = await openConsole(running)
  const script = Array.from({ length: 500 }, (_, i) => (i % 3 === 2 ? `HeapFree(heap, 0, p[${i - 1}])` : `p[${i}] = HeapAlloc(heap, 0, ${(i * 37) % 300})`))
  const empty = await heapRows(panel)
  await enter(panel, script.join('\n'))
  await expect(panel).toHaveAttribute('data-busy', 'false')
  const full = await heapRows(panel)
  expect(full).not.toEqual(empty)
  await page.keyboard.press('F9')
  await expect(panel).toHaveAttribute('data-position', '499')
  await hold(page, 'F9', 499)
  await expect(panel).toHaveAttribute('data-position', '0', { timeout: 60_000 })
  await expect.poll(() => heapRows(panel)).toEqual(empty)
  await page.keyboard.press('F10')
  await expect(panel).toHaveAttribute('data-position', '1')
  await hold(page, 'F10', 499)
  await expect(panel).toHaveAttribute('data-position', '500', { timeout: 60_000 })
  await expect.poll(() => heapRows(panel)).toEqual(full)

  // Any step at once.
  await panel.getByRole('slider', { name: 'Lines done' }).fill('250')
  await expect(panel).toHaveAttribute('data-position', '250')
  await page.keyboard.press('Control+Enter')
  await expect(panel).toHaveAttribute('data-position', '500')
  await expect.poll(() => heapRows(panel)).toEqual(full)
})

test('saves a script, opens it again with its heap, and exports its calls as a trace that is saved too', async () => {
  const { page, app } = running
  const folder = temporaryFolder()
  const file = path.join(folder, 'lists.heapscript')
  const panel = await openConsole(running)
  await enter(panel, 'p = HeapAlloc(heap, 0, 100)\nfor i in 1..20: q[i] = HeapAlloc(heap, 0, i)\nHeapFree(heap, 0, p)')
  await page.keyboard.press('F9')
  await expect(panel).toHaveAttribute('data-position', '2')
  await stubSaveDialog(app, file)
  await clickMenu(app, 'file.save')
  await expect(tab(page, 'lists.heapscript')).toBeVisible()
  const text = '#! heapscape-script heap=0x1000,0\np = HeapAlloc(heap, 0, 100)\nfor i in 1..20: q[i] = HeapAlloc(heap, 0, i)\nHeapFree(heap, 0, p)\n'
  await expect.poll(() => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')).toBe(text)

  // Saving again asks nothing.
  await stubSaveDialog(app, null)
  await enter(panel, 'r = HeapAlloc(heap, 0, 7)')
  await clickMenu(app, 'file.save')
  await expect.poll(() => fs.readFileSync(file, 'utf8')).toContain('r = HeapAlloc(heap, 0, 7)')

  await panel.getByRole('button', { name: 'Trace', exact: true }).click()
  await expect(tab(page, /^Calls of/)).toBeVisible()
  await expect(fact(page, 'Blocks at the peak').first()).toContainText('22')
  const trace = path.join(folder, 'lists.heapscape')
  await stubSaveDialog(app, trace)
  await clickMenu(app, 'file.save')
  await expect.poll(() => fs.existsSync(trace)).toBe(true)

  await tab(page, 'lists.heapscript').click()
  await clickMenu(app, 'file.closeDocument')
  await stubOpenDialog(app, [file])
  await clickMenu(app, 'file.open')
  const again = page.getByRole('article', { name: 'lists.heapscript' })
  await expect(again).toHaveAttribute('data-lines', '4')
  await expect(again).toHaveAttribute('data-position', '0')
  await expect(again.getByTestId('document-heap')).toContainText('HeapCreate(0, 0x1000, 0x0)')
  await page.keyboard.press('Control+Enter')
  await expect(again).toHaveAttribute('data-position', '4')
})

test('carries out all sixteen lessons with every figure equal, states the readings taken, steps and prints', async () => {
  test.slow()
  const { page, app } = running
  await clickMenu(app, 'lessons.show')
  const view = page.getByTestId('lessons')
  await expect(view).toHaveAttribute('data-checked', '16', { timeout: 60_000 })
  const list = view.getByRole('listbox', { name: 'Lessons' })
  await expect(list.getByRole('option')).toHaveCount(16)
  await list.focus()
  await page.keyboard.press('Home')
  for (let number = 1; number <= 16; number++) {
    await expect(view.getByRole('region', { name: 'Lesson' })).toContainText(`Lesson ${number} ·`)
    await expect(view.getByTestId('lesson-tally')).toHaveAttribute('data-ok', 'true')
    await expect(view.getByRole('region', { name: 'Lesson' }).locator('tr.wrong')).toHaveCount(0)
    if (number === 6) {
      await expect(view.getByTestId('lesson-readings')).toContainText('It counts to 255; the 256th lock is the first not counted.')
      await judge(running, 'lessons')
      await list.focus()
    }
    await page.keyboard.press('ArrowDown')
  }

  // On paper stands the lesson alone.
  await page.evaluate(() => {
    window.print = () => {
      document.body.dataset['printed'] = document.querySelector('.print-sheet')?.textContent ?? ''
    }
  })
  await view.getByRole('button', { name: 'Print' }).click()
  await expect.poll(() => page.evaluate(() => document.body.dataset['printed'])).toContain('Lesson 16')

  // A part is stepped through to its stop, in a process of its own.
  await list.focus()
  await page.keyboard.press('Home')
  for (let i = 1; i < 5; i++) await page.keyboard.press('ArrowDown')
  await view.getByRole('button', { name: 'Show line 11' }).click()
  const console = page.getByTestId('console')
  await expect(console).toHaveAttribute('data-position', '11')
  await expect(console.getByTestId('console-variables')).toContainText('g[16]')
  await expect(console.getByTestId('console-variables')).toContainText('0x000F0084')
  await judgeState(running, 'lesson-console')
})
