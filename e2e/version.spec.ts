import { clickMenu, LARGE_SCREEN, launchApp, resizePage, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { expect, test } from './test'

/* The Windows of the simulated process: chosen by keyboard, its front end watched coming, its bytes read. */
let running: RunningApp
test.beforeEach(async () => {
  running = await launchApp()
})
test.afterEach(() => running.close())
test.setTimeout(240_000)

test('the version is switched by keyboard, and the low-fragmentation heap comes with request 19', async () => {
  const { page, app } = running
  await clickMenu(app, 'console.new')
  await page.getByRole('dialog', { name: 'New console' }).getByRole('button', { name: 'Open the console' }).click()
  const panel = page.getByRole('article', { name: 'Console 1' })
  const badge = panel.getByTestId('windows-badge')
  await expect(badge).toHaveAttribute('data-version', 'nt31')
  const editor = panel.getByRole('textbox', { name: 'Next lines of the script' })
  await editor.fill('for i in 1..18: p[i] = HeapAlloc(heap, 0, 40)\nHeapSetInformation(heap, HeapEnableTerminationOnCorruption)')
  await panel.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(panel).toHaveAttribute('data-position', '2')
  await expect(panel.getByTestId('console-lines')).toContainText('ERROR_CALL_NOT_IMPLEMENTED')

  // By keyboard alone: the command, the list, the button.
  await page.keyboard.press('Control+Alt+w')
  const dialog = page.getByRole('dialog', { name: 'Simulated Windows version' })
  const list = dialog.getByRole('listbox', { name: 'Windows' })
  await expect(list).toBeFocused()
  await page.keyboard.type('Windows 10, 64')
  await expect(list).toHaveValue('10-x64')
  await expect(dialog).toContainText('windows 10-x64')
  await page.keyboard.press('Enter')
  await expect(dialog.getByTestId('version-report')).toContainText('2 lines carried out again')
  await expect(dialog.getByTestId('version-report')).toContainText('succeeds now')
  await judge(running, 'version-dialog')
  await page.keyboard.press('Escape')
  await expect(badge).toHaveAttribute('data-version', '10-x64')

  await editor.fill('p[19] = HeapAlloc(heap, 0, 40)\nHeapQueryInformation(heap, HeapCompatibilityInformation)')
  await panel.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(panel.getByTestId('console-lines')).toContainText('low-fragmentation heap')
  // Rows of the list are made as far as they are in sight.
  await resizePage(app, page, LARGE_SCREEN.width, LARGE_SCREEN.height)
  await clickMenu(app, 'walker.new')
  const walker = page.getByTestId('walker').last()
  await expect(walker).toHaveAttribute('data-generation', /[1-9]/)
  const rows = walker.getByTestId('walk-list').getByRole('row')
  await rows.filter({ hasText: 'Console 1: 19 blocks' }).getByRole('button', { name: 'Show its segments and blocks' }).click()
  await expect(rows.filter({ hasText: 'LFH container' }).first()).toBeVisible()
  await expect(rows.filter({ hasText: /free LFH slot/ }).first()).toBeVisible()
  await rows.filter({ hasText: /(?<!free )LFH slot/ }).first().click()
  // The header of the first block, 16 bytes of which 8 are the heap's, coded with its key.
  await expect(rows.filter({ hasText: /block.*40 asked/ }).first()).toBeVisible()
  const first = await rows.filter({ hasText: /block.*40 asked/ }).first().locator('td, [role="cell"], [role="gridcell"]').first().textContent()
  const header = Number(first!.replace("'", '')) + 8
  await walker.getByPlaceholder('address').fill(`0x${header.toString(16)}`)
  await walker.getByPlaceholder('address').press('Enter')
  await expect(walker).toContainText(/block header: size.*3 units, 48 bytes; decoded 03 00/)
  await judgeState(running, 'version-walker')
})
