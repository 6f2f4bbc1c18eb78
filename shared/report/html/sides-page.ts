import type { ChangeExplanation } from '../../analysis/compare/explain-change'
import type { Cause, RankedCauses } from '../../analysis/compare/rank-causes'
import type { FigureDifference, SidesComparison } from '../../analysis/compare/compare-sides'
import { figureCells } from '../figure-line'
import { formatCount, formatPercent, formatSigned } from '../format-number'
import { BASIS_TEXTS } from '../sides-report'
import { dotPlotSvg } from './dot-plot'
import { escapeHtml, htmlPage, htmlSection, htmlTable, type HtmlCell } from './page'
import { TERM_LABELS, waterfallSvg } from './waterfall'

/** Rows a table of runs or causes shows at most; what is left out is counted below it. */
const MOST_ROWS = 500

const FIGURE_HEAD = ['Figure', 'A → B (medians)', 'Change', 'Test', 'Verdict']

/** A comparison of two sides as a page; a few hundred KB at most, whatever was compared. */
export function sidesPage(comparison: SidesComparison, explanation: ChangeExplanation | null): string {
  const { a, b, basis, issues, runsNeeded, primary, others } = comparison
  const needed = runsNeeded === null ? '' : ` A test needs ${runsNeeded} runs per side.`
  return htmlPage(`Heap fragmentation: ${a.name} against ${b.name}`, [
    `<p>${escapeHtml(`${BASIS_TEXTS[basis]}${needed}`)}</p>`,
    issues.length === 0 ? '' : `<ul>${issues.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`,
    htmlSection('Primary figures', htmlTable('Medians of each side; primary figures are judged together', FIGURE_HEAD, primary.map(figureRow), FIGURE_HEAD.length), ...primary.map((row) => `<h3>${escapeHtml(row.figure.label)}</h3>\n<p class="dim">${escapeHtml(row.figure.formula)}</p>\n${dotPlotSvg(row)}`)),
    ...(explanation === null ? [] : explanationSections(explanation)),
    htmlSection('All figures', htmlTable('Every figure, each judged alone', FIGURE_HEAD, others.map(figureRow), FIGURE_HEAD.length)),
    htmlSection('Runs', runTable(comparison)),
    `<p class="dim">Seed ${comparison.seed}. Rule: change of at least ${formatPercent(comparison.rule.relative)} and ${formatCount(comparison.rule.floor)} bytes${basis === 'tested' ? `, p &lt; ${comparison.rule.alpha}, |δ| ≥ ${comparison.rule.delta}` : ''}.</p>`,
  ])
}

function figureRow(row: FigureDifference): HtmlCell[] {
  const cells: HtmlCell[] = figureCells(row)
  const verdict = cells.pop() as string
  if (row.verdict === 'worse') return [...cells, { text: verdict, tone: 'bad' }]
  if (row.verdict === 'better') return [...cells, { text: verdict, tone: 'good' }]
  return [...cells, { text: verdict, tone: 'dim' }]
}

function explanationSections({ split, ratio, bySize, bySite, byAge }: ChangeExplanation): string[] {
  const rows = split.map(({ term, a, b, difference }) => [TERM_LABELS[term] ?? term, formatCount(a), formatCount(b), formatSigned(difference)])
  const ratioText = ratio === null ? '' : `<p>Footprint over live bytes changed by ${ratio.change.toFixed(4)}: ${ratio.footprintEffect.toFixed(4)} by the footprint, ${ratio.demandEffect.toFixed(4)} by the demand.</p>`
  return [
    htmlSection('Where the footprint went', '<p>The run nearest the median of each side, at its peak. Terms sum to the committed bytes without remainder.</p>', waterfallSvg(split), htmlTable('Bytes by term', ['Term', 'A', 'B', 'Difference'], rows), ratioText),
    ...causeSection('Causes by size class', bySize),
    ...(bySite === null ? [] : causeSection('Causes by call site', bySite)),
    ...causeSection('Causes by age', byAge),
  ]
}

function causeSection(title: string, { change, causes, coveredShare, offsets }: RankedCauses): string[] {
  if (change === 0) return []
  const head = ['Cause', 'Live', 'Header', 'Rounding', 'Pinned', 'Together']
  // Each table scrolls as a region of its own, so each has a name of its own.
  const caption = `${title}: ${formatPercent(coveredShare)} of ${formatSigned(change)} bytes`
  const tables = [htmlTable(caption, head, causes.slice(0, MOST_ROWS).map(causeRow)), leftOut(causes.length)]
  if (offsets.length > 0) tables.push(htmlTable(`${title}: against it`, head, offsets.slice(0, MOST_ROWS).map(causeRow)), leftOut(offsets.length))
  return [htmlSection(title, ...tables)]
}

const causeRow = ({ key, live, header, rounding, pinned, contribution }: Cause): string[] => [key, ...[live, header, rounding, pinned, contribution].map((bytes) => formatSigned(Math.round(bytes)))]

const leftOut = (rows: number): string => (rows > MOST_ROWS ? `<p class="dim">${formatCount(rows - MOST_ROWS)} more rows are left out.</p>` : '')

function runTable({ a, b, primary }: SidesComparison): string {
  const head = ['Run', 'Side', 'Source', 'Heap', 'Events', ...primary.map(({ figure }) => figure.label)]
  const rows = [a, b].flatMap((side) =>
    side.runs.map(({ title, source, conditions, events, values }) => [
      title,
      side.name,
      source.name,
      `${conditions.request.heap}/${conditions.request.profile}`,
      formatCount(events),
      ...primary.map(({ figure }) => formatCount(Math.round(values[figure.id] ?? 0))),
    ]),
  )
  return [htmlTable('Every run that was compared', head, rows.slice(0, MOST_ROWS), 4), leftOut(rows.length)].join('\n')
}
