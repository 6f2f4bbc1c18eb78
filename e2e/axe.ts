import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import fs from 'node:fs'
import path from 'node:path'
import { IS_THOROUGH, projectFolder } from './app'

/** A violation that is known and not ours to mend: a rule, and a part of the selector of the elements it is about. */
interface KnownViolation {
  readonly rule: string
  readonly target: string
  readonly why: string
}

const baselineFile = path.join(projectFolder, 'e2e/axe-baseline.json')
const knownViolations = JSON.parse(fs.readFileSync(baselineFile, 'utf8')) as readonly KnownViolation[]

/**
 * Fails when the page breaks a rule of accessibility that axe-baseline.json does not list; `rules`: those alone; `within`: a
 * selector of the only part that is looked at. Axe goes into a page once, and only what is broken comes back: its source and the
 * list of what is well cost more than the look itself. `npm test` looks at the first rows of long tables, which are alike, and
 * where a dialog is open at nothing behind it.
 */
export async function checkAxe(page: Page, rules?: readonly string[], within?: string): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const found = await page.evaluate(async ({ only, part, isQuick }) => {
    const include = part ?? (isQuick && document.querySelector('dialog[open]') !== null ? 'dialog[open]' : 'html')
    const exclude = isQuick ? ['.big-table .body > .row:nth-child(n+4):not(.active)'] : []
    const { violations } = await window.axe.run({ include, exclude }, { resultTypes: ['violations'], ...(only === undefined ? {} : { runOnly: { type: 'rule', values: [...only] } }) })
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => ({ rule: id, target: node.target.join(' '), html: node.html.slice(0, 200) })))
  }, { only: rules, part: within, isQuick: !IS_THOROUGH })
  const isKnown = ({ rule, target }: { rule: string; target: string }): boolean => knownViolations.some((known) => known.rule === rule && target.includes(known.target))
  expect(found.filter((violation) => !isKnown(violation))).toEqual([])
}

declare global {
  interface Window {
    axe: typeof axe
  }
}
