import { strToU8, zipSync } from 'fflate'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, shoot, stubOpenDialog, temporaryFolder, type RunningApp } from './app'
import { checkAxe } from './axe'
import { expect, test } from './test'
import { openFiles } from './window'

/** Live bytes go 100, 150, 350, 300, 308, 8. */
const REP = '20000\n3\n6\n1\na 0 100\na 1 50\nr 0 300\nf 1\na 2 8\nf 0\n'
/** Two blocks, one freed, with the addresses the program got. */
const MTRACE = '= Start\n@ ./app:[0x1] + 0x5000 0x64\n@ ./app:[0x1] + 0x5070 0x32\n@ ./app:[0x2] - 0x5000\n= End\n'

let running: RunningApp
let folder: string
const file = (name: string, content: string | Uint8Array): string => {
  const full = path.join(folder, name)
  fs.writeFileSync(full, content)
  return full
}
test.beforeEach(({ sharedApp }) => {
  running = sharedApp
  folder = temporaryFolder()
})

test('a part of a trace: by its dialog, of the trace in front and of another file', async () => {
  await openFiles(running, [file('small.rep', REP)])
  const { page, app } = running
  await expect(page.getByRole('article', { name: 'Trace small.rep' })).toContainText('6 events')
  await clickMenu(app, 'file.openPart')
  const dialog = page.getByRole('dialog', { name: 'Open a part of a trace' })
  const range = dialog.getByRole('textbox', { name: 'Range' })
  await range.fill('5..2')
  await expect(dialog).toContainText('5..2 ends before it begins')
  await expect(dialog.getByRole('button', { name: 'Open this part of small.rep' })).toBeDisabled()
  await shoot(running, 'open-part', { schemes: ['light', 'dark'] })
  await checkAxe(page)
  await range.fill('3..5')
  await page.keyboard.press('Enter')
  const part = page.getByRole('article', { name: 'Trace small.rep' }).filter({ hasText: '3 events' })
  await expect(part).toBeVisible()
  await expect(part).toContainText('before the range')

  await stubOpenDialog(app, [file('other.rep', REP)])
  await page.keyboard.press('Control+Alt+o')
  await range.fill('..2')
  await dialog.getByRole('button', { name: 'Of another file' }).click()
  await expect(page.getByRole('article', { name: 'Trace other.rep' })).toContainText('2 events')
})

test('an archive of several files asks which; a trace with addresses is shown as recorded', async () => {
  const archive = zipSync({ 'notes/readme.txt': strToU8('hello'), 'runs/course.rep': strToU8(REP), 'runs/app.mtrace': strToU8(MTRACE) })
  await openFiles(running, [file('both.zip', archive)])
  const { page } = running
  const choice = page.getByLabel('File of the archive')
  await expect(choice.locator('option')).toHaveText([/^runs\/course\.rep · \d+ B$/, /^runs\/app\.mtrace/, /readme\.txt .* of no known format/])
  await shoot(running, 'open-archive', { schemes: ['light', 'dark'] })
  await checkAxe(page)
  await choice.selectOption('runs/app.mtrace')
  await page.getByRole('button', { name: 'Open it' }).click()
  const trace = page.getByRole('article', { name: 'Trace both.zip' })
  await expect(trace).toContainText('with the addresses the program got')

  await trace.getByRole('button', { name: 'As recorded' }).click()
  const run = page.getByTestId('run-view')
  await expect(run).toBeVisible()
  await expect(run).toContainText('as recorded')
  await expect(page.getByTestId('block-table')).toContainText("0x0000'0000'5070")
})
