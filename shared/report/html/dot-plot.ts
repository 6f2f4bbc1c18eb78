import type { FigureDifference, SideFigure } from '../../analysis/compare/compare-sides'
import { formatValue } from '../figure-line'
import { escapeHtml } from './page'

/*
 * Every run of both sides as a dot on one scale from 0, with the median as a line and its interval as a band:
 *
 *   A   ─────────[ ●●|● ]──────────
 *   B   ──────────────[●|●●  ]─────
 */
const WIDTH = 860
const LEFT = 40
const PLOT = 680
const ROW = 30

/** Circles for A, squares for B. */
export function dotPlotSvg({ figure, a, b }: FigureDifference): string {
  const known = [...a.values, ...b.values].filter((value) => value !== null)
  const most = Math.max(0, ...known) || 1
  const x = (value: number): number => LEFT + (Math.max(0, value) / most) * PLOT
  const height = 2 * ROW + 28
  return [
    `<svg role="img" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" xmlns="http://www.w3.org/2000/svg">`,
    `<title>${escapeHtml(`${figure.label}: every run of A and B`)}</title>`,
    sideRow(a, 'A', 4, x, (cx, cy) => `<circle cx="${cx}" cy="${cy}" r="4" style="fill:var(--a);fill-opacity:.65"/>`, 'var(--a)'),
    sideRow(b, 'B', 4 + ROW, x, (cx, cy) => `<rect x="${(Number(cx) - 3.5).toFixed(1)}" y="${cy - 3.5}" width="7" height="7" style="fill:var(--b);fill-opacity:.65"/>`, 'var(--b)'),
    `<text x="${LEFT}" y="${2 * ROW + 22}">0</text><text x="${LEFT + PLOT}" y="${2 * ROW + 22}" text-anchor="end">${escapeHtml(formatValue(most, figure.unit))}</text>`,
    '</svg>',
  ].join('\n')

  function sideRow({ values, median, interval }: SideFigure, name: string, top: number, place: (value: number) => number, mark: (cx: string, cy: number) => string, colour: string): string {
    const middle = top + ROW / 2
    const band = interval === null ? '' : `<rect x="${place(interval.low).toFixed(1)}" y="${middle - 9}" width="${Math.max(1, place(interval.high) - place(interval.low)).toFixed(1)}" height="18" style="fill:${colour};fill-opacity:.15"/>`
    const line = median === null ? '' : `<line x1="${place(median).toFixed(1)}" x2="${place(median).toFixed(1)}" y1="${middle - 11}" y2="${middle + 11}" style="stroke:${colour};stroke-width:2"/>`
    const marks = values.map((value) => (value === null ? '' : mark(place(value).toFixed(1), middle)))
    const text = median === null ? '—' : formatValue(median, figure.unit)
    return `<text x="12" y="${middle + 4}">${name}</text><line x1="${LEFT}" x2="${LEFT + PLOT}" y1="${middle}" y2="${middle}" style="stroke:var(--line)"/>${band}${line}${marks.join('')}<text x="${LEFT + PLOT + 10}" y="${middle + 4}">${escapeHtml(text)}</text>`
  }
}
