import type { FlamePage, SiteRowPage } from '../analysis/sites/site-pages'
import type { SiteMeasure } from '../analysis/sites/site-measures'
import { SiteColumn } from '../analysis/sites/site-tree'

/* Call trees and flame graphs as CSV and SVG: what the window shows, for other programs. */

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Names of the value columns, for instance `bytes,blocks,bytes before,blocks before`. */
function valueHeads({ unit, counted }: SiteMeasure, columns: number): string[] {
  const heads = [unit, counted === '' ? 'count' : counted]
  return columns === 2 ? heads : [...heads, ...heads.map((head) => `${head} before`)]
}

const frameFields = (frame: { readonly name: string; readonly module: string; readonly file: string; readonly line: number }): string[] =>
  [frame.name, frame.module, frame.file, frame.line === 0 ? '' : String(frame.line)].map(quoted)

const HEAD = ['depth', 'function', 'module', 'file', 'line']

/** The rows shown, a line each, with totals and what ends at the row. */
export function siteRowsCsv(page: SiteRowPage, measure: SiteMeasure): string {
  const heads = valueHeads(measure, page.totals.length)
  const lines = [[...HEAD, ...heads, ...heads.map((head) => `${head} itself`)].map(quoted).join(',')]
  for (let row = 0; row < page.depth.length; row++) {
    const values = [...page.totals, ...page.selves].map((column) => String(column[row]!))
    lines.push([String(page.depth[row]!), ...frameFields(page.frames[page.frame[row]!]!), ...values].join(','))
  }
  return `${lines.join('\r\n')}\r\n`
}

/** The boxes shown, a line each, callers before their callees. */
export function flameCsv(page: FlamePage, measure: SiteMeasure): string {
  const heads = valueHeads(measure, page.totals.length)
  const lines = [[...HEAD, ...heads, ...heads.map((head) => `${head} itself`)].map(quoted).join(',')]
  for (let depth = 0; depth + 1 < page.depthStart.length; depth++) {
    for (let box = page.depthStart[depth]!; box < page.depthStart[depth + 1]!; box++) {
      const values = [...page.totals, ...page.selves].map((column) => String(column[box]!))
      lines.push([String(depth), ...frameFields(page.frames[page.frame[box]!]!), ...values].join(','))
    }
  }
  return `${lines.join('\r\n')}\r\n`
}

const SVG_WIDTH = 1200
const ROW_HEIGHT = 18
const HEAD_HEIGHT = 28
/** Narrower boxes have no room for a letter. */
const LEAST_TEXT_WIDTH = 24
const LETTER_WIDTH = 6.6

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
// Control characters are not allowed in XML, and names come from any file.
const xml = (text: string): string => escaped(text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?'))

export interface FlamePicture {
  readonly title: string
  readonly measure: SiteMeasure
  readonly unit: 'bytes' | 'count'
  /** Root at the top. */
  readonly isIcicle: boolean
}

/** A picture that stands alone: each box has its name and figures as a tooltip, and in a difference its sign as a mark. */
export function flameSvg(page: FlamePage, picture: FlamePicture): string {
  const depths = page.depthStart.length - 1
  const height = HEAD_HEIGHT + depths * ROW_HEIGHT + 4
  const column = picture.unit === 'bytes' ? SiteColumn.Bytes : SiteColumn.Count
  const unit = picture.unit === 'bytes' ? picture.measure.unit : picture.measure.counted
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SVG_WIDTH} ${height}" width="${SVG_WIDTH}" height="${height}" font-family="ui-monospace, monospace" font-size="11">`,
    `<title>${xml(picture.title)}</title>`,
    `<rect width="${SVG_WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="4" y="18" font-family="system-ui, sans-serif" font-size="13">${xml(picture.title)}</text>`,
  ]
  for (let depth = 0; depth < depths; depth++) {
    const row = picture.isIcicle ? depth : depths - 1 - depth
    const y = HEAD_HEIGHT + row * ROW_HEIGHT
    for (let box = page.depthStart[depth]!; box < page.depthStart[depth + 1]!; box++) {
      const x = page.from[box]! * SVG_WIDTH
      const width = (page.to[box]! - page.from[box]!) * SVG_WIDTH
      const { name, module } = page.frames[page.frame[box]!]!
      const value = page.totals[column]![box]!
      const before = page.totals[column + 2]?.[box]
      const { fill, mark, text } = lookOf(value, before)
      const label = `${mark}${name}`
      const letters = Math.floor((width - 6) / LETTER_WIDTH)
      const shown = width < LEAST_TEXT_WIDTH ? '' : label.length <= letters ? label : `${label.slice(0, Math.max(1, letters - 1))}…`
      parts.push(
        `<g><title>${xml(`${name}${module === '' ? '' : ` (${module})`}\n${text} ${unit}`)}</title>` +
          `<rect x="${x.toFixed(2)}" y="${y}" width="${Math.max(0.3, width - 0.5).toFixed(2)}" height="${ROW_HEIGHT - 1}" fill="${fill}"/>` +
          (shown === '' ? '' : `<text x="${(x + 3).toFixed(2)}" y="${y + 12}">${xml(shown)}</text>`) +
          '</g>',
      )
    }
  }
  return `${[...parts, '</svg>'].join('\n')}\n`
}

/** Blue for less, orange for more, told apart by colour-blind eyes as well; the signs say the same. */
function lookOf(value: number, before: number | undefined): { fill: string; mark: string; text: string } {
  const rounded = (number: number): string => String(Math.round(number * 100) / 100)
  if (before === undefined) return { fill: '#d9e2ee', mark: '', text: rounded(value) }
  const difference = value - before
  const text = `${rounded(before)} → ${rounded(value)} (${difference > 0 ? '+' : ''}${rounded(difference)})`
  if (difference === 0) return { fill: '#e8eaee', mark: '= ', text }
  const share = Math.min(1, Math.abs(difference) / Math.max(value, before))
  const [r, g, b] = difference > 0 ? [240, 150, 80] : [110, 175, 225]
  const mixed = (strong: number): number => Math.round(232 + (strong - 232) * (0.35 + 0.65 * share))
  return { fill: `rgb(${mixed(r!)},${mixed(g!)},${mixed(b!)})`, mark: difference > 0 ? '+ ' : '− ', text }
}
