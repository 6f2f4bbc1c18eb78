import type { CssColor, CssPixels, DevicePixels, DrawTarget, LineStyle, PixelBlock, Points, TextStyle } from './draw-target'

/** A call as plain data, in order of drawing. */
export type DrawCall = RectCall<'fillRect'> | RectCall<'strokeRect'> | PointsCall<'line'> | PointsCall<'area'> | TextCall | PixelsCall

interface RectCall<K extends string> {
  readonly call: K
  readonly rect: readonly [x: number, y: number, width: number, height: number]
  readonly color: CssColor
}
interface PointsCall<K extends string> {
  readonly call: K
  readonly points: readonly number[]
  readonly color: CssColor
}
interface TextCall {
  readonly call: 'text'
  readonly text: string
  readonly at: readonly [x: number, y: number]
  readonly color: CssColor
}
interface PixelsCall {
  readonly call: 'pixels'
  readonly at: readonly [x: number, y: number]
  readonly block: PixelBlock
}

/** Remembers what was drawn instead of drawing it. */
export class DrawLog implements DrawTarget {
  readonly calls: DrawCall[] = []
  readonly width: CssPixels
  readonly height: CssPixels
  readonly pixelRatio: number

  constructor(width: CssPixels, height: CssPixels, pixelRatio = 1) {
    this.width = width
    this.height = height
    this.pixelRatio = pixelRatio
  }

  /** All texts drawn, in order. */
  get texts(): string[] {
    return this.calls.flatMap((call) => (call.call === 'text' ? [call.text] : []))
  }

  /** The calls of one kind, in order. */
  of<K extends DrawCall['call']>(kind: K): Extract<DrawCall, { call: K }>[] {
    return this.calls.filter((call): call is Extract<DrawCall, { call: K }> => call.call === kind)
  }

  fillRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, color: CssColor): void {
    this.calls.push({ call: 'fillRect', rect: [x, y, width, height], color })
  }

  strokeRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, style: LineStyle): void {
    this.calls.push({ call: 'strokeRect', rect: [x, y, width, height], color: style.color })
  }

  line(points: Points, style: LineStyle): void {
    this.calls.push({ call: 'line', points: [...points], color: style.color })
  }

  area(points: Points, color: CssColor): void {
    this.calls.push({ call: 'area', points: [...points], color })
  }

  text(text: string, x: CssPixels, y: CssPixels, style: TextStyle): void {
    this.calls.push({ call: 'text', text, at: [x, y], color: style.color })
  }

  pixels(block: PixelBlock, x: DevicePixels, y: DevicePixels): void {
    this.calls.push({ call: 'pixels', at: [x, y], block: { ...block, rgba: block.rgba.slice() } })
  }
}
