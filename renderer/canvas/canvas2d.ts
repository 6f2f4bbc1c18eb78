import type { CssColor, CssPixels, DevicePixels, DrawTarget, LineStyle, PixelBlock, Points, TextStyle } from './draw-target'
import type { Palette } from './palette'

/** Draws on a 2D canvas whose bitmap is `pixelRatio` times its CSS size. */
export class Canvas2dTarget implements DrawTarget {
  readonly #context: CanvasRenderingContext2D
  readonly #palette: Palette
  readonly width: CssPixels
  readonly height: CssPixels
  readonly pixelRatio: number

  constructor(context: CanvasRenderingContext2D, size: { width: CssPixels; height: CssPixels; pixelRatio: number }, palette: Palette) {
    this.#context = context
    this.#palette = palette
    this.width = size.width
    this.height = size.height
    this.pixelRatio = size.pixelRatio
    context.setTransform(size.pixelRatio, 0, 0, size.pixelRatio, 0, 0)
    context.clearRect(0, 0, size.width, size.height)
  }

  fillRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, color: CssColor): void {
    this.#context.fillStyle = color
    this.#context.fillRect(x, y, width, height)
  }

  strokeRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, style: LineStyle): void {
    this.#setLine(style)
    this.#context.strokeRect(x, y, width, height)
  }

  line(points: Points, style: LineStyle): void {
    this.#setLine(style)
    this.#trace(points)
    if (style.closed === true) this.#context.closePath()
    this.#context.stroke()
  }

  area(points: Points, color: CssColor): void {
    this.#context.fillStyle = color
    this.#trace(points)
    this.#context.closePath()
    this.#context.fill()
  }

  text(text: string, x: CssPixels, y: CssPixels, style: TextStyle): void {
    const context = this.#context
    const family = style.font === 'mono' ? this.#palette.monoFont : this.#palette.uiFont
    context.font = `${style.bold === true ? '600 ' : ''}${style.sizePx ?? 11}px ${family}`
    context.fillStyle = style.color
    context.textAlign = style.align ?? 'left'
    context.textBaseline = 'middle'
    context.fillText(text, x, y)
  }

  pixels(block: PixelBlock, x: DevicePixels, y: DevicePixels): void {
    if (block.width <= 0 || block.height <= 0) return
    const image = new ImageData(block.rgba as Uint8ClampedArray<ArrayBuffer>, block.width, block.height)
    this.#context.putImageData(image, x, y)
  }

  #setLine(style: LineStyle): void {
    this.#context.strokeStyle = style.color
    this.#context.lineWidth = style.widthPx ?? 1
    this.#context.setLineDash(style.dash === undefined ? [] : [...style.dash])
    this.#context.lineJoin = 'round'
  }

  #trace(points: Points): void {
    this.#context.beginPath()
    for (let i = 0; i + 1 < points.length; i += 2) {
      if (i === 0) this.#context.moveTo(points[0]!, points[1]!)
      else this.#context.lineTo(points[i]!, points[i + 1]!)
    }
  }
}
