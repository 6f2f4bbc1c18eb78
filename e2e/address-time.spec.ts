import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { stubSaveDialog, temporaryFolder, type RunningApp } from './app'
import { judge, judgeState } from './judge'
import { expect, test } from './test'
import { command, openEditorRun, tab } from './window'

/* Lifetimes of a run over address and time: seen, zoomed, stepped through, brushed, added up, saved. */
let running: RunningApp

test.beforeEach(async ({ sharedApp }) => {
  running = sharedApp
  await openEditorRun(running)
})
test.setTimeout(240_000)

const windowOf = async (picture: Locator): Promise<number[]> => (await picture.getAttribute('data-window'))!.split(' ').map(Number)

async function drag(page: Page, picture: Locator, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  // Waits until it stands still.
  await picture.hover()
  const box = (await picture.boundingBox())!
  const at = ([x, y]: readonly [number, number]): readonly [number, number] => [box.x + 124 + x * (box.width - 138), box.y + 14 + y * (box.height - 34)]
  await page.mouse.move(...at(from))
  await page.mouse.down()
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]))
  await page.mouse.move(...at(to))
  await page.mouse.up()
}

test('lifetimes are seen, zoomed, gone through by keys, brushed into the one filter, added up and saved', async () => {
  const { page } = running
  const run = page.getByTestId('run-view')
  await tab(page, 'Address × time').click()
  const picture = page.getByTestId('address-time')
  await expect(picture).toHaveAttribute('data-painted', 'true')
  const description = page.locator(`[id="${(await picture.getAttribute('aria-describedby'))!}"]`)
  await expect(description).toContainText(/lifetimes over events 0 to [\d,]+, 0x/)
  await expect(description).toContainText(/Of the area shown: .*pages committed/)
  await judgeState(running, 'address-time')

  // Zoom and pan by keys, and everything again.
  const whole = await windowOf(picture)
  await picture.focus()
  await page.keyboard.press('+')
  await page.keyboard.press('+')
  await expect.poll(async () => { const [low, high, from, to] = await windowOf(picture); return [(high! - low!) / whole[1]!, (to! - from!) / whole[3]!] }).toEqual([0.25, 0.25])
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('0')
  await expect.poll(() => windowOf(picture)).toEqual(whole)
  await picture.hover({ position: { x: 400, y: 100 } })
  await page.mouse.wheel(0, -320)
  await expect.poll(async () => (await windowOf(picture))[3]! - (await windowOf(picture))[2]!).toBeLessThan(whole[3]! / 3)
  await page.keyboard.down('Control')
  const before = await windowOf(picture)
  await page.mouse.wheel(0, -160)
  await page.keyboard.up('Control')
  await expect.poll(async () => (await windowOf(picture)).slice(0, 2)).toEqual(before.slice(0, 2))
  await page.keyboard.press('0')

  // From block to block: selection is that of all views, and is told.
  const announced = picture.locator('xpath=following-sibling::p[@aria-live]')
  await page.keyboard.press('ArrowDown')
  await expect(announced).toContainText(/0x[\dA-F']+ (block|internal), .*consumed .*event/)
  const first = await announced.innerText()
  await page.keyboard.press('ArrowDown')
  await expect(announced).not.toHaveText(first)
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await windowOf(picture))[1]! - (await windowOf(picture))[0]!).toBeLessThan(whole[1]! / 10)
  await page.keyboard.press('0')

  // A drag filters everything to a rectangle of address and time.
  const sums = page.getByTestId('selection-sums')
  const all = await sums.innerText()
  await drag(page, picture, [0.3, 0], [0.6, 0.5])
  await expect(page.getByTestId('filter-text')).toHaveValue(/^end > 0x[\da-f]+ and address < 0x[\da-f]+ and birth <= \d+ and death > \d+$/)
  const totals = page.getByTestId('life-totals')
  await expect(totals).toContainText('Lifetimes')
  await expect(totals.getByRole('list', { name: 'Call sites by consumed bytes' })).toBeVisible()
  await expect(sums).not.toHaveText(all)
  await judge(running, 'address-time-brushed')
  const shownEvent = async (): Promise<number> => Number(await run.getAttribute('data-shown-event'))
  const eventBefore = await shownEvent()
  await page.getByTestId('life-first').click()
  await expect.poll(shownEvent).not.toBe(eventBefore)
  const firstEvent = await shownEvent()
  await page.getByTestId('life-last').click()
  await expect.poll(shownEvent).toBeGreaterThan(firstEvent)
  await expect(announced).toContainText(/0x/)

  // Other colours, and what is kept of the choice.
  await page.getByTestId('life-color').selectOption({ label: 'Call site' })
  const legend = page.getByRole('region', { name: 'Address and time' }).getByRole('group', { name: 'Legend' })
  await expect(legend).toContainText('lineNew')
  await legend.getByRole('button').first().click()
  await expect(page.getByTestId('filter-text')).toHaveValue(/ and site = "/)
  await legend.getByRole('button', { pressed: true }).click()
  await expect(page.getByTestId('filter-text')).toHaveValue(/^end > 0x[\da-f]+ and address < 0x[\da-f]+ and birth <= \d+ and death > \d+$/)
  await tab(page, 'Map').click()
  await expect(page.getByTestId('memory-map')).toBeVisible()
  await command(page, 'Show address and time')
  await expect(picture).toBeFocused()
  await expect(page.getByTestId('life-color')).toHaveValue('site')

  // What is shown goes into files.
  const folder = temporaryFolder()
  for (const form of ['svg', 'csv'] as const) {
    const target = path.join(folder, `lives.${form}`)
    await stubSaveDialog(running.app, target)
    await page.getByRole('button', { name: /^Save Address and time of/ }).click()
    await page.locator(`[data-testid="save-${form}"]:visible`).click()
    await expect.poll(() => fs.existsSync(target)).toBe(true)
  }
  expect(fs.readFileSync(path.join(folder, 'lives.svg'), 'utf8')).toMatch(/<title id="title">Address and time of[^]*<image/)
  expect(fs.readFileSync(path.join(folder, 'lives.csv'), 'utf8')).toMatch(/^Address,Consumed \(bytes\),Born at event,Freed at event,Colour\r\n0x/)

  for (let steps = 0; steps < 3; steps++) await command(page, 'Undo the last filter or order')
  await expect(sums).toHaveText(all)
})
