import type { CssColor } from './draw-target'
import { cssOf, mix, parseColor, type Palette } from './palette'

/**
 * Colour of a share, 0..1, from light (0) to dark (1), so that what is empty stands out; the scale of the theme in force, whose ends
 * are both seen on its ground.
 */
export function sequentialColor({ scale }: Pick<Palette, 'scale'>, share: number): CssColor {
  const at = (1 - Math.min(1, Math.max(0, share))) * (scale.length - 1)
  const low = Math.min(scale.length - 2, Math.floor(at))
  return cssOf(mix(parseColor(scale[low + 1]!), parseColor(scale[low]!), at - low))
}
