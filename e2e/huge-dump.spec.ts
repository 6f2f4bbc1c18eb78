import fs from 'node:fs'
import path from 'node:path'
import { hugeHeap, writeHugeDump } from '../shared/dumpfile/testing/huge-heap'
import { IS_THOROUGH, launchApp, shoot, temporaryFolder, type RunningApp } from './app'
import { expect, test } from './test'

/*
 * A dump of 8 GB with 5 million blocks of 48 bytes, sparse on disk (about 250 MB), opened as a user opens it.
 * Takes minutes, so only `npm run e2e` does it.
 */
const DUMP_BYTES = 8 * 1024 ** 3
const SMALL_BLOCKS = 5_000_000
const PEAK_LIMIT_MEGABYTES = 1000

test.skip(!IS_THOROUGH, 'a dump of 8 GB is opened by npm run e2e only')
test.describe.configure({ timeout: 600_000 })

let running: RunningApp
test.afterEach(() => running.close())

/** Largest resident memory so far of each of the application's processes, in MB; Linux tells it. */
async function peaksMegabytes(): Promise<readonly number[]> {
  const ids = await running.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))
  return ids.map((id) => Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) * 1024 / 1e6)
}

test('a dump of 8 GB: progress, cancel, then all of it within 1 GB of memory', async () => {
  const file = path.join(temporaryFolder(), 'huge.dmp')
  const heap = hugeHeap(DUMP_BYTES, SMALL_BLOCKS)
  await writeHugeDump(file, heap)
  expect(fs.statSync(file).size).toBeGreaterThan(DUMP_BYTES)

  running = await launchApp({ files: [file] })
  const { page } = running
  const progress = page.getByRole('progressbar')
  await expect(progress).toBeVisible({ timeout: 30_000 })
  await expect(progress).toHaveAttribute('aria-valuenow', /^([2-9]|\d\d)$/, { timeout: 60_000 })
  await shoot(running, 'dump-huge-opening')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: 'Open again' })).toBeVisible({ timeout: 5_000 })

  await page.getByRole('button', { name: 'Open again' }).click()
  const dump = page.getByTestId('dump-view')
  await expect(dump).toHaveAttribute('data-shown', 'yes', { timeout: 300_000 })
  await expect(page.getByTestId('trust-card')).toContainText('verified')
  await page.getByTestId('tab-blocks').click()
  await expect(page.getByTestId('block-table').locator('[role="row"][aria-rowindex="2"]')).toBeVisible()
  await shoot(running, 'dump-huge')
  if (process.platform !== 'linux') return
  const peaks = await peaksMegabytes()
  test.info().annotations.push({ type: 'peak memory of each process, MB', description: peaks.map((peak) => peak.toFixed(0)).join(', ') })
  console.log(`${heap.blocks} blocks; peak memory of each process, MB: ${peaks.map((peak) => peak.toFixed(0)).join(', ')}`)
  expect(Math.max(...peaks)).toBeLessThan(PEAK_LIMIT_MEGABYTES)
})
