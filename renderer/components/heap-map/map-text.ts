import { CELL_STATE_NAMES, CellState } from '../../../shared/analysis/map-tiles'
import { COLORING_FACTS } from '../../../shared/analysis/map-colors/colorings'
import { formatAddress, formatBytes, formatShare } from '../format'
import type { MapColors } from './map-colors'
import { colorShares, stateShares } from './paint'
import type { MapPicture } from './use-map-picture'

/** How coarse the map is, in words. */
export const scaleText = ({ unitBytes, unitName, bytesPerCell }: { readonly unitBytes: number; readonly unitName: string; readonly bytesPerCell: number }): string => `${formatBytes(unitBytes)} a ${unitName}, ${formatBytes(bytesPerCell)} a cell`

const MOST_NAMED = 6

function list(shares: readonly { readonly name: string; readonly share: number }[]): string {
  const shown = shares.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share)
  return shown.slice(0, MOST_NAMED).map(({ name, share }) => `${name} ${formatShare(share)}`).join(', ') + (shown.length > MOST_NAMED ? ` and ${shown.length - MOST_NAMED} more` : '')
}

/** What the map shows, for readers that do not look at it. */
export function mapText(picture: MapPicture | null, colors: MapColors | null): string {
  if (picture === null) return 'Loading.'
  const { geometry, top, tile } = picture
  const ranges = geometry.ranges(top)
  const first = ranges[0]
  const last = ranges.at(-1)
  const range = first && last ? `Shown: ${formatAddress(first.address)} to ${formatAddress(last.address + last.cells * geometry.bytesPerCell)}. ` : ''
  const states = stateShares(tile).map((share, state) => ({ name: CELL_STATE_NAMES[state]!, share: state === CellState.Gap ? 0 : share }))
  const layout = geometry.drawing.layout === 'hilbert' ? 'Hilbert curve, ' : ''
  const values = colors === null || tile.color === undefined ? '' : ` Coloured by ${COLORING_FACTS[colors.wish.by].title.toLowerCase()}; of the cells with a value: ${list(colorShares(tile, colors.entries.length).map((share, i) => ({ name: colors.entries[i]!.name, share }))) || 'none'}.`
  return `${layout}${geometry.segments.length} segments, ${scaleText(geometry)}. ${range}Of the cells shown: ${list(states)}.${values}`
}
