import type { TilingSplit } from '../../analysis/metrics/tiling-split'
import type { VariantSplit } from '../../analysis/sweep/sweep-drawings'
import { formatValue } from '../figure-line'
import { escapeHtml } from './page'

/*
 * One stacked bar a heap, all on one scale from 0:
 *
 *   first-fit/csapp   ██████▒▒▒░░·····   312 KiB
 *   buddy/standard    ██████▒▒▒▒▒▒▒▒░░   351 KiB
 */
export const SPLIT_TERMS = ['live', 'header', 'rounding', 'internal', 'cachedFree', 'pinnedFree', 'releasableFree'] as const satisfies readonly (keyof TilingSplit)[]
export const SPLIT_LABELS: Readonly<Record<(typeof SPLIT_TERMS)[number], string>> = {
  live: 'live',
  header: 'headers',
  rounding: 'rounding',
  internal: "heap's own",
  cachedFree: 'cached',
  pinnedFree: 'pinned free',
  releasableFree: 'releasable free',
}

const TONES: Readonly<Record<(typeof SPLIT_TERMS)[number], string>> = {
  live: '#3f8fd2',
  header: '#c98bb5',
  rounding: '#8c3f9e',
  internal: '#7a8294',
  cachedFree: '#e6a93a',
  pinnedFree: '#d55e00',
  releasableFree: '#7cc6ee',
}
const LABEL = 250
const PLOT = 480
const FIGURE = 110
const ROW = 22
const KEY = 26

export function splitBarsSvg(splits: readonly VariantSplit[]): string {
  const most = Math.max(1, ...splits.map(({ split }) => split.committed))
  const height = KEY + splits.length * ROW + 8
  const width = LABEL + PLOT + FIGURE
  return [
    `<svg role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">`,
    '<title>Bytes at the peak of each heap by what they are</title>',
    ...keyParts(),
    ...splits.flatMap((split, row) => barParts(split, KEY + row * ROW, most)),
    '</svg>',
  ].join('\n')
}

function keyParts(): string[] {
  const step = (LABEL + PLOT + FIGURE - 8) / SPLIT_TERMS.length
  return SPLIT_TERMS.map((term, at) => `<rect x="${8 + at * step}" y="7" width="11" height="11" fill="${TONES[term]}"/><text x="${23 + at * step}" y="17">${SPLIT_LABELS[term]}</text>`)
}

function barParts({ key, split }: VariantSplit, top: number, most: number): string[] {
  let at = LABEL
  const parts = SPLIT_TERMS.flatMap((term) => {
    const width = (split[term] / most) * PLOT
    const left = at
    at += width
    return split[term] > 0 ? [`<rect x="${left.toFixed(2)}" y="${top + 3}" width="${width.toFixed(2)}" height="${ROW - 6}" fill="${TONES[term]}"/>`] : []
  })
  const name = key.length > 38 ? `${key.slice(0, 37)}…` : key
  return [`<text x="8" y="${top + 15}">${escapeHtml(name)}</text>`, ...parts, `<text x="${(at + 6).toFixed(1)}" y="${top + 15}">${escapeHtml(formatValue(split.committed, 'bytes'))}</text>`]
}
