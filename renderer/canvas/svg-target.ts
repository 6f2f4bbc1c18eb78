import type { CssColor, CssPixels, DevicePixels, DrawTarget, LineStyle, PixelBlock, Points, TextStyle } from './draw-target'
import type { CanvasSize } from './painter'
import { parseColor, type Palette } from './palette'

/*
 * Writes what a painter draws as one SVG document that stands alone: every colour resolved, no style sheet, no script,
 * no link. Name and description are in it for readers that do not look at pictures.
 */
export interface SvgNames {
  readonly title: string
  /** What the picture shows, in words. */
  readonly description: string
}

/** Makes an address (`data:image/png;base64,...`) of a block of pixels; SVG has none of its own. */
export type PixelAddress = (block: PixelBlock) => string

/** Distance from the middle of a line of text to its base line, in parts of the text's size; readers disagree about `dominant-baseline`. */
const BASE_LINE = 0.35

export class SvgTarget implements DrawTarget {
  readonly #parts: string[] = []
  readonly #palette: Palette
  readonly #addressOf: PixelAddress
  readonly width: CssPixels
  readonly height: CssPixels
  readonly pixelRatio: number

  constructor(size: CanvasSize, palette: Palette, addressOf: PixelAddress) {
    this.width = size.width
    this.height = size.height
    this.pixelRatio = size.pixelRatio
    this.#palette = palette
    this.#addressOf = addressOf
  }

  fillRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, color: CssColor): void {
    // A negative width is drawn to the left by a canvas and not at all in SVG.
    this.#parts.push(`<rect${attributes({ x: Math.min(x, x + width), y: Math.min(y, y + height), width: Math.abs(width), height: Math.abs(height) })}${paint('fill', color)}/>`)
  }

  strokeRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, style: LineStyle): void {
    this.#parts.push(`<rect${attributes({ x, y, width, height })} fill="none"${stroke(style)}/>`)
  }

  line(points: Points, style: LineStyle): void {
    if (points.length < 4) return
    this.#parts.push(`<path d="${pathOf(points)}${style.closed === true ? 'Z' : ''}" fill="none"${stroke(style)}/>`)
  }

  area(points: Points, color: CssColor): void {
    if (points.length < 6) return
    this.#parts.push(`<path d="${pathOf(points)}Z"${paint('fill', color)}/>`)
  }

  text(text: string, x: CssPixels, y: CssPixels, style: TextStyle): void {
    const size = style.sizePx ?? 11
    const family = style.font === 'mono' ? ` font-family="${escapeXml(this.#palette.monoFont)}"` : ''
    const anchor = style.align === 'right' ? ' text-anchor="end"' : style.align === 'center' ? ' text-anchor="middle"' : ''
    const weight = style.bold === true ? ' font-weight="600"' : ''
    this.#parts.push(`<text${attributes({ x, y: y + size * BASE_LINE, 'font-size': size })}${family}${anchor}${weight}${paint('fill', style.color)} xml:space="preserve">${escapeXml(text)}</text>`)
  }

  pixels(block: PixelBlock, x: DevicePixels, y: DevicePixels): void {
    if (block.width <= 0 || block.height <= 0) return
    const ratio = this.pixelRatio
    const place = attributes({ x: x / ratio, y: y / ratio, width: block.width / ratio, height: block.height / ratio })
    this.#parts.push(`<image${place} preserveAspectRatio="none" image-rendering="pixelated" href="${escapeXml(this.#addressOf(block))}"/>`)
  }

  /** The whole document; `ground` is what the picture lies on. */
  document(names: SvgNames, ground: CssColor): string {
    const { width, height } = this
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${short(width)} ${short(height)}" width="${short(width)}" height="${short(height)}" role="img" aria-labelledby="title description" font-family="${escapeXml(this.#palette.uiFont)}">`,
      `<title id="title">${escapeXml(names.title)}</title>`,
      `<desc id="description">${escapeXml(names.description)}</desc>`,
      `<rect width="100%" height="100%"${paint('fill', ground)}/>`,
      ...this.#parts,
      '</svg>',
      '',
    ].join('\n')
  }
}

/** Two decimals: a hundredth of a pixel is never seen. */
const short = (value: number): string => String(Math.round(value * 100) / 100)

const attributes = (values: Readonly<Record<string, number>>): string => Object.entries(values).map(([name, value]) => ` ${name}="${short(value)}"`).join('')

function pathOf(points: Points): string {
  let path = ''
  for (let i = 0; i + 1 < points.length; i += 2) path += `${i === 0 ? 'M' : 'L'}${short(points[i]!)} ${short(points[i + 1]!)}`
  return path
}

function stroke(style: LineStyle): string {
  const dash = style.dash === undefined || style.dash.length === 0 ? '' : ` stroke-dasharray="${style.dash.map(short).join(' ')}"`
  return `${paint('stroke', style.color)} stroke-width="${short(style.widthPx ?? 1)}" stroke-linejoin="round"${dash}`
}

/** Colour and opacity as two attributes: programs that draw with SVG do not all know colours with an alpha. */
function paint(name: 'fill' | 'stroke', color: CssColor): string {
  const alpha = alphaOf(color)
  const hex = parseColor(color).map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')
  return ` ${name}="#${hex}"${alpha < 1 ? ` ${name}-opacity="${short(alpha)}"` : ''}`
}

function alphaOf(color: CssColor): number {
  const digits = /^#([0-9a-f]+)$/i.exec(color.trim())?.[1] ?? ''
  if (digits.length === 8) return parseInt(digits.slice(6), 16) / 255
  if (digits.length === 4) return parseInt(digits[3]!, 16) / 15
  const alpha = /^rgba\([^)]*[,/]\s*([\d.]+)\s*\)$/.exec(color.trim())?.[1]
  return alpha === undefined ? 1 : Math.min(1, Number(alpha))
}

/** For texts and attribute values. Control characters are not allowed in XML, and names come from any file. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
