import type { CssColor } from './draw-target'
import { cssOf, mix, parseColor } from './palette'

/** Cividis (Nuñez, Anderton and Renslow 2018) in nine steps: even in lightness, the same to colour-blind eyes. */
const STOPS = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#fee838'].map(parseColor)

/** Colour of a share, 0..1, from light (0) to dark (1): what is empty stands out. */
export function sequentialColor(share: number): CssColor {
  const at = (1 - Math.min(1, Math.max(0, share))) * (STOPS.length - 1)
  const low = Math.min(STOPS.length - 2, Math.floor(at))
  return cssOf(mix(STOPS[low + 1]!, STOPS[low]!, at - low))
}
