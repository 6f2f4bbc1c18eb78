import { expect } from '@playwright/test'
import type { Locator } from '@playwright/test'
import { clickMenu, type RunningApp } from './app'

/** Opens a console through its dialog and gives its panel. */
export async function openConsole({ page, app }: RunningApp, number = 1): Promise<Locator> {
  await clickMenu(app, 'console.new')
  await page.getByRole('dialog', { name: 'New console' }).getByRole('button', { name: 'Open the console' }).click()
  const panel = page.getByRole('article', { name: `Console ${number}` })
  await expect(panel.getByTestId('document-heap')).toHaveAttribute('data-heap', /^[1-9]/)
  await expect(panel).toHaveAttribute('data-busy', 'false')
  return panel
}

export const editor = (panel: Locator): Locator => panel.getByRole('textbox', { name: 'Next lines of the script' })

/** Types lines into the console's editor and carries them out; the figures of its heaps are of then. */
export async function enter(panel: Locator, text: string): Promise<void> {
  const done = Number(await panel.getAttribute('data-position'))
  await editor(panel).fill(text)
  await panel.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(panel).toHaveAttribute('data-position', String(done + text.split('\n').length))
  await expect(panel).toHaveAttribute('data-busy', 'false')
}
