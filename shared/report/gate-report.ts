import type { ChangeExplanation } from '../analysis/compare/explain-change'
import type { FigureStatus, GateFigure, GateResult } from '../analysis/gate/gate'
import { figureCells, formatChange, formatPair, formatTest, formatVerdict } from './figure-line'
import { explanationLines, figureJson } from './sides-report'
import { markdownTable, textTable } from './text-table'

/** Version of the gate's JSON; grows when a key changes its meaning. */
export const GATE_SCHEMA = 1

export function gateJson(result: GateResult, explanation: ChangeExplanation | null): Record<string, unknown> {
  const { verdict, mode, confirmed, issues, comparison } = result
  return {
    schema: GATE_SCHEMA,
    verdict,
    mode,
    confirmed,
    rule: comparison.rule,
    seed: comparison.seed,
    issues,
    figures: result.figures.map(({ status, first, confirmation }) => ({ status, ...figureJson(first, true), confirmation: confirmation === null ? null : figureJson(confirmation, true) })),
    environment: comparison.b.runs[0]!.conditions,
    baseline: comparison.a.runs.map(({ title, source }) => ({ title, source })),
    candidate: comparison.b.runs.map(({ title, source }) => ({ title, source })),
    explanation,
  }
}

const VERDICT_TEXTS: Readonly<Record<GateResult['verdict'], string>> = {
  pass: 'PASS: no primary figure grew.',
  improved: 'PASS: improved; a new baseline is worth considering.',
  suspect: 'PASS, SUSPECT: growth that no fresh batch confirmed; run both sides again and give them as --confirm-baseline and --confirm-candidate.',
  fail: 'FAIL: a primary figure grew.',
}

const STATUS_TEXTS: Readonly<Record<FigureStatus, string>> = { pass: 'pass', regression: 'REGRESSION', suspect: 'SUSPECT', improvement: 'improvement', 'not-available': 'not available' }

export const gateText = (result: GateResult, explanation: ChangeExplanation | null): string => render(result, explanation, textTable, (title) => `\n${title}`)
export const gateMarkdown = (result: GateResult, explanation: ChangeExplanation | null): string => render(result, explanation, markdownTable, (title) => `\n### ${title}\n`)

function render(result: GateResult, explanation: ChangeExplanation | null, table: typeof textTable, heading: (title: string) => string): string {
  const rows = result.figures.flatMap(figureRows)
  return [
    `Heap gate (${result.mode}): ${VERDICT_TEXTS[result.verdict]}`,
    ...result.issues.map(({ text }) => `Note: ${text}`),
    '',
    table([['figure', 'baseline → candidate', 'change', 'test', 'verdict'], ...rows], [0, 1, 2, 3, 4]),
    ...(explanation === null || result.verdict === 'pass' ? [] : explanationLines(explanation, table, heading)),
  ].join('\n')
}

function figureRows({ status, first, confirmation }: GateFigure): string[][] {
  const cells = figureCells(first)
  // What could not have been seen stands beside a pass; the other verdicts say what the gate made of them.
  if (status !== 'pass') cells[4] = confirmation !== null && status === 'regression' ? `${STATUS_TEXTS[status]} (confirmed)` : STATUS_TEXTS[status]
  if (confirmation === null) return [cells]
  return [cells, ['  fresh batch', formatPair(confirmation.a.median, confirmation.b.median, confirmation.figure.unit), formatChange(confirmation), formatTest(confirmation), formatVerdict(confirmation)]]
}

/** JUnit XML, one test case per figure: regressions fail, suspects and missing figures are skipped with their text. */
export function gateJUnit(result: GateResult): string {
  const { figures } = result
  const count = (...statuses: readonly FigureStatus[]): number => figures.filter(({ status }) => statuses.includes(status)).length
  const attributes = `name="heapscape gate" tests="${figures.length}" failures="${count('regression')}" skipped="${count('suspect', 'not-available')}"`
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${attributes}>`, `  <testsuite ${attributes}>`, ...figures.map(testCase), '  </testsuite>', '</testsuites>', ''].join('\n')
}

function testCase({ status, first }: GateFigure): string {
  const name = escapeXml(first.figure.label)
  const line = escapeXml([formatPair(first.a.median, first.b.median, first.figure.unit), formatChange(first), formatTest(first)].filter((part) => part !== '').join('  '))
  const open = `    <testcase classname="heapscape.gate" name="${name}">`
  if (status === 'regression') return `${open}<failure message="${line}"/></testcase>`
  if (status === 'suspect' || status === 'not-available') return `${open}<skipped message="${STATUS_TEXTS[status]}: ${line}"/></testcase>`
  return `${open}<system-out>${line}</system-out></testcase>`
}

const XML_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (letter) => XML_ENTITIES[letter]!)
