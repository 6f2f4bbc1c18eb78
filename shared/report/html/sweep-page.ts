import type { RankedPoint, SweepRanking } from '../../analysis/sweep/sweep-ranking'
import { drawingsOf, splitsOf, type DrawnPoint, type VariantSplit } from '../../analysis/sweep/sweep-drawings'
import { formatConfidence, SWEEP_HEAD, sweepCells } from '../sweep-report'
import { footprintLinesSvg } from './footprint-lines'
import { escapeHtml, htmlPage, htmlSection, htmlTable, type HtmlCell } from './page'
import { SPLIT_LABELS, splitBarsSvg, SPLIT_TERMS } from './split-bars'
import { formatCount } from '../format-number'

/** Rows and pictures shown at most; what is left out is counted. */
const MOST_ROWS = 500
const MOST_LINES = 6
const MOST_INPUTS = 20
const MOST_BARS = 40

/** A sweep as a page; a few hundred KB at most, however many points it has. */
export function sweepPage(ranking: SweepRanking, points: readonly DrawnPoint[]): string {
  const { advice, confidence, reference } = ranking
  const inputs = [...new Set(points.map(({ input }) => input))]
  return htmlPage(`What if: ${inputs.length === 1 ? inputs[0]! : `${inputs.length} traces`} in ${ranking.points.length} heaps`, [
    `<p><strong>${escapeHtml(advice)}</strong></p>`,
    confidence === null ? '' : `<p>${escapeHtml(formatConfidence(confidence))}</p>`,
    htmlSection('Ranking', htmlTable('Sums over all traces. Fewest failed requests first, then smallest peak; * marks what no other choice beats in both footprint and waste', ['rank', ...SWEEP_HEAD], ranking.points.slice(0, MOST_ROWS).map((point, place) => rankRow(point, place, reference)), 2), leftOut(ranking.points.length, MOST_ROWS, 'rows')),
    ...footprintSections(ranking, points, inputs),
    splitSection(ranking, points),
    htmlSection('Traces', htmlTable('What was replayed', ['Trace', 'Format', 'Events', 'Hash'], inputs.slice(0, MOST_ROWS).map((input) => inputRow(points, input)), 2)),
  ])
}

function rankRow(point: RankedPoint, place: number, reference: string): HtmlCell[] {
  const [key, ...cells] = sweepCells(point, reference)
  return [String(place + 1), key!, ...cells]
}

function footprintSections({ points: ranked, reference }: SweepRanking, points: readonly DrawnPoint[], inputs: readonly string[]): string[] {
  const shown = shownVariants(ranked, reference)
  const pictures = inputs.slice(0, MOST_INPUTS).map((input) => `<h3>${escapeHtml(input)}</h3>\n${footprintLinesSvg(input, drawingsOf(points, input, shown))}`)
  return [htmlSection('Footprint over time', `<p>Committed bytes over events: the best ${shown.length === ranked.length ? 'choices' : `${shown.length} of ${ranked.length} choices`} and the baseline. The figures are in the table above.</p>`, ...pictures, leftOut(inputs.length, MOST_INPUTS, 'traces'))]
}

function shownVariants(ranked: readonly RankedPoint[], reference: string): string[] {
  const best = ranked.slice(0, MOST_LINES).map(({ key }) => key)
  return best.includes(reference) || reference === '' ? best : [...best.slice(0, MOST_LINES - 1), reference]
}

function splitSection({ points: ranked }: SweepRanking, points: readonly DrawnPoint[]): string {
  const splits = splitsOf(points, ranked.map(({ key }) => key))
  const cells = ({ key, split }: VariantSplit): string[] => [key, ...SPLIT_TERMS.map((term) => formatCount(split[term])), formatCount(split.committed)]
  return htmlSection(
    'Where the bytes are at the peak',
    splitBarsSvg(splits.slice(0, MOST_BARS)),
    leftOut(splits.length, MOST_BARS, 'bars'),
    htmlTable('Bytes at each peak, summed over the traces; terms sum to the committed bytes', ['heap and settings', ...SPLIT_TERMS.map((term) => SPLIT_LABELS[term]), 'committed'], splits.slice(0, MOST_ROWS).map(cells)),
  )
}

function inputRow(points: readonly DrawnPoint[], input: string): string[] {
  const { figures } = points.find((point) => point.input === input)!
  return [input, figures.source.format, `${formatCount(figures.events)}${figures.partial ? ' (read in part)' : ''}`, figures.source.traceHash]
}

const leftOut = (count: number, most: number, what: string): string => (count > most ? `<p class="dim">${count - most} more ${what} are left out.</p>` : '')
