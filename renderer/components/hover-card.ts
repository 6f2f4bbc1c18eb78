import type { CssPixels } from '../canvas/draw-target'

interface Size {
  readonly width: CssPixels
  readonly height: CssPixels
}

const DISTANCE: CssPixels = 14

/** Style of a card beside the pointer, on the side where there is more room, so that it never covers what it is about. */
export function cardBesidePointer(at: { readonly x: CssPixels; readonly y: CssPixels } | null, { width, height }: Size): Record<string, string> {
  if (at === null) return {}
  return {
    ...(at.x > width / 2 ? { right: `${width - at.x + DISTANCE}px` } : { left: `${at.x + DISTANCE}px` }),
    ...(at.y > height / 2 ? { bottom: `${height - at.y + DISTANCE}px` } : { top: `${at.y + DISTANCE}px` }),
  }
}

const FROM_BOX: CssPixels = 8

/** Style of a card beside a box, level with its edge. */
export function cardBesideBox([x, y, width, height]: readonly [CssPixels, CssPixels, CssPixels, CssPixels], size: Size): Record<string, string> {
  return {
    ...(x + width / 2 > size.width / 2 ? { right: `${Math.max(0, size.width - x + FROM_BOX)}px` } : { left: `${Math.max(0, x + width + FROM_BOX)}px` }),
    ...(y + height / 2 > size.height / 2 ? { bottom: `${Math.max(0, size.height - y - height)}px` } : { top: `${Math.max(0, y)}px` }),
  }
}
