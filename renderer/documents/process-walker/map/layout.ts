import type { Address, Bytes } from '../../../../shared/base/units'
import { RegionState } from '../../../../shared/model/region-table'

/*
 * The address space as one picture. Two gigabytes at scale would leave a heap less than a pixel, so widths grow with
 * the logarithm of the size, and free space is a gap of fixed width:
 *
 *   | default heap ///|  gap  |table//|  gap  |heap 1 //|   in rows from low to high addresses
 */
export interface MapRegion {
  readonly address: Address
  readonly bytes: Bytes
  /** RegionState. */
  readonly state: number
  readonly owner: string
  /** Change; 0 none, 1 new, 2 changed, 3 vanished. */
  readonly change: number
}

export interface RegionBox {
  /** Index into the regions. */
  readonly index: number
  readonly x: number
  readonly y: number
  readonly width: number
}

export const ROW_HEIGHT = 18
export const ROW_GAP = 4
const MARGIN = 12
const FREE_WEIGHT = 1.2
const LEAST_WIDTH = 3

/** Doublings of a page, so that 4 KB weighs 1 and 1 MB weighs 9. */
export const weightOf = ({ state, bytes }: MapRegion): number => (state === RegionState.Free ? FREE_WEIGHT : 1 + Math.log2(Math.max(1, bytes / 4096)))

/** Boxes of all regions in rows that fill the area; a region that does not fit in what is left of a row begins the next. */
export function layoutRegions(regions: readonly MapRegion[], area: { readonly width: number; readonly height: number }): RegionBox[] {
  const inside = Math.max(1, area.width - 2 * MARGIN)
  const rows = Math.max(1, Math.floor((area.height - MARGIN + ROW_GAP) / (ROW_HEIGHT + ROW_GAP)))
  const whole = regions.reduce((sum, region) => sum + weightOf(region), 0)
  // The ends of rows are lost: a box is never cut, so the scale leaves room for the widest at each end.
  const widest = regions.reduce((most, region) => Math.max(most, weightOf(region)), 1)
  const scale = (inside * rows) / (whole + widest * (rows - 1))
  const boxes: RegionBox[] = []
  let x = 0
  let row = 0
  regions.forEach((region, index) => {
    const width = Math.max(LEAST_WIDTH, weightOf(region) * scale)
    if (x > 0 && x + width > inside + 0.5) {
      x = 0
      row++
    }
    boxes.push({ index, x: MARGIN + x, y: MARGIN / 2 + row * (ROW_HEIGHT + ROW_GAP), width })
    x += width
  })
  return boxes
}

/** Height that holds all boxes; more than the area when there are many regions. */
export const heightOf = (boxes: readonly RegionBox[]): number => (boxes.at(-1)?.y ?? 0) + ROW_HEIGHT + MARGIN / 2

/** Index of the region at a place, -1 for none. */
export function regionAt(boxes: readonly RegionBox[], x: number, y: number): number {
  return boxes.find((box) => y >= box.y && y < box.y + ROW_HEIGHT && x >= box.x && x < box.x + box.width)?.index ?? -1
}

/** Index of the region that holds the address, -1 for none; regions are in address order. */
export function regionHolding(regions: readonly MapRegion[], address: Address): number {
  let low = 0
  let high = regions.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const region = regions[middle]!
    if (address < region.address) high = middle - 1
    else if (address >= region.address + region.bytes) low = middle + 1
    else return middle
  }
  return -1
}
