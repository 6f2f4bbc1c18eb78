import type { ChartSide } from '../../canvas/chart-sides'
import type { ComparisonSet, SideId } from '../../../shared/ipc/comparison-api'

/** Letter, name and colour of a side in every chart: by its place, whatever it is called. */
export function chartSideOf(set: ComparisonSet, sideId: SideId): ChartSide {
  const place = Math.max(0, set.sides.findIndex(({ id }) => id === sideId))
  const letter = place < 26 ? String.fromCharCode(65 + place) : String(place + 1)
  return { letter, name: set.sides[place]?.name ?? letter, mark: place }
}
