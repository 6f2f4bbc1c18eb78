import { expect } from '@playwright/test'
import type { Locator, Page } from '@playwright/test'

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

export async function chooseInput(page: Page, input: string | RegExp): Promise<void> {
  const select = page.getByRole('combobox', { name: 'Replay' })
  await expect(select).toBeVisible()
  const label = (await select.locator('option').allTextContents()).find((text) => (typeof input === 'string' ? text.includes(input) : input.test(text)))
  if (label === undefined) throw new Error(`no input ${String(input)}`)
  await select.selectOption({ label })
}

/** Text of a fact in the trace document. */
export function fact(page: Page, term: string): Locator {
  return page.locator('dl > *', { has: page.getByRole('term').filter({ hasText: new RegExp(`^${term}$`) }) })
}
