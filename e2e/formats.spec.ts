import { expect, test } from '@playwright/test'
import type { Locator } from '@playwright/test'
import path from 'node:path'
import { launchApp, projectFolder, shoot, type RunningApp } from './app'
import { documents } from './window'

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
let running: RunningApp
test('one of each snapshot format', async () => {
  const errors: string[] = []
  for (const { file, view, shows } of SAMPLES) {
    running = await launchApp({ files: [path.join(IMPORTERS, file)] })
    const opened = running.page
    opened.on('console', (message) => (message.type() === 'error' ? errors.push(`${file}: ${message.text()}`) : undefined))
    opened.on('pageerror', (error) => errors.push(`${file}: ${error.message}`))
    const shown: Locator = opened.getByTestId(view)
    await expect(shown, file).toBeVisible({ timeout: 60_000 })
    await expect(documents(opened)).toContainText(path.basename(file))
    if (shows !== '') await expect(shown).toContainText(shows)
    if (view === 'space-view') await expect(shown.getByTestId('space-lacking')).toContainText('single blocks')
    if (file.startsWith('proc-maps')) await shoot(running, 'address-space', { schemes: ['light', 'dark'] })
    await running.close()
  }
  expect(errors).toEqual([])
})
