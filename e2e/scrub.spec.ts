import type { Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { expect, renewApp, test } from './test'
import { openFiles, openRun, runPanel, tab } from './window'

/* A run in time: played and bookmarked by keyboard, looked at in two tabs at once, its bytes as tiling, brushed, saved and opened again. */
let running: RunningApp
test.beforeEach(({ sharedApp }) => {
  running = sharedApp
})
test.setTimeout(240_000)

const shownEvent = async (page: Page): Promise<number> => Number(await page.locator('[data-testid="run-view"]:visible').getAttribute('data-shown-event'))

test('a run is played, bookmarked, shown twice, brushed and found again', async () => {
  const { page, app } = running
  const run = await openRun(running, { input: /G6/, heap: 'First fit' })
  const timeline = page.getByTestId('timeline')

  // Played by keyboard, both ways, and back to where the jump began.
  await page.keyboard.press('Alt+Home')
  await expect(run).toHaveAttribute('data-shown-event', '0')
  await page.getByTestId('play-speed').selectOption({ index: 2 })
  await timeline.focus()
  await page.keyboard.press('l')
  await expect(page.getByTestId('play')).toHaveAttribute('aria-pressed', 'true')
  await expect.poll(() => shownEvent(page)).toBeGreaterThan(20)
  await page.keyboard.press('j')
  await expect(page.getByTestId('play-backwards')).toHaveAttribute('aria-pressed', 'true')
  await expect(run).toHaveAttribute('data-shown-event', '0')
  await expect(page.getByTestId('play-backwards')).toHaveAttribute('aria-pressed', 'false')

  // A bookmark with its note, by keyboard; undone and set again.
  await page.getByTestId('event-input').fill('30')
  await page.getByTestId('event-input').press('Enter')
  await expect(run).toHaveAttribute('data-shown-event', '30')
  await timeline.focus()
  await page.keyboard.press('b')
  await expect(page.getByTestId('bookmark-note')).toBeFocused()
  await page.keyboard.type('the first phase ends')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('bookmarks')).toBeFocused()
  await expect(page.getByTestId('chip-bookmark')).toContainText('the first phase ends')
  await page.keyboard.press('Control+Alt+Z')
  await expect(page.getByTestId('chip-bookmark')).toBeHidden()
  await page.keyboard.press('Control+Alt+Y')
  await expect(timeline).toHaveAttribute('aria-valuetext', /event 30 of .*live.*bookmark 30: the first phase ends/)
  await page.keyboard.press('Alt+End')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(run).toHaveAttribute('data-shown-event', '30')
  await page.keyboard.press('Alt+ArrowRight')
  await page.keyboard.press('Shift+F2')
  await expect(run).toHaveAttribute('data-shown-event', '30')

  // The tiling, in words, and as a file whose layers sum to what is reserved.
  await page.getByTestId('timeline-tiling').click()
  await expect(timeline).toHaveAttribute('data-kind', 'tiling')
  await expect(timeline).toHaveAttribute('data-painted', 'true')
  await expect(timeline).toHaveAttribute('aria-valuetext', /event 30 of .*live .*uncommitted|releasable|pinned free/)
  await expect(page.getByText(/Every reserved byte once, known after every event/)).toBeAttached()
  await judgeState(running, 'scrub-tiling')
  const folder = temporaryFolder()
  await stubSaveDialog(app, path.join(folder, 'tiling.json'))
  await page.getByRole('button', { name: /^Save Tiling of the reserved bytes/ }).click()
  await page.locator('[data-testid="save-json"]:visible').click()
  await expect.poll(() => fs.existsSync(path.join(folder, 'tiling.json'))).toBe(true)
  const { rows } = JSON.parse(fs.readFileSync(path.join(folder, 'tiling.json'), 'utf8')) as { rows: Record<string, number>[] }
  expect(rows.length).toBeGreaterThan(100)
  for (const { event: _, reserved, ...layers } of rows) expect(Object.values(layers).reduce((sum, bytes) => sum + bytes, 0)).toBe(reserved)

  // A stretch brushed by keyboard: the filter follows; by mouse: the timeline shows it.
  await timeline.focus()
  await page.keyboard.press('i')
  await page.keyboard.press('Alt+End')
  await page.keyboard.press('o')
  await expect(page.getByTestId('brush')).toContainText('Events 30 to')
  await page.getByTestId('brush-born').click()
  await expect(page.getByTestId('filter-text')).toHaveValue(/^birth >= 30 and birth <= \d+$/)
  await page.getByTestId('brush-alive').click()
  await expect(page.getByTestId('filter-text')).toHaveValue(/^birth <= \d+ and death > 30$/)
  await page.getByTestId('brush-born').click()
  await expect(page.getByTestId('filter-text')).toHaveValue(/^birth >= 30 and birth <= \d+$/)
  // Waits until it stands still.
  await timeline.hover()
  const box = (await timeline.boundingBox())!
  await page.mouse.move(box.x + 200, box.y + box.height - 5)
  await page.mouse.down()
  await page.mouse.move(box.x + 320, box.y + box.height - 5, { steps: 3 })
  await page.mouse.up()
  await page.getByTestId('brush-zoom').click()
  await page.getByTestId('brush').getByRole('button', { name: 'Forget the brushed events' }).click()
  await page.getByTestId('timeline-whole').click()
  await page.keyboard.press('Shift+F2')
  await expect(run).toHaveAttribute('data-shown-event', '30')

  // A second tab of the same run goes its own way; closing it leaves the first.
  await clickMenu(app, 'view.another')
  await expect(tab(page, /\(view 2\)/)).toBeVisible()
  await expect.poll(() => shownEvent(page)).toBe(30)
  await page.keyboard.press('Alt+End')
  await clickMenu(app, 'run.timelineLines')
  await page.getByTestId('filter-text').fill('')
  await page.getByTestId('filter-text').press('Enter')
  await expect.poll(() => shownEvent(page)).toBeGreaterThan(30)
  await expect(timeline).toHaveAttribute('data-kind', 'lines')
  await judgeState(running, 'scrub-second-view')
  await page.keyboard.press('Control+w')
  await expect(tab(page, /\(view 2\)/)).toHaveCount(0)
  await expect.poll(() => shownEvent(page)).toBe(30)
  await expect(page.getByTestId('filter-text')).toHaveValue(/^birth >= 30/)

  // Saved and opened again with all of it.
  const saved = path.join(folder, 'played.heapscape')
  await stubSaveDialog(app, saved)
  await clickMenu(app, 'file.saveAs')
  await expect.poll(() => fs.existsSync(saved)).toBe(true)
  await expect(tab(page, /played.heapscape/)).toBeVisible()

  await renewApp(running)
  await openFiles(running, [saved])
  const again = running.page
  await runPanel(again)
  await expect(again.getByTestId('run-view')).toHaveAttribute('data-shown-event', '30')
  await expect(again.getByTestId('filter-text')).toHaveValue(/^birth >= 30/)
  await expect(again.getByTestId('timeline')).toHaveAttribute('data-kind', 'tiling')
  await expect(again.getByTestId('chip-bookmark')).toContainText('the first phase ends')
  await again.getByTestId('bookmarks').click()
  await again.getByTestId('bookmark').getByRole('textbox').fill('changed')
  await again.getByTestId('bookmark').getByRole('textbox').press('Tab')
  await expect(again.getByTestId('chip-bookmark')).toContainText('changed')
  await judge(running, 'scrub-bookmarks')
  await again.getByTestId('bookmark-delete').click()
  await expect(again.getByTestId('bookmark')).toHaveCount(0)
})
