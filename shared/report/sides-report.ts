import type { ChangeExplanation } from '../analysis/compare/explain-change'
import type { Cause, RankedCauses } from '../analysis/compare/rank-causes'
import type { ComparisonBasis, FigureDifference, SidesComparison } from '../analysis/compare/compare-sides'
import { figureCells } from './figure-line'
import { formatCount, formatPercent, formatSigned } from './format-number'
import { markdownTable, textTable } from './text-table'

/** Version of the JSON below; grows when a key changes its meaning. */
export const SIDES_SCHEMA = 1

/** Two sides as JSON: what `compare --a ... --b ... --json` prints. */
export function sidesJson(comparison: SidesComparison, explanation: ChangeExplanation | null): Record<string, unknown> {
  const { a, b, primary, others, ...rest } = comparison
  return { schema: SIDES_SCHEMA, ...rest, a, b, figures: [...primary, ...others].map((row) => figureJson(row, primary.includes(row))), explanation }
}

export function figureJson({ figure, ...row }: FigureDifference, isPrimary: boolean): Record<string, unknown> {
  return { id: figure.id, label: figure.label, unit: figure.unit, formula: figure.formula, primary: isPrimary, ...row }
}

/** How the verdicts of a comparison were reached. */
export const BASIS_TEXTS: Readonly<Record<ComparisonBasis, string>> = {
  exact: 'All runs carry out one trace: differences are facts about the heap.',
  tested: 'Repeats were tested: Mann-Whitney, Holm over the primary figures, with thresholds for size and effect.',
  thresholds: 'Too few repeats for a test: verdicts follow the thresholds alone.',
}

export const sidesText = (comparison: SidesComparison, explanation: ChangeExplanation | null): string => render(comparison, explanation, textTable, (title) => `\n${title}`)
export const sidesMarkdown = (comparison: SidesComparison, explanation: ChangeExplanation | null): string =>
  render(comparison, explanation, markdownTable, (title) => `\n### ${title}\n`)

type TableWriter = (rows: readonly (readonly string[])[], left?: readonly number[]) => string

const FIGURE_HEAD = ['figure', 'A → B (medians)', 'change', 'test', 'verdict']

function render(comparison: SidesComparison, explanation: ChangeExplanation | null, table: TableWriter, heading: (title: string) => string): string {
  const { a, b, basis, issues, runsNeeded, primary, others } = comparison
  const needed = runsNeeded === null ? '' : ` A test needs ${runsNeeded} runs per side.`
  return [
    `A: ${a.name} (${runCount(a.runs.length)})  `,
    `B: ${b.name} (${runCount(b.runs.length)})`,
    '',
    `${BASIS_TEXTS[basis]}${needed}`,
    ...issues.map(({ text }) => `Note: ${text}`),
    heading('Primary figures'),
    table([FIGURE_HEAD, ...primary.map(figureCells)], [0, 1, 2, 3, 4]),
    heading('All figures'),
    table([FIGURE_HEAD, ...others.map(figureCells)], [0, 1, 2, 3, 4]),
    ...(explanation === null ? [] : explanationLines(explanation, table, heading)),
  ].join('\n')
}

const runCount = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`)

/** Where the bytes went and who is to blame, as tables. */
export function explanationLines(explanation: ChangeExplanation, table: TableWriter, heading: (title: string) => string): string[] {
  const { split, ratio, bySize, bySite } = explanation
  return [
    heading('Where the footprint went (bytes, run nearest the median of each side, at its peak)'),
    table([['term', 'A', 'B', 'difference'], ...split.map(({ term, a, b, difference }) => [term, formatCount(a), formatCount(b), formatSigned(difference)])]),
    ...(ratio === null ? [] : ['', `Footprint over live bytes changed by ${ratio.change.toFixed(4)}: ${ratio.footprintEffect.toFixed(4)} by the footprint, ${ratio.demandEffect.toFixed(4)} by the demand.`]),
    ...causeLines('Causes by size class', bySize, table, heading),
    ...(bySite === null ? [] : causeLines('Causes by call site', bySite, table, heading)),
  ]
}

function causeLines(title: string, ranked: RankedCauses, table: TableWriter, heading: (title: string) => string): string[] {
  if (ranked.change === 0) return []
  const head = ['cause', 'live', 'header', 'rounding', 'pinned', 'together']
  return [
    heading(`${title} (${formatPercent(ranked.coveredShare)} of ${formatSigned(ranked.change)} bytes)`),
    table([head, ...ranked.causes.map(causeCells), ...ranked.offsets.map((cause) => ['against it: ', ...causeCells(cause).slice(1)].map((cell, i) => (i === 0 ? `${cell}${cause.key}` : cell)))]),
  ]
}

const causeCells = ({ key, live, header, rounding, pinned, contribution }: Cause): string[] => [
  key,
  ...[live, header, rounding, pinned, contribution].map((bytes) => formatSigned(Math.round(bytes))),
]
