/*
 * A table of millions of rows in a scroll box. An element cannot be higher than 33,554,428 px in Chromium 114, so a
 * high table gets a box of CAP pixels and the scroll position stands for a share of the rows:
 *
 *   rows      0 ........ firstRow ......... rows          firstRow has a fraction: the first row may be cut
 *   scrollTop 0 ........ scrollTop ........ height - view
 */
export interface TableGeometry {
  readonly rows: number
  readonly rowHeight: number
  /** Height of the part that shows rows. */
  readonly viewHeight: number
}

/** Below the cap of the engine, with room for the header. */
export const HIGHEST_ELEMENT = 30_000_000

export const fullHeight = ({ rows, rowHeight }: TableGeometry): number => rows * rowHeight

/** Height the scrolled element gets. */
export const scrollHeight = (geometry: TableGeometry): number => Math.min(HIGHEST_ELEMENT, fullHeight(geometry))

export const isScaled = (geometry: TableGeometry): boolean => fullHeight(geometry) > HIGHEST_ELEMENT

const lastFirstRow = ({ rows, rowHeight, viewHeight }: TableGeometry): number => Math.max(0, rows - viewHeight / rowHeight)

export const clampFirstRow = (geometry: TableGeometry, firstRow: number): number => Math.min(Math.max(0, firstRow), lastFirstRow(geometry))

export function firstRowAt(geometry: TableGeometry, scrollTop: number): number {
  const room = scrollHeight(geometry) - geometry.viewHeight
  return room <= 0 ? 0 : clampFirstRow(geometry, (scrollTop / room) * lastFirstRow(geometry))
}

export function scrollTopFor(geometry: TableGeometry, firstRow: number): number {
  const last = lastFirstRow(geometry)
  return last <= 0 ? 0 : (clampFirstRow(geometry, firstRow) / last) * Math.max(0, scrollHeight(geometry) - geometry.viewHeight)
}

/** The first row nearest to `firstRow` at which `row` is wholly visible. */
export function firstRowRevealing(geometry: TableGeometry, firstRow: number, row: number): number {
  const visible = Math.max(1, Math.floor(geometry.viewHeight / geometry.rowHeight))
  if (row < firstRow) return clampFirstRow(geometry, row)
  if (row + 1 > firstRow + geometry.viewHeight / geometry.rowHeight) return clampFirstRow(geometry, row + 1 - visible)
  return firstRow
}
