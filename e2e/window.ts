import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'
import path from 'node:path'
import { clickMenu, projectFolder, stubOpenDialog, type RunningApp } from './app'

/** A heaptrack recording of an editor that reads a file, draws and keeps what it may have to undo; it has call sites. */
export const EDITOR_SAMPLE = path.join(projectFolder, 'e2e/samples/editor.heaptrack')

/** Parts of the window as a person names them; specs speak through these. */
export const documents = (page: Page): Locator => page.getByRole('navigation', { name: 'Documents' })
export const tab = (page: Page, name: string | RegExp): Locator => page.getByRole('tab', { name })
export const article = (page: Page, name: string | RegExp): Locator => page.getByRole('article', { name })

/** Waits for a run document and gives its panel. */
export async function runPanel(page: Page): Promise<Locator> {
  const run = page.getByTestId('run-view')
  await expect(run).toBeVisible()
  await expect(run).not.toHaveAttribute('data-shown-event', '')
  return run
}

/** Simulates a workload in one heap from the Simulate document that is in front, and opens the run. */
export async function simulate(page: Page, { input, heap }: { readonly input: string | RegExp; readonly heap: string }): Promise<void> {
  await chooseInput(page, input)
  await page.getByRole('combobox', { name: 'Heap', exact: true }).selectOption({ label: heap })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

/** Runs a command by its title, as a person does in the palette. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type(title)
  // A command is there only while what it acts on is.
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await expect(palette.locator('[aria-selected="true"]')).toContainText(title, { ignoreCase: true })
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
}

/** Text of the metrics of the run in front, once all of them are of the moment shown. */
export async function settledMetrics(page: Page): Promise<string> {
  const metrics = page.getByTestId('metrics')
  await expect(metrics).toHaveAttribute('data-pending', 'false')
  return metrics.innerText()
}

/** Simulates a workload from a Simulate document of its own, opens the run and gives its panel. */
export async function openRun({ app, page }: RunningApp, run: { readonly input: string | RegExp; readonly heap: string }): Promise<Locator> {
  await clickMenu(app, 'simulate.new')
  await simulate(page, run)
  await page.getByTestId('simulation-result').getByRole('button').click()
  return runPanel(page)
}

/** Opens files by the menu. */
export async function openFiles({ app }: RunningApp, files: readonly string[]): Promise<void> {
  await stubOpenDialog(app, files)
  await clickMenu(app, 'file.open')
}

/** Opens the editor's trace. */
export async function openEditor(running: RunningApp): Promise<void> {
  await openFiles(running, [EDITOR_SAMPLE])
  await expect(article(running.page, 'Trace editor.heaptrack')).toBeVisible()
}

/** Opens the editor's trace and replays it in First fit: a run with call sites. */
export async function openEditorRun(running: RunningApp): Promise<void> {
  await openEditor(running)
  await openRun(running, { input: 'editor.heaptrack', heap: 'First fit' })
}

export async function chooseInput(page: Page, input: string | RegExp): Promise<void> {
  const select = page.getByRole('combobox', { name: 'Replay' })
  await expect(select).toBeVisible()
  const option = select.locator('option').filter({ hasText: input }).first()
  await expect(option).toBeAttached()
  await select.selectOption({ label: (await option.textContent())! })
}

/** Text of a fact in the trace document. */
export function fact(page: Page, term: string): Locator {
  return page.locator('dl > *', { has: page.getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }) })
}
