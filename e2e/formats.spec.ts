import type { Locator } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { projectFolder, shoot, temporaryFolder } from './app'
import { expect, renewApp, test } from './test'
import { documents, openFiles } from './window'

/* One committed sample of each snapshot format opens by content: its title and its kind of view, and no error in the console. */
const IMPORTERS = path.join(projectFolder, 'shared/importers')
const SAMPLES = [
  { file: 'proc-maps/samples/small-with-rollup.smaps', view: 'space-view', shows: '[heap]' },
  { file: 'windbg/samples/old-address.txt', view: 'space-view', shows: 'EnvironmentBlock' },
  { file: 'vmmap/samples/two-snapshots.mmp', view: 'space-view', shows: 'no file of VMMap itself was at hand' },
  { file: 'windbg/samples/session-x86-crlf.log', view: 'run-view', shows: '' },
  { file: 'blocks-csv/samples/tiled.csv', view: 'run-view', shows: '' },
  { file: 'blocks-json/samples/list.json', view: 'run-view', shows: 'lists busy blocks only' },
] as const

test.setTimeout(180_000)
test('one of each snapshot format', async ({ sharedApp }) => {
  const errors: string[] = []
  for (const { file, view, shows } of SAMPLES) {
    const opened = sharedApp.page
    await openFiles(sharedApp, [path.join(IMPORTERS, file)])
    const shown: Locator = opened.getByTestId(view)
    await expect(shown, file).toBeVisible({ timeout: 60_000 })
    await expect(documents(opened)).toContainText(path.basename(file))
    if (shows !== '') await expect(shown).toContainText(shows)
    if (view === 'space-view') await expect(shown.getByTestId('space-lacking')).toContainText('single blocks')
    if (file.startsWith('proc-maps')) await shoot(sharedApp, 'address-space', { schemes: ['light', 'dark'] })
    errors.push(...sharedApp.complaints.map((complaint) => `${file}: ${complaint}`))
    await renewApp(sharedApp)
  }
  expect(errors).toEqual([])
})

/** The first whole sample of every importer, under a name that tells which it is. */
function oneOfEach(): string[] {
  const folder = temporaryFolder()
  return fs.readdirSync(IMPORTERS).flatMap((importer) => {
    const samples = path.join(IMPORTERS, importer, 'samples')
    if (!fs.existsSync(samples)) return []
    const sample = fs.readdirSync(samples).find((name) => !name.endsWith('.golden.txt') && !name.startsWith('defects') && !name.startsWith('damaged'))
    if (sample === undefined) return []
    const copy = path.join(folder, `${importer}-${sample}`)
    fs.copyFileSync(path.join(samples, sample), copy)
    return [copy]
  })
}

test('one of every format, all in one window', async ({ sharedApp }) => {
  const files = oneOfEach()
  expect(files.length).toBeGreaterThan(20)
  await openFiles(sharedApp, files)
  const { page, complaints } = sharedApp
  for (const name of files.map((file) => path.basename(file))) {
    await documents(page).getByRole('button', { name, exact: false }).first().click({ timeout: 60_000 })
    const panel = page.getByRole('tabpanel', { name, exact: false })
    await expect(panel.locator('article, [data-testid="run-view"]').first(), name).toBeVisible({ timeout: 30_000 })
    await expect(panel, name).not.toContainText('is not open')
  }
  expect(complaints).toEqual([])
})
