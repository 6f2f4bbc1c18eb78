import type { Locator, Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { clickMenu, IS_THOROUGH, LARGE_SCREEN, shoot, SMALL_SCREEN, stubSaveDialog, temporaryFolder, type RunningApp, type Scheme } from './app'
import { checkAxe } from './axe'
import { asAfterStart, expect, test } from './test'
import { command, openRun } from './window'

/*
 * What every view of a run promises, view by view: reached by keyboard and palette, told in words that follow the data, its
 * brush is the document's filter, saved in every form it has, readable in each theme, and usable at 300 %. What a single
 * view does besides stands in a spec of its own.
 */
interface View {
  readonly name: string
  /** Titles in the palette; the last one gives the view the keys. */
  readonly commands: readonly string[]
  /** What is left to do by keyboard then. */
  readonly reach?: (page: Page) => Promise<void>
  readonly keys?: string
  /** The part of the page that is looked at. */
  readonly region: string
  /** What holds the keys then. */
  readonly holder: (page: Page) => Locator
  readonly words: (page: Page) => Promise<string>
  /** Makes the words change; the first event unless told. */
  readonly change?: (page: Page) => Promise<void>
  /** Keys, and commands by `> title`, that brush. */
  readonly brush: readonly string[]
  readonly save: RegExp
  readonly forms: readonly string[]
}

/** Goes on with Tab until it holds the keys. */
async function tabTo(page: Page, holder: Locator): Promise<void> {
  for (let i = 0; i < 12 && !(await holder.evaluate((element) => element === document.activeElement)); i++) await page.keyboard.press('Tab')
}

async function layOut(page: Page, layout: 'rows' | 'hilbert'): Promise<void> {
  const map = page.getByTestId('memory-map')
  if ((await map.getAttribute('data-layout')) !== layout) await command(page, layout === 'rows' ? 'Memory map in rows' : 'Memory map along a Hilbert curve')
  await expect(map).toHaveAttribute('data-layout', layout)
}

const PICTURE = ['svg', 'png', 'png2', 'csv', 'json'] as const
const TABLE = ['csv', 'json'] as const
/** The others are made of the same picture and table; `npm test` leaves them out. */
const QUICK_FORMS: readonly string[] = ['svg', 'csv']
const byTestid = (testid: string) => (page: Page): Locator => page.getByTestId(testid)

/** What a screen reader is told of a canvas: its description, and the value of a slider. */
async function wordsOf(holder: Locator): Promise<string> {
  const description = holder.page().locator(`[id="${(await holder.getAttribute('aria-describedby'))!}"]`)
  return `${(await holder.getAttribute('aria-valuetext')) ?? ''} ${(await description.textContent()) ?? ''}`.trim()
}
const pictureWords = (testid: string) => (page: Page): Promise<string> => wordsOf(page.getByTestId(testid))

/** A picture of the moment in the lower pane. */
const chart = (number: number, title: string, testid: string, more: Partial<View> & Pick<View, 'save' | 'brush'>): View => ({
  name: title.toLowerCase(), commands: [`Show ${title.toLowerCase()}`], keys: `Alt+${number}`, region: `[data-testid="${testid}"]`,
  holder: byTestid(`${testid}-canvas`), words: pictureWords(`${testid}-canvas`), forms: PICTURE, ...more,
})

const RANGE = ['Home', 'Shift+ArrowDown', 'Shift+ArrowDown', '> Filter to the range chosen in the map'] as const
/** The curve begins in the lower left corner. */
const RANGE_UPWARDS = ['Home', 'Shift+ArrowUp', 'Shift+ArrowUp', '> Filter to the range chosen in the map'] as const
const BRUSHED_EVENTS = ['i', 'PageUp', 'o', '> Only blocks made in the brushed events'] as const
const gridWords = (grid: Locator): Promise<string> => grid.evaluate((element) => `${element.getAttribute('aria-rowcount')} rows: ${element.textContent}`)
const VIEWS: readonly View[] = [
  {
    name: 'timeline', commands: ['Timeline as lines', 'Go to the timeline'], region: '.run-timeline', holder: byTestid('timeline'), words: pictureWords('timeline'), brush: BRUSHED_EVENTS, save: /^Save Bytes over events/, forms: PICTURE,
  },
  {
    name: 'tiling', commands: ['Timeline as tiling of the reserved bytes', 'Go to the timeline'], region: '.run-timeline', holder: byTestid('timeline'), words: pictureWords('timeline'), brush: BRUSHED_EVENTS, save: /^Save Tiling of the reserved bytes/, forms: PICTURE,
  },
  {
    name: 'map in rows', commands: ['Show the memory map'], reach: (page) => layOut(page, 'rows'), region: '.memory-map', holder: byTestid('memory-map'), words: pictureWords('memory-map'), brush: RANGE, save: /^Save Memory map/, forms: PICTURE,
  },
  {
    name: 'map along a Hilbert curve', commands: ['Show the memory map'], reach: (page) => layOut(page, 'hilbert'), region: '.memory-map', holder: byTestid('memory-map'), words: pictureWords('memory-map'), brush: RANGE_UPWARDS, save: /^Save Memory map/, forms: PICTURE,
  },
  {
    name: 'address and time', commands: ['Show address and time'], region: '.address-time', holder: byTestid('address-time'), words: pictureWords('address-time'), brush: ['+', 'f'], save: /^Save Address and time/, forms: PICTURE,
  },
  {
    name: 'block table', commands: ['Go to the block table', 'List single blocks'], region: '.block-table', holder: (page) => page.getByRole('grid', { name: 'Blocks' }), words: (page) => gridWords(page.getByTestId('block-table')), brush: [], save: /^Save Blocks of/, forms: TABLE,
  },
  {
    name: 'groups', commands: ['Go to the block table', 'Group the blocks by size class'], region: '.block-table', holder: byTestid('list-groups-class'), words: (page) => gridWords(page.getByTestId('list-groups-class')), brush: ['Home', 'Enter'], save: /^Save Blocks of/, forms: TABLE,
  },
  chart(1, 'Sizes', 'size-histogram', { save: /^Save Requested sizes/, brush: ['Home', 'Enter'] }),
  {
    ...chart(1, 'Sizes', 'size-histogram', { save: /^Save Sizes of free blocks/, brush: ['Home', 'Enter'] }), name: 'free sizes',
    keys: '', reach: async (page) => {
      await page.getByTestId('size-measure').focus()
      await page.keyboard.type('free')
      await page.getByTestId('size-histogram-canvas').focus()
    },
  },
  chart(2, 'Free space', 'free-space', { save: /^Save Free space/, brush: ['Home', 'ArrowRight', 'Enter'] }),
  chart(3, 'Pages', 'page-strip', { save: /^Save Pages/, brush: ['Home', 'Enter', 'Shift+ArrowRight'] }),
  { ...chart(3, 'Pages', 'page-bars', { save: /^Save By use/, brush: ['Home', 'Enter'] }), name: 'page occupancy', commands: ['Show pages'], keys: '', reach: (page) => tabTo(page, page.getByTestId('page-bars-canvas')) },
  chart(4, 'Waste', 'waste-treemap', { save: /^Save Waste/, brush: ['End', 'Enter'] }),
  chart(5, 'Survival', 'survival', { save: /^Save Survival/, brush: ['ArrowDown'], change: (page) => page.getByTestId('survival').getByRole('combobox').selectOption('bytes').then(() => undefined) }),
  chart(6, 'Buckets of the front end', 'front-end', { save: /^Save Buckets/, brush: ['Home', 'Enter'] }),
  {
    name: 'free lists', commands: ['Show free lists'], keys: 'Alt+7', region: '[data-testid="free-lists"]', holder: (page) => page.getByRole('grid', { name: 'Free blocks by size class' }), words: (page) => gridWords(page.getByRole('grid', { name: 'Free blocks by size class' })),
    brush: ['Home', 'Enter'], save: /^Save Free blocks/, forms: TABLE,
  },
]

let running: RunningApp
test.describe.configure({ timeout: 240_000 })
test.beforeAll(async ({ workerApp }) => {
  running = await asAfterStart(workerApp)
  await openRun(running, { input: /G2/, heap: 'NT heap with low-fragmentation front end (Windows 7 to 11)' })
  await expect(running.page.getByTestId('selection-sums')).toContainText('in all')
})

/** Text of the filter and of its chips. */
async function filterShown(page: Page): Promise<string> {
  return `${await page.getByTestId('filter-text').inputValue()} ${(await page.locator('[data-testid^="chip-"]:visible').allInnerTexts()).join(', ')}`
}

async function press(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await (key.startsWith('> ') ? command(page, key.slice(2)) : page.keyboard.press(key))
}

/** Nothing that is shown waits for its figures. */
const expectAnswered = (page: Page): Promise<void> => expect(page.locator('.chart-answer[data-pending="true"], .run-view [role="row"][aria-busy="true"]')).toHaveCount(0)

/** Shows a view by the palette and waits until it holds the keys and shows what was asked for: new marks let go of the old. */
async function show(page: Page, view: View): Promise<Locator> {
  for (const title of view.commands) await command(page, title)
  await view.reach?.(page)
  const holder = view.holder(page)
  await expect(holder, view.name).toBeFocused()
  await expect(holder, view.name).not.toHaveAttribute('data-painted', 'false')
  await expectAnswered(page)
  return holder
}

async function checkContrasts(page: Page, view: View, schemes: readonly Scheme[]): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await checkAxe(page, ['color-contrast'], view.region)
  }
  await page.emulateMedia({ colorScheme: null })
}

for (const view of VIEWS) {
  test(`${view.name}: by keyboard and palette, in words, readable, brushed, saved`, async () => {
    const { page, app } = running
    const holder = await show(page, view)
    await expect.poll(() => view.words(page)).toMatch(/\d/)
    if ((view.keys ?? '') !== '') {
      await page.getByTestId('filter-text').focus()
      await page.keyboard.press(view.keys!)
      await expect(holder).toBeFocused()
    }

    await page.emulateMedia({ colorScheme: 'light' })
    await checkAxe(page, undefined, view.region)
    await checkContrasts(page, view, ['dark'])

    // Another moment, other words; the keys stay where they are.
    const event = await page.getByTestId('run-view').getAttribute('data-shown-event')
    const before = await view.words(page)
    await (view.change ?? (() => page.keyboard.press('Alt+Home')))(page)
    await expect.poll(() => view.words(page)).not.toBe(before)
    if (view.change === undefined) {
      await page.keyboard.press('Alt+ArrowLeft')
      await expect(page.getByTestId('run-view')).toHaveAttribute('data-shown-event', event!)
      await expectAnswered(page)
    }

    // The brush is the document's filter, and is told by its chips and sums.
    const sums = page.getByTestId('selection-sums')
    if (view.brush.length > 0) {
      const unfiltered = await filterShown(page)
      await holder.focus()
      await press(page, view.brush)
      await expect(sums).toContainText('selected')
      await expect.poll(() => filterShown(page)).not.toBe(unfiltered)
      await command(page, 'Clear the filter')
      await expect(sums).toContainText('in all')
      await show(page, view)
      await page.keyboard.press('Escape')
    }

    // Every form it has, and no other.
    const opener = page.getByTestId('save-menu').and(page.getByRole('button', { name: view.save }))
    await expect(opener).toBeVisible()
    const folder = temporaryFolder()
    for (const form of view.forms.filter((one) => IS_THOROUGH || QUICK_FORMS.includes(one))) {
      const file = path.join(folder, `view.${form}`)
      await stubSaveDialog(app, file)
      await opener.focus()
      await page.keyboard.press('Enter')
      await expect(page.locator('[role="menuitem"]:visible')).toHaveCount(view.forms.length)
      await page.locator(`[data-testid="save-${form}"]:visible`).press('Enter')
      await expect.poll(() => (fs.existsSync(file) ? fs.readFileSync(file).length : 0), `${view.name} as ${form}`).toBeGreaterThan(100)
    }
    expect(fs.readFileSync(path.join(folder, 'view.csv'), 'utf8').trimEnd().split('\n').length).toBeGreaterThan(1)
    if (view.forms.includes('svg')) expect(fs.readFileSync(path.join(folder, 'view.svg'), 'utf8')).toMatch(/<title id="title">[^]*<\/svg>\s*$/)
  })
}

test('every view keeps its contrasts in high contrast', async () => {
  test.skip(!IS_THOROUGH, 'its colours are the same in every view; npm test looks at them in another spec')
  const { page, app } = running
  await clickMenu(app, 'view.contrastMore')
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more')
  for (const view of VIEWS) {
    await show(page, view)
    await checkContrasts(page, view, ['light', 'dark'])
  }
  await clickMenu(app, 'view.contrastSystem')
})

/** Controls and texts of a view that leave it, or lie on each other. */
function badlyPlaced(region: Element): string[] {
  const shown = [...region.querySelectorAll<HTMLElement>('button, select, input, h3, label, .scale, [role="columnheader"]')].filter((element) => {
    const { width, height } = element.getBoundingClientRect()
    // Scrolled away, in a menu that is closed, or for readers only: not in sight.
    return width > 1 && height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.closest('[popover], .big-table, .visually-hidden, .for-readers') === null
  })
  const outer = region.getBoundingClientRect()
  const name = (element: HTMLElement): string => `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 30)}"`
  const problems: string[] = []
  shown.forEach((element, i) => {
    const at = element.getBoundingClientRect()
    if (at.left < outer.left - 1 || at.right > outer.right + 1 || at.right > innerWidth + 1) problems.push(`${name(element)} leaves the view`)
    for (const other of shown.slice(i + 1)) {
      if (element.contains(other) || other.contains(element)) continue
      const over = other.getBoundingClientRect()
      if (Math.min(at.right, over.right) - Math.max(at.left, over.left) > 1 && Math.min(at.bottom, over.bottom) - Math.max(at.top, over.top) > 1) problems.push(`${name(element)} lies on ${name(other)}`)
    }
  })
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth + 1) problems.push('the window scrolls sideways')
  return problems
}

/** Pixels of a canvas that differ from its first: how much of it is drawn, and whether it has the screen's pixels. */
function paintedPixels(holder: Element): { readonly drawn: number; readonly missing: readonly number[] } {
  const canvas = holder.querySelector('canvas')!
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
  const pixels = new Uint32Array(data.buffer)
  return { drawn: pixels.reduce((sum, pixel) => sum + (pixel === pixels[0] ? 0 : 1), 0), missing: [Math.round(canvas.clientWidth * devicePixelRatio) - canvas.width, Math.round(canvas.clientHeight * devicePixelRatio) - canvas.height] }
}

/** CSS pixels of what a screen of 3840 x 2160 shows at 300 %, and a smaller one at 150 %. */
const SCALES = [[3, 1280, 720], [1.5, 1280, 800]] as const

test('every view paints at 300 %: sharp, nothing cut off, nothing on another', async () => {
  const { page } = running
  const session = await page.context().newCDPSession(page)
  for (const [deviceScaleFactor, width, height] of IS_THOROUGH ? SCALES : SCALES.slice(0, 1)) {
    await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor, mobile: false })
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio])).toEqual([width, height, deviceScaleFactor])
    for (const view of VIEWS) {
      const holder = await show(page, view)
      if (view.forms.includes('svg')) {
        await expect.poll(() => holder.evaluate(paintedPixels).then(({ drawn }) => drawn), view.name).toBeGreaterThan(500)
        await expect.poll(() => holder.evaluate(paintedPixels).then(({ missing }) => missing), view.name).toEqual([0, 0])
      }
      await expect.poll(() => page.locator(view.region).first().evaluate(badlyPlaced), view.name).toEqual([])
    }
  }
  await session.detach()
})

test('every view, to be looked at side by side', async () => {
  test.skip(!IS_THOROUGH, 'only an eye can judge')
  for (const view of VIEWS) {
    await show(running.page, view)
    await shoot(running, `view-${view.name.replaceAll(' ', '-')}`, { schemes: ['light', 'dark'], sizes: [SMALL_SCREEN, LARGE_SCREEN] })
  }
})
