import type { CssPixels, DrawTarget } from './draw-target'
import type { Palette } from './palette'

/** Draws one picture; a plain function of what it was made from. */
export type Painter = (target: DrawTarget, palette: Palette) => void

export interface CanvasSize {
  readonly width: CssPixels
  readonly height: CssPixels
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number
}
