import { addressOf, type FoldedSpace } from '../../../shared/analysis/address-time/folded-space'
import type { LifetimeFacts } from '../../../shared/analysis/address-time/lifetime-search'
import type { AddressTimeWindow } from '../../../shared/analysis/address-time/lifetime-index'
import { GROUND_NAMES } from '../../../shared/analysis/address-time/address-time-tile'
import type { ColoredTile } from '../../../shared/ipc/address-time-api'
import type { LifeColor } from '../../../shared/analysis/address-time/names'
import { CODES_OF_COLOR } from '../../../shared/analysis/address-time/lifetime-colors'
import type { ShownTable } from '../../../shared/base/shown-table'
import { STILL_ALIVE, type EventNumber } from '../../../shared/base/units'
import { Occupant } from '../../../shared/model/run'
import { formatAddress, formatBytes, formatCount, formatShare } from '../format'
import { codeName } from './life-colors'

/* The picture in words: card, description for readers of screens, and table. */
const KINDS: Readonly<Record<Occupant, string>> = { [Occupant.Busy]: 'block', [Occupant.Internal]: 'internal', [Occupant.Cached]: 'cached' }

/** At most four lines; the first names it. */
export function lifeLines(life: LifetimeFacts, events: EventNumber): string[] {
  const requested = life.requestedBytes === null ? '' : `requested ${formatCount(life.requestedBytes)} B · `
  const length = (life.death ?? events) - life.birth
  const meanwhile = life.allocatedMeanwhile === null ? '' : ` · ${formatBytes(life.allocatedMeanwhile)} allocated meanwhile`
  return [
    `${formatAddress(life.address)} ${KINDS[life.occupant as Occupant]}`,
    `${requested}consumed ${formatCount(life.sizeBytes)} B`,
    `event ${formatCount(life.birth)} to ${life.death === null ? 'the end, never freed' : formatCount(life.death)} · ${formatCount(length)} events${meanwhile}`,
    ...(life.site === null || life.site === '' ? [] : [life.site]),
  ]
}

export const windowText = (space: FoldedSpace, { fromOffset, toOffset, fromEvent, toEvent }: AddressTimeWindow, events: EventNumber): string =>
  `events ${formatCount(Math.ceil(fromEvent))} to ${formatCount(Math.min(events, Math.ceil(toEvent) - 1))}, ${formatAddress(Math.floor(addressOf(space, fromOffset)))} to ${formatAddress(Math.ceil(addressOf(space, toOffset)))}`

/** Which codes cover any of the window. */
export function codesIn({ code }: ColoredTile, color: LifeColor): boolean[] {
  const found = new Array<boolean>(CODES_OF_COLOR[color]).fill(false)
  for (let cell = 0; cell < code.length; cell++) if (code[cell]! > 0) found[code[cell]! - 1] = true
  return found
}

/** How much of the window each code covers, most first, and what the pages under it are. */
export function windowShares(tile: ColoredTile, color: LifeColor): { readonly name: string; readonly share: number }[] {
  const covered = new Float64Array(CODES_OF_COLOR[color] + 1)
  const grounds = new Float64Array(GROUND_NAMES.length)
  for (let cell = 0; cell < tile.code.length; cell++) {
    covered[tile.code[cell]!]! += tile.share[cell]! / 255
    grounds[tile.ground[cell]!]!++
  }
  const cells = Math.max(1, tile.code.length)
  const lives = Array.from(covered, (sum, code) => ({ name: codeName(color, code - 1, tile.sites), share: sum / cells })).slice(1).filter(({ share }) => share > 0).sort((a, b) => b.share - a.share)
  return [...lives, ...GROUND_NAMES.map((name, i) => ({ name: `pages ${name}`, share: grounds[i]! / cells })).filter(({ share }) => share > 0)]
}

export function describeWindow(space: FoldedSpace, window: AddressTimeWindow, events: EventNumber, tile: ColoredTile, color: LifeColor): string {
  const count = tile.count === null ? 'Many lifetimes' : tile.count === 1 ? '1 lifetime' : `${formatCount(tile.count)} lifetimes`
  const shares = windowShares(tile, color).map(({ name, share }) => `${name} ${formatShare(share)}`)
  return `${count} over ${windowText(space, window, events)}. Of the area shown: ${shares.join(', ')}.`
}

/** The lifetimes in sight where they are told one by one, else the share of each colour. */
export function windowTable(title: string, notes: readonly string[], space: FoldedSpace, tile: ColoredTile, color: LifeColor): ShownTable {
  const { lives } = tile
  if (lives === null) {
    return { title, notes, columns: [{ key: 'what', label: 'What' }, { key: 'share', label: 'Share of the area shown' }], rows: windowShares(tile, color).map(({ name, share }) => [name, share]) }
  }
  const order = Array.from(lives.offset, (_, i) => i).sort((a, b) => lives.birth[a]! - lives.birth[b]! || lives.offset[a]! - lives.offset[b]!)
  return {
    title, notes,
    columns: [
      { key: 'address', label: 'Address' }, { key: 'size', label: 'Consumed', unit: 'bytes' }, { key: 'birth', label: 'Born at event' },
      { key: 'death', label: 'Freed at event', definition: 'empty: never freed' }, { key: color, label: 'Colour' },
    ],
    rows: order.map((i) => [`0x${addressOf(space, lives.offset[i]!).toString(16)}`, lives.size[i]!, lives.birth[i]!, lives.death[i] === STILL_ALIVE ? null : lives.death[i]!, codeName(color, lives.code[i]!, tile.sites)]),
  }
}
