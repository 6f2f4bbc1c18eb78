import type { ColorEntry, ColoringWish } from '../../../shared/analysis/map-colors/colorings'

/** A colouring with what its codes mean. */
export interface MapColors {
  readonly wish: ColoringWish
  readonly entries: readonly ColorEntry[]
}

/** Whether blocks that are not busy have no value in it. */
export const isBusyOnly = ({ by }: ColoringWish): boolean => by === 'class' || by === 'age' || by === 'site'
