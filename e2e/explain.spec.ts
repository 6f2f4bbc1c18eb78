import { clickMenu, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { expect, test } from './test'
import { runPanel, simulate } from './window'

/* Why here, why now: asked and read by keyboard alone, on a run of the glibc-like heap; then as a column of all blocks. */
let running: RunningApp
test.beforeEach(({ sharedApp }) => {
  running = sharedApp
})
test.setTimeout(240_000)

test('the reason of a block and of the last growth, by keyboard', async () => {
  const { page } = running
  await clickMenu(running.app, 'simulate.new')
  await simulate(page, { input: /G1/, heap: 'ptmalloc-like (Linux, glibc)' })
  await page.getByTestId('simulation-result').getByRole('button').click()
  await runPanel(page)
  await page.keyboard.press('Alt+Home')
  await page.keyboard.press('w')
  const why = page.getByTestId('why')
  await expect(why.getByTestId('why-block')).toHaveText('Select a block to read why it lies where it does.')
  await expect(why).toContainText('The heap has taken no memory up to this event.')

  await clickMenu(running.app, 'run.nextGrowth')
  await expect(why.getByTestId('why-growth')).toHaveText('Event 1: The first request: the heap starts with 135,168 bytes.')
  await clickMenu(running.app, 'run.nextGrowth')
  await expect(why.getByTestId('why-growth')).toContainText('Neither bins nor top had')
  await expect(page.getByTestId('run-view')).not.toHaveAttribute('data-shown-event', '1')

  await clickMenu(running.app, 'run.focusTable')
  await expect(page.getByTestId('block-table')).toBeFocused()
  await expect(page.getByTestId('block-table').locator('[aria-rowindex="2"]')).not.toHaveAttribute('aria-busy', 'true')
  await page.keyboard.press('Home')
  await expect(page.getByTestId('selected-block')).toContainText('0x')
  await page.keyboard.press('ArrowDown')
  await expect(why.getByTestId('why-block')).toHaveText(/cut from the top|thread cache|left of the last split|Only blocks of the program/)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(why.getByTestId('why-block')).toHaveText(/No bin had a chunk: [\d,]+ bytes cut from the top, where [\d,]+ bytes stayed\./)
  await judge(running, 'explain')

  // The same for all blocks: a column, groups with sums, a filter.
  const table = page.getByTestId('block-table')
  await expect(table.getByRole('columnheader', { name: 'Why here' })).toBeVisible()
  await page.getByTestId('group-by').selectOption('why')
  const top = page.getByRole('row').filter({ has: page.getByRole('gridcell', { name: 'top', exact: true }) })
  await expect(top).toBeVisible()
  const count = (await top.getByRole('gridcell').nth(1).textContent())!.trim()
  await judgeState(running, 'explain-groups')
  await top.click()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('filter-text')).toHaveValue('why = top')
  await expect(table).toHaveAttribute('aria-rowcount', String(Number(count.replaceAll(',', '')) + 1))
})

test('a run that was not explained says how it can be', async () => {
  const { page } = running
  await clickMenu(running.app, 'simulate.new')
  // Who gets a Segment Heap stands where the heap is chosen.
  await page.getByRole('combobox', { name: 'Heap', exact: true }).selectOption({ label: 'Windows Segment Heap' })
  await page.getByTestId('who-gets-it').locator('summary').press('Enter')
  await expect(page.getByTestId('who-gets-it')).toContainText('FrontEndHeapDebugOptions')
  await judge(running, 'who-gets-it')
  await simulate(page, { input: /G4/, heap: 'NT heap with low-fragmentation front end (Windows 7 to 11)' })
  await page.getByTestId('simulation-result').getByRole('button').click()
  await runPanel(page)
  await page.getByTestId('group-by').selectOption('why')
  await expect(page.getByTestId('why-note')).toContainText('not available yet')
  await page.getByTestId('why-note-explain').click()
  await expect(page.getByTestId('why-note')).toBeHidden()
  await expect(page.getByRole('row').filter({ hasText: 'exact' }).or(page.getByRole('row').filter({ hasText: 'split' })).first()).toBeVisible()
})
