/*
 * What painters may draw on. All places and lengths are CSS pixels except in `pixels`, which speaks device pixels.
 * Two targets exist: canvas2d.ts (a real canvas) and draw-log.ts (a list of calls, for tests).
 */
export type CssPixels = number
export type DevicePixels = number
export type CssColor = string

export interface TextStyle {
  readonly color: CssColor
  readonly align?: 'left' | 'center' | 'right'
  readonly font?: 'mono' | 'ui'
  readonly sizePx?: CssPixels
  readonly bold?: boolean
}

export interface LineStyle {
  readonly color: CssColor
  readonly widthPx?: CssPixels
  readonly dash?: readonly CssPixels[]
  readonly closed?: boolean
}

/** x0, y0, x1, y1, ... */
export type Points = Float64Array | readonly number[]

/** Rows of 32-bit pixels, byte order R, G, B, A, as ImageData has them. */
export interface PixelBlock {
  readonly width: DevicePixels
  readonly height: DevicePixels
  readonly rgba: Uint8ClampedArray
}

export interface DrawTarget {
  readonly width: CssPixels
  readonly height: CssPixels
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number
  fillRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, color: CssColor): void
  strokeRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, style: LineStyle): void
  line(points: Points, style: LineStyle): void
  area(points: Points, color: CssColor): void
  /** `y` is the middle of the text. */
  text(text: string, x: CssPixels, y: CssPixels, style: TextStyle): void
  /** Replaces the pixels from (x, y) on, in device pixels. */
  pixels(block: PixelBlock, x: DevicePixels, y: DevicePixels): void
}
