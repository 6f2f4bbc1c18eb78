import type { TilingLayer } from '../../../shared/analysis/tiling-series'
import { TILING_LAYERS } from '../../../shared/analysis/tiling-series'
import type { ShownTable } from '../../../shared/base/shown-table'
import type { Bytes, EventNumber } from '../../../shared/base/units'
import { bandPoints, placeOn, spreadPlaces, type Scale } from '../../canvas/chart-axes'
import type { Viewport } from '../../canvas/viewport'
import type { TimelineArea } from './layout'

/*
 * Layers over each other, each a band between its floor and its top; together they are the reserved bytes:
 *
 *   reserved  |~~~~~~~~~  uncommitted
 *             |_________  free: releasable, cached, pinned
 *             |_________  internal, rounding, header
 *             |_________  live
 */
export interface TilingStretch {
  readonly events: Float64Array
  readonly layers: Readonly<Record<TilingLayer, Float64Array>>
  /** Every how many events the bytes are known. */
  readonly stride: number
  readonly knowsRequests: boolean
}

/** From the ground up. */
export const STACK_ORDER: readonly TilingLayer[] = ['live', 'header', 'rounding', 'internal', 'pinnedFree', 'cachedFree', 'releasableFree', 'uncommitted']

export const LAYER_TEXTS: Readonly<Record<TilingLayer, { readonly name: string; readonly letter: string; readonly what: string }>> = {
  live: { name: 'live', letter: 'Q', what: 'bytes the program asked for and has not freed' },
  header: { name: 'headers', letter: 'H', what: 'headers of live blocks' },
  rounding: { name: 'rounding', letter: 'D', what: 'what blocks take beyond request and header' },
  internal: { name: 'internal', letter: 'I', what: 'the heap\'s own structures' },
  pinnedFree: { name: 'pinned free', letter: 'P', what: 'free bytes on pages that also hold a used byte: they cannot be given back' },
  releasableFree: { name: 'releasable', letter: 'R', what: 'free bytes on wholly free pages' },
  cachedFree: { name: 'cached', letter: 'C', what: 'freed blocks the heap keeps for reuse' },
  uncommitted: { name: 'uncommitted', letter: 'U', what: 'reserved address space without memory' },
}

/** Bytes from the ground to the top of each layer, in STACK_ORDER, at every event of the stretch. */
export function stackTops({ events, layers }: TilingStretch): readonly Float64Array[] {
  const sum = new Float64Array(events.length)
  return STACK_ORDER.map((name) => {
    const layer = layers[name]
    for (let i = 0; i < sum.length; i++) sum[i]! += layer[i]!
    return sum.slice()
  })
}

export const largestReserved = (stretch: TilingStretch): Bytes => stackTops(stretch).at(-1)!.reduce((most, bytes) => Math.max(most, bytes), 0)

export interface LaidLayer {
  readonly name: TilingLayer
  /** Top line in steps: a value holds until the next event, the last to the right end. */
  readonly top: readonly number[]
  readonly outline: readonly number[]
}

/** Layers that hold anything, from the ground up. `most` bytes stand at the top. */
export function layOutTiling(area: TimelineArea, view: Viewport, stretch: TilingStretch, most: Bytes): readonly LaidLayer[] {
  const x: Scale = { kind: 'linear', from: view.from, to: Math.max(view.from + 1, view.to), start: area.left, end: area.right }
  const y: Scale = { kind: 'linear', from: 0, to: Math.max(1, most), start: area.bottom, end: area.top }
  const places = Float64Array.from(stretch.events, (event) => Math.min(area.right, Math.max(area.left, placeOn(x, event))))
  let floor = steps(places, new Float64Array(places.length), area.right, y)
  return STACK_ORDER.flatMap((name, layer) => {
    const top = steps(places, stackTops(stretch)[layer]!, area.right, y)
    const laid = stretch.layers[name].some((bytes) => bytes > 0) ? [{ name, top, outline: bandPoints(top, floor) }] : []
    floor = top
    return laid
  })
}

function steps(places: Float64Array, values: Float64Array, right: number, y: Scale): number[] {
  const points: number[] = []
  for (let i = 0; i < places.length; i++) {
    const at = placeOn(y, values[i]!)
    points.push(places[i]!, at, places[i + 1] ?? right, at)
  }
  return points
}

/** Middles of the layers at the right end, moved apart; the thinnest are left out where there is no room for all. */
export function layerLabels(laid: readonly LaidLayer[], area: TimelineArea, distance: number): readonly { readonly name: TilingLayer; readonly at: number }[] {
  const ends = laid.map(({ name, outline, top }) => {
    const upper = top.at(-1)!
    const lower = outline[top.length + 1]!
    return { name, thickness: lower - upper, wanted: (upper + lower) / 2 }
  }).filter(({ thickness }) => thickness > 0.5)
  const room = Math.max(1, Math.floor((area.bottom - area.top) / distance) + 1)
  const thickest = new Set([...ends].sort((a, b) => b.thickness - a.thickness).slice(0, room))
  const kept = ends.filter((end) => thickest.has(end))
  const places = spreadPlaces(kept.map(({ wanted }) => wanted), distance, area.bottom - 4)
  return kept.map(({ name }, i) => ({ name, at: places[i]! }))
}

/** Index of the last event of the stretch up to `event`; the first where all come later, -1 where there is none. */
export function sampleAt({ events }: TilingStretch, event: EventNumber): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events[middle]! <= event) low = middle + 1
    else high = middle
  }
  return events.length === 0 ? -1 : Math.max(0, low - 1)
}

/** The stretch shown: one row per event, one column per layer, and the sums. */
export function tilingTable(stretch: TilingStretch | null, title: string, notes: readonly string[]): ShownTable {
  const columns = [{ key: 'event', label: 'Event' }, ...TILING_LAYERS.map((name) => ({ key: name, label: LAYER_TEXTS[name].name, unit: 'bytes' })), { key: 'reserved', label: 'reserved', unit: 'bytes' }]
  const reserved = stretch === null ? new Float64Array(0) : stackTops(stretch).at(-1)!
  const rows = Array.from(stretch?.events ?? [], (event, i) => [event, ...TILING_LAYERS.map((name) => stretch!.layers[name][i]!), reserved[i]!])
  return { title, notes, columns, rows }
}

/** Method and limits, in one sentence each. */
export function tilingNotes({ stride, knowsRequests, events }: TilingStretch): readonly string[] {
  const known = stride === 1 ? 'known after every event' : `known after every ${stride.toLocaleString('en-US')}th event and the last`
  return [
    `Every reserved byte once, ${known}; drawn at ${events.length.toLocaleString('en-US')} events, of each stretch the one with most committed bytes.`,
    ...(knowsRequests ? [] : ['Requests are not told: live counts consumed bytes less headers, and rounding is not available.']),
  ]
}
