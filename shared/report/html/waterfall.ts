import type { SplitDifference } from '../../analysis/compare-runs'
import { formatSigned } from '../format-number'
import { escapeHtml } from './page'

/*
 * The change of the footprint as a waterfall, to the byte:
 *
 *   A ████████████████
 *     live            ▲▲▲
 *     header             ▲
 *     pinned free      ▼▼▼
 *   B █████████████████
 */
const LABEL_WIDTH = 150
const PLOT_WIDTH = 560
const FIGURE_WIDTH = 150
const ROW = 24

export interface WaterfallStep {
  readonly label: string
  /** Both in bytes; a step goes from one to the other. */
  readonly from: number
  readonly to: number
  readonly kind: 'total' | 'up' | 'down'
}

/** Names of the terms of the committed bytes; the sums below them have none. */
export const TERM_LABELS: Readonly<Partial<Record<SplitDifference['term'], string>>> = {
  live: 'live',
  header: 'header',
  rounding: 'rounding',
  internal: 'heap structures',
  pinnedFree: 'free, pinned',
  releasableFree: 'free, releasable',
  cachedFree: 'free, cached',
}

/** Steps from A's committed bytes to B's; terms that did not change are left out. The last step ends where B begins. */
export function waterfallSteps(split: readonly SplitDifference[]): WaterfallStep[] {
  const committed = split.find(({ term }) => term === 'committed')!
  const steps: WaterfallStep[] = [{ label: 'A', from: 0, to: committed.a, kind: 'total' }]
  let level = committed.a
  for (const { term, difference } of split) {
    const label = TERM_LABELS[term]
    if (label === undefined || difference === 0) continue
    steps.push({ label, from: level, to: level + difference, kind: difference > 0 ? 'up' : 'down' })
    level += difference
  }
  return [...steps, { label: 'B', from: 0, to: committed.b, kind: 'total' }]
}

export function waterfallSvg(split: readonly SplitDifference[]): string {
  const steps = waterfallSteps(split)
  const most = Math.max(1, ...steps.flatMap(({ from, to }) => [from, to]))
  const x = (bytes: number): number => LABEL_WIDTH + (bytes / most) * PLOT_WIDTH
  const height = steps.length * ROW + 8
  const bars = steps.map(({ label, from, to, kind }, row) => {
    const y = 4 + row * ROW
    const left = x(Math.min(from, to))
    const width = Math.max(1, Math.abs(x(to) - x(from)))
    const fill = kind === 'total' ? (row === 0 ? 'var(--a)' : 'var(--b)') : `var(--${kind})`
    // Direction is in the sign of the figure too, never in the colour alone.
    const figure = kind === 'total' ? formatSigned(to).replace('+', '') : `${kind === 'up' ? '▲' : '▼'} ${formatSigned(to - from)}`
    return `<text x="8" y="${y + 16}">${escapeHtml(label)}</text><rect x="${left.toFixed(1)}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 6}" style="fill:${fill}"/><text x="${LABEL_WIDTH + PLOT_WIDTH + 8}" y="${y + 16}">${figure}</text>`
  })
  const width = LABEL_WIDTH + PLOT_WIDTH + FIGURE_WIDTH
  return [`<svg role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">`, '<title>Change of the committed bytes from A to B, by term</title>', ...bars, '</svg>'].join('\n')
}
