import { CELL_STATE_NAMES, CellState } from '../../../shared/analysis/map-tiles'
import { COLORING_FACTS } from '../../../shared/analysis/map-colors/colorings'
import type { ShownTable, ShownValue } from '../../../shared/base/shown-table'
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

/** The cells shown, neighbours of one state (and one value of the colouring) as one row. */
export function mapTable(title: string, notes: readonly string[], { geometry, top, tile }: MapPicture, colors: MapColors | null): ShownTable {
  const { bytesPerCell } = geometry
  const rows: ShownValue[][] = []
  const code = (cell: number): number => (colors === null ? 0 : (tile.color?.[cell] ?? 0))
  let first = 0
  for (const range of geometry.ranges(top)) {
    for (let from = 0; from < range.cells; ) {
      const state = tile.state[first + from]!
      let shares = 0
      let to = from
      for (; to < range.cells && tile.state[first + to] === state && code(first + to) === code(first + from); to++) shares += tile.share[first + to]!
      const address = range.address + from * bytesPerCell
      rows.push([plainAddress(address), plainAddress(range.address + to * bytesPerCell), (to - from) * bytesPerCell, CELL_STATE_NAMES[state]!, ...(colors === null ? [] : [colors.entries[code(first + from) - 1]?.name ?? null]), shares / (255 * (to - from))])
      from = to
    }
    first += range.cells
  }
  const value = colors === null ? [] : [{ key: 'value', label: COLORING_FACTS[colors.wish.by].title, definition: 'value with most bytes of a cell; empty: none' }]
  return {
    title, notes: [...notes, `A row: neighbouring cells of ${bytesPerCell} bytes with the same state${colors === null ? '' : ' and value'}.`],
    columns: [
      { key: 'from', label: 'From' }, { key: 'to', label: 'To' }, { key: 'bytes', label: 'Bytes', unit: 'bytes', definition: 'of its cells' }, { key: 'state', label: 'State', definition: 'with most bytes of a cell' }, ...value,
      { key: 'share', label: 'Share', definition: `mean share of a cell's bytes that ${colors === null ? 'are in this state' : 'have this value; of cells without one, in this state'}` },
    ],
    rows,
  }
}

const plainAddress = (address: number): string => `0x${address.toString(16).toUpperCase()}`
