import type { TilingLayer } from '../../../shared/analysis/tiling-series'
import { TILING_LAYERS } from '../../../shared/analysis/tiling-series'
import type { ShownTable } from '../../../shared/base/shown-table'
import type { Bytes, EventNumber } from '../../../shared/base/units'
import { bandPoints, placeOn, spreadPlaces, type Scale } from '../../canvas/chart-axes'
import type { CssPixels } from '../../canvas/draw-target'
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

export interface LayerLabel {
  readonly name: TilingLayer
  readonly x: CssPixels
  /** Middle of the text. */
  readonly y: CssPixels
  /** Within the layer, and its text's width there; else beside the picture's right end. */
  readonly insidePx: CssPixels | null
}

const LABEL_HEIGHT_PX = 12
/** Width of a letter of a label of 11 px, on the safe side. */
const LETTER_PX = 6.2
const CANDIDATES = 160

/** Each layer's name where there is most room for it within the layer; else beside the right end, where it reaches it. */
export function layerLabels(laid: readonly LaidLayer[], area: TimelineArea): readonly LayerLabel[] {
  const inside = laid.map((layer) => insideLabel(layer, area))
  const beside = laid.filter((_, i) => inside[i] === null).map(({ name, top, outline }) => {
    const upper = top.at(-1)!
    const lower = outline[top.length + 1]!
    return { name, thickness: lower - upper, wanted: (upper + lower) / 2 }
  }).filter(({ thickness }) => thickness > 0.5)
  const room = Math.max(1, Math.floor((area.bottom - area.top) / LABEL_HEIGHT_PX))
  const thickest = new Set([...beside].sort((a, b) => b.thickness - a.thickness).slice(0, room))
  const kept = beside.filter((end) => thickest.has(end))
  const places = spreadPlaces(kept.map(({ wanted }) => wanted), LABEL_HEIGHT_PX, area.bottom - 4)
  return [...inside.filter((label) => label !== null), ...kept.map(({ name }, i) => ({ name, x: area.right + 6, y: places[i]!, insidePx: null }))]
}

/** The roomiest place for the layer's name; null where it fits nowhere. */
function insideLabel({ name, top, outline }: LaidLayer, area: TimelineArea): LayerLabel | null {
  const width = LAYER_TEXTS[name].name.length * LETTER_PX + 6
  const steps = top.length / 4
  const stride = Math.max(1, Math.floor(steps / CANDIDATES))
  let best: LayerLabel | null = null
  let most = LABEL_HEIGHT_PX
  for (let at = 0; at < steps; at += stride) {
    const middle = Math.min(area.right - width / 2, Math.max(area.left + width / 2, (top[4 * at]! + top[4 * at + 2]!) / 2))
    let upper = area.top
    let lower = area.bottom
    for (let i = at; i >= 0 && top[4 * i + 2]! > middle - width / 2; i--) [upper, lower] = narrowed(i, upper, lower)
    for (let i = at + 1; i < steps && top[4 * i]! < middle + width / 2; i++) [upper, lower] = narrowed(i, upper, lower)
    if (lower - upper <= most) continue
    most = lower - upper
    best = { name, x: middle, y: (upper + lower) / 2, insidePx: width }
  }
  return best

  function narrowed(step: number, upper: CssPixels, lower: CssPixels): [CssPixels, CssPixels] {
    return [Math.max(upper, top[4 * step + 1]!), Math.min(lower, outline[outline.length - 4 * step - 1]!)]
  }
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
