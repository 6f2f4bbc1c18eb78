import type { VariantDrawing } from '../../analysis/sweep/sweep-drawings'
import { formatValue } from '../figure-line'
import { formatCount } from '../format-number'
import { escapeHtml } from './page'

/** Lines of one picture differ in colour and in dashes; each is named at its end. */
const TONES = ['var(--a)', 'var(--b)', 'var(--good)', 'var(--bad)', 'var(--dim)', 'var(--text)'] as const
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 4', '12 4'] as const
const LEFT = 84
const PLOT = 560
const HEIGHT = 190
const TOP = 12
const FOOT = 22
const NAMES = 216
const NAME_STEP = 14

/** Committed bytes over events of several heaps on one scale from 0. */
export function footprintLinesSvg(input: string, drawings: readonly VariantDrawing[]): string {
  const most = Math.max(1, ...drawings.flatMap(({ drawing }) => drawing.footprint))
  const last = Math.max(1, ...drawings.map(({ drawing }) => drawing.events.at(-1) ?? 1))
  const x = (event: number): string => (LEFT + (event / last) * PLOT).toFixed(1)
  const y = (bytes: number): string => (TOP + (1 - bytes / most) * HEIGHT).toFixed(1)
  const width = LEFT + PLOT + NAMES
  const height = TOP + HEIGHT + FOOT
  return [
    `<svg role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">`,
    `<title>${escapeHtml(`Committed bytes over events of ${input} in ${drawings.length} heaps`)}</title>`,
    `<line x1="${LEFT}" x2="${LEFT + PLOT}" y1="${TOP + HEIGHT}" y2="${TOP + HEIGHT}" style="stroke:var(--line)"/>`,
    `<text x="${LEFT - 6}" y="${TOP + 8}" text-anchor="end">${escapeHtml(formatValue(most, 'bytes'))}</text>`,
    `<text x="${LEFT - 6}" y="${TOP + HEIGHT}" text-anchor="end">0</text>`,
    `<text x="${LEFT + PLOT}" y="${height - 6}" text-anchor="end">${formatCount(last)} events</text>`,
    ...drawings.map(({ drawing }, at) => `<polyline points="${stepPoints(drawing, x, y)}" style="fill:none;stroke:${TONES[at % TONES.length]!};stroke-width:1.6;stroke-dasharray:${DASHES[at % DASHES.length] || 'none'}"/>`),
    ...nameParts(drawings),
    '</svg>',
  ].join('\n')
}

function stepPoints({ events, footprint }: VariantDrawing['drawing'], x: (event: number) => string, y: (bytes: number) => string): string {
  let from = 0
  return footprint.map((bytes, at) => {
    const part = `${x(from)},${y(bytes)} ${x(events[at]!)},${y(bytes)}`
    from = events[at]!
    return part
  }).join(' ')
}

function nameParts(drawings: readonly VariantDrawing[]): string[] {
  return drawings.map(({ key }, at) => {
    const middle = TOP + 8 + at * NAME_STEP
    const line = `<line x1="${LEFT + PLOT + 8}" x2="${LEFT + PLOT + 34}" y1="${middle - 4}" y2="${middle - 4}" style="stroke:${TONES[at % TONES.length]!};stroke-width:2;stroke-dasharray:${DASHES[at % DASHES.length] || 'none'}"/>`
    return `${line}<text x="${LEFT + PLOT + 40}" y="${middle}">${escapeHtml(key.length > 28 ? `${key.slice(0, 27)}…` : key)}</text>`
  })
}
