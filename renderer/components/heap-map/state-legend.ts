import { CELL_STATE_NAMES } from '../../../shared/analysis/map-tiles'
import type { LegendEntry } from '../../canvas/framed-picture'
import { STATE_LETTERS } from './cell-patterns'

/** The map's states but the gap, in their order, for pictures that leave the window. */
export const STATE_LEGEND: readonly LegendEntry[] = CELL_STATE_NAMES.slice(1).map((name, i) => ({ name, letter: STATE_LETTERS[i + 1] ?? '', color: (palette) => palette.states[i + 1]! }))
