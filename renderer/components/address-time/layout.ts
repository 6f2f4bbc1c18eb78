import { addressOf, endAddressOf, offsetOf, type FoldedSpace } from '../../../shared/analysis/address-time/folded-space'
import type { GridSize } from '../../../shared/analysis/address-time/area-grid'
import type { WindowLives } from '../../../shared/analysis/address-time/address-time-tile'
import type { AddressTimeWindow } from '../../../shared/analysis/address-time/lifetime-index'
import type { AddressTimeRectangle } from '../../../shared/analysis/address-time/rectangle-filter'
import { NONE, STILL_ALIVE, type Address, type Bytes, type EventNumber } from '../../../shared/base/units'
import type { AxisTick, PlotArea } from '../../canvas/chart-axes'
import type { CssPixels } from '../../canvas/draw-target'
import { clampViewport, roundTicks, zoomViewport, type Viewport, type ViewportLimits } from '../../canvas/viewport'
import { formatAddress, formatBytes, formatCount } from '../format'

/*
 * Places of the picture: events to the right, addresses downwards as in the map, what never held anything folded to a line.
 *
 *   0x…0000 |########    ####|
 *   0x…2000 |    ############|
 *           |- - 3.2 GiB - - |      a break
 *   0x…9000 |  ####          |
 *           0      500    1,000 events
 */
export interface PictureSize {
  readonly width: CssPixels
  readonly height: CssPixels
}

export const LABELS_WIDTH: CssPixels = 124
const RIGHT: CssPixels = 14
const TOP: CssPixels = 14
const BOTTOM: CssPixels = 20

export const plotArea = ({ width, height }: PictureSize): PlotArea => ({ left: LABELS_WIDTH, right: Math.max(LABELS_WIDTH + 16, width - RIGHT), top: TOP, bottom: Math.max(TOP + 16, height - BOTTOM) })

/** One cell a pixel of the page, fewer where that would be more than one answer holds. */
export function gridOf(area: PlotArea, mostCells: number): GridSize {
  const columns = Math.max(1, Math.round(area.right - area.left))
  const rows = Math.max(1, Math.round(area.bottom - area.top))
  const share = Math.min(1, Math.sqrt(mostCells / (columns * rows)))
  return { columns: Math.max(1, Math.floor(columns * share)), rows: Math.max(1, Math.floor(rows * share)) }
}

export const xOf = (area: PlotArea, window: AddressTimeWindow, event: EventNumber): CssPixels =>
  area.left + ((event - window.fromEvent) / (window.toEvent - window.fromEvent)) * (area.right - area.left)
export const yOf = (area: PlotArea, window: AddressTimeWindow, offset: Bytes): CssPixels =>
  area.top + ((offset - window.fromOffset) / (window.toOffset - window.fromOffset)) * (area.bottom - area.top)
/** With a fraction; each event holds from its number to the next. */
export const eventAtX = (area: PlotArea, window: AddressTimeWindow, x: CssPixels): number =>
  window.fromEvent + ((x - area.left) / (area.right - area.left)) * (window.toEvent - window.fromEvent)
export const offsetAtY = (area: PlotArea, window: AddressTimeWindow, y: CssPixels): number =>
  window.fromOffset + ((y - area.top) / (area.bottom - area.top)) * (window.toOffset - window.fromOffset)

export const isInPlot = ({ left, right, top, bottom }: PlotArea, x: CssPixels, y: CssPixels): boolean => x >= left && x < right && y >= top && y < bottom

/** What both axes may show: all of it, down to a few bytes and events. */
export interface LifeLimits {
  readonly offsets: ViewportLimits
  readonly events: ViewportLimits
}

export const lifeLimits = (space: FoldedSpace, events: EventNumber): LifeLimits => ({ offsets: { total: space.bytes, smallest: 64 }, events: { total: events + 1, smallest: 4 } })
export const wholeWindow = ({ offsets, events }: LifeLimits): AddressTimeWindow => ({ fromOffset: 0, toOffset: offsets.total, fromEvent: 0, toEvent: events.total })
const windowOf = (offsets: Viewport, events: Viewport): AddressTimeWindow => ({ fromOffset: offsets.from, toOffset: offsets.to, fromEvent: events.from, toEvent: events.to })
const offsetsOf = ({ fromOffset, toOffset }: AddressTimeWindow): Viewport => ({ from: fromOffset, to: toOffset })
const eventsOf = ({ fromEvent, toEvent }: AddressTimeWindow): Viewport => ({ from: fromEvent, to: toEvent })

export const clampWindow = (window: AddressTimeWindow, { offsets, events }: LifeLimits): AddressTimeWindow => windowOf(clampViewport(offsetsOf(window), offsets), clampViewport(eventsOf(window), events))

/** Which axes a zoom changes. */
export type ZoomAxes = 'both' | 'events' | 'addresses'

/** `place`: what stays where it is, 0..1 from the left and from the top. */
export function zoomWindow(window: AddressTimeWindow, factor: number, place: { readonly x: number; readonly y: number }, axes: ZoomAxes, { offsets, events }: LifeLimits): AddressTimeWindow {
  const addresses = axes === 'events' ? offsetsOf(window) : zoomViewport(offsetsOf(window), place.y, factor, offsets)
  return windowOf(addresses, axes === 'addresses' ? eventsOf(window) : zoomViewport(eventsOf(window), place.x, factor, events))
}

/** Shares of the window: 0.1 to the right is a tenth of what is shown later. */
export function panWindow(window: AddressTimeWindow, right: number, down: number, limits: LifeLimits): AddressTimeWindow {
  const events = (window.toEvent - window.fromEvent) * right
  const offsets = (window.toOffset - window.fromOffset) * down
  return clampWindow({ fromOffset: window.fromOffset + offsets, toOffset: window.toOffset + offsets, fromEvent: window.fromEvent + events, toEvent: window.toEvent + events }, limits)
}

/** The window moved by the least that shows a lifetime's address and event; itself when it does. */
export function revealing(window: AddressTimeWindow, { offset, event }: { readonly offset: Bytes; readonly event: EventNumber }, limits: LifeLimits): AddressTimeWindow {
  const shift = (view: Viewport, at: number): number => (at < view.from ? at - view.from - (view.to - view.from) / 8 : at >= view.to ? at - view.to + (view.to - view.from) / 8 : 0)
  const down = shift(offsetsOf(window), offset)
  const right = shift(eventsOf(window), event)
  return down === 0 && right === 0 ? window : panWindow(window, right / (window.toEvent - window.fromEvent), down / (window.toOffset - window.fromOffset), limits)
}

/** A lifetime fills about a third of the window both ways. */
export function windowAround(life: { readonly offset: Bytes; readonly sizeBytes: Bytes; readonly birth: EventNumber; readonly death: EventNumber }, limits: LifeLimits): AddressTimeWindow {
  const end = Math.min(limits.events.total, life.death)
  const events = Math.max(1, end - life.birth)
  return clampWindow({ fromOffset: life.offset - life.sizeBytes, toOffset: life.offset + 2 * life.sizeBytes, fromEvent: life.birth - events, toEvent: end + events }, limits)
}

export interface LifeBox {
  readonly x: CssPixels
  readonly y: CssPixels
  readonly width: CssPixels
  readonly height: CssPixels
}

/** Where a lifetime lies, cut off at the edges of the plot; null when it is out of sight. */
export function boxOf(area: PlotArea, window: AddressTimeWindow, life: { readonly offset: Bytes; readonly size: Bytes; readonly birth: EventNumber; readonly death: EventNumber }): LifeBox | null {
  const x0 = Math.max(area.left, xOf(area, window, life.birth))
  const x1 = Math.min(area.right, life.death === STILL_ALIVE ? area.right : xOf(area, window, life.death))
  const y0 = Math.max(area.top, yOf(area, window, life.offset))
  const y1 = Math.min(area.bottom, yOf(area, window, life.offset + life.size))
  return x1 <= x0 || y1 <= y0 ? null : { x: x0, y: y0, width: x1 - x0, height: y1 - y0 }
}

/** Which of the lifetimes told one by one covers a place, NONE when none does. */
export function lifeAt(lives: WindowLives, offset: Bytes, event: EventNumber): number {
  for (let i = 0; i < lives.offset.length; i++) {
    if (lives.offset[i]! <= offset && lives.offset[i]! + lives.size[i]! > offset && lives.birth[i]! <= event && lives.death[i]! > event) return i
  }
  return NONE
}

/** The addresses and events between two places of the plot, whole ones that hold all of it; null when nothing lies there. */
export function rectangleBetween(space: FoldedSpace, area: PlotArea, window: AddressTimeWindow, a: { readonly x: CssPixels; readonly y: CssPixels }, b: { readonly x: CssPixels; readonly y: CssPixels }): AddressTimeRectangle | null {
  const inside = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
  const offset = (y: number): number => inside(offsetAtY(area, window, y), 0, space.bytes)
  const event = (x: number): number => Math.max(0, eventAtX(area, window, inside(x, area.left, area.right)))
  const fromAddress = Math.floor(addressOf(space, offset(Math.min(a.y, b.y))))
  const toAddress = Math.ceil(endAddressOf(space, offset(Math.max(a.y, b.y))))
  const fromEvent = Math.floor(event(Math.min(a.x, b.x)))
  // An event holds until the next: what ends exactly where one begins does not reach into it.
  const toEvent = Math.max(fromEvent, Math.ceil(event(Math.max(a.x, b.x))) - 1)
  return toAddress > fromAddress ? { fromAddress, toAddress, fromEvent, toEvent } : null
}

/** Box of a rectangle, for the frame of what the filter keeps. */
export const boxOfRectangle = (space: FoldedSpace, area: PlotArea, window: AddressTimeWindow, { fromAddress, toAddress, fromEvent, toEvent }: AddressTimeRectangle): LifeBox | null => {
  const offset = offsetOf(space, fromAddress)
  return boxOf(area, window, { offset, size: offsetOf(space, toAddress) - offset, birth: fromEvent, death: toEvent + 1 })
}

const LABEL_DISTANCE: CssPixels = 30

/** Round addresses along the left edge, about LABEL_DISTANCE apart. */
export function addressTicks(space: FoldedSpace, area: PlotArea, window: AddressTimeWindow): AxisTick[] {
  const perPixel = (window.toOffset - window.fromOffset) / (area.bottom - area.top)
  const step = 2 ** Math.max(3, Math.ceil(Math.log2(perPixel * LABEL_DISTANCE)))
  const ticks: AxisTick[] = []
  let lastY = -Infinity
  const add = (address: Address, offset: Bytes): void => {
    const at = yOf(area, window, offset)
    if (at < area.top - 0.5 || at > area.bottom || at - lastY < LABEL_DISTANCE * 0.6) return
    ticks.push({ at, text: formatAddress(address) })
    lastY = at
  }
  for (const { base, bytes, offset } of space.segments) {
    if (offset + bytes <= window.fromOffset || offset > window.toOffset) continue
    if (offset >= window.fromOffset) add(base, offset)
    const first = Math.max(Math.ceil((base + 1) / step), Math.ceil((base + Math.max(0, window.fromOffset - offset)) / step)) * step
    const last = base + Math.min(bytes, window.toOffset - offset)
    for (let address = first; address < last; address += step) add(address, offset + address - base)
  }
  return ticks
}

export function eventTicks(area: PlotArea, window: AddressTimeWindow): AxisTick[] {
  const count = Math.max(2, Math.floor((area.right - area.left) / 120))
  return roundTicks(window.fromEvent, window.toEvent, count).filter(Number.isInteger).map((event) => ({ at: xOf(area, window, event), text: formatCount(event) }))
}

export interface ShownBreak {
  readonly y: CssPixels
  readonly text: string
  /** Room for its text. */
  readonly isLabelled: boolean
}

/** Lines where something is left out. */
export function shownBreaks(space: FoldedSpace, area: PlotArea, window: AddressTimeWindow): ShownBreak[] {
  const shown: ShownBreak[] = []
  let lastY = -Infinity
  for (const { offset, bytes, reservedBytes } of space.breaks) {
    if (offset < window.fromOffset || offset > window.toOffset) continue
    const y = yOf(area, window, offset)
    const reserved = reservedBytes === 0 ? 'not reserved' : reservedBytes === bytes ? 'reserved, never committed' : `not committed, of which reserved ${formatBytes(reservedBytes)}`
    const isLabelled = y - lastY >= 14
    shown.push({ y, text: `${formatBytes(bytes)} ${reserved}`, isLabelled })
    if (isLabelled) lastY = y
  }
  return shown
}
