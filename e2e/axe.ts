import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import fs from 'node:fs'
import path from 'node:path'
import { projectFolder } from './app'

/** A violation that is known and not ours to mend: a rule, and a part of the selector of the elements it is about. */
interface KnownViolation {
  readonly rule: string
  readonly target: string
  readonly why: string
}

const baselineFile = path.join(projectFolder, 'e2e/axe-baseline.json')
const knownViolations = JSON.parse(fs.readFileSync(baselineFile, 'utf8')) as readonly KnownViolation[]

/** Fails when the page breaks a rule of accessibility that axe-baseline.json does not list; `rules`: those alone. */
export async function checkAxe(page: Page, rules?: readonly string[]): Promise<void> {
  // Legacy mode: without it axe opens a second page, which an Electron window cannot.
  const builder = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations } = await (rules === undefined ? builder : builder.withRules([...rules])).analyze()
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => ({ rule: id, target: node.target.join(' '), html: node.html.slice(0, 200) })))
  const isKnown = ({ rule, target }: { rule: string; target: string }): boolean => knownViolations.some((known) => known.rule === rule && target.includes(known.target))
  expect(found.filter((violation) => !isKnown(violation))).toEqual([])
}
