import type { FlamePage } from '../../../shared/analysis/sites/site-pages'
import { NONE } from '../../../shared/base/units'
import type { CssPixels } from '../../canvas/draw-target'

/*
 * Boxes of a flame graph on a canvas: rows of equal height, the root at the top (icicle) or at the foot (flame), scrolled
 * by `scrollPx` from the top.
 */
export const BOX_HEIGHT: CssPixels = 18

export interface FlameArea {
  readonly width: CssPixels
  readonly height: CssPixels
  readonly scrollPx: CssPixels
  readonly isIcicle: boolean
}

export const depthsOf = (page: FlamePage): number => page.depthStart.length - 1
export const flameHeight = (page: FlamePage): CssPixels => depthsOf(page) * BOX_HEIGHT

/** Upper edge of a row in the area; a flame lower than the area stands on its foot. */
export function rowTop(page: FlamePage, area: FlameArea, depth: number): CssPixels {
  if (area.isIcicle) return depth * BOX_HEIGHT - area.scrollPx
  const whole = Math.max(flameHeight(page), area.height)
  return whole - (depth + 1) * BOX_HEIGHT - area.scrollPx
}

/** Box under a place, or NONE. */
export function boxAt(page: FlamePage, area: FlameArea, x: CssPixels, y: CssPixels): number {
  const whole = Math.max(flameHeight(page), area.height)
  const depth = Math.floor((area.isIcicle ? y + area.scrollPx : whole - y - area.scrollPx) / BOX_HEIGHT)
  if (depth < 0 || depth >= depthsOf(page) || area.width <= 0) return NONE
  return boxAtShare(page, depth, x / area.width)
}

/** Box of a row that covers a place of the width, or NONE. */
export function boxAtShare(page: FlamePage, depth: number, share: number): number {
  let low = page.depthStart[depth]!
  let high = page.depthStart[depth + 1]!
  while (low < high) {
    const middle = (low + high) >>> 1
    if (page.to[middle]! <= share) low = middle + 1
    else high = middle
  }
  return low < page.depthStart[depth + 1]! && page.from[low]! <= share ? low : NONE
}

export function depthOf(page: FlamePage, box: number): number {
  let depth = 0
  while (depth + 1 < depthsOf(page) && page.depthStart[depth + 1]! <= box) depth++
  return depth
}

/** Frame keys from the tree's root; `root` is the path of box 0. */
export function pathOfBox(page: FlamePage, root: readonly number[], box: number): number[] {
  const steps: number[] = []
  for (let at = box; at > 0; at = page.parent[at]!) steps.push(page.key[at]!)
  return [...root, ...steps.reverse()]
}

/** Box of a path, or NONE when it is not among the boxes. */
export function boxOfPath(page: FlamePage, root: readonly number[], path: readonly number[]): number {
  if (path.length < root.length || root.some((key, i) => path[i] !== key)) return NONE
  let box = 0
  for (let step = root.length; step < path.length; step++) {
    const depth = step - root.length + 1
    if (depth >= depthsOf(page)) return NONE
    let child = page.depthStart[depth]!
    const end = page.depthStart[depth + 1]!
    while (child < end && !(page.parent[child] === box && page.key[child] === path[step])) child++
    if (child === end) return NONE
    box = child
  }
  return box
}

export type FlameStep = 'caller' | 'callee' | 'previous' | 'next'

/** The neighbouring box; the box itself where there is none. */
export function stepFrom(page: FlamePage, box: number, step: FlameStep): number {
  const depth = depthOf(page, box)
  if (step === 'caller') return Math.max(0, page.parent[box]!)
  if (step === 'callee') {
    if (depth + 1 >= depthsOf(page)) return box
    for (let child = page.depthStart[depth + 1]!; child < page.depthStart[depth + 2]!; child++) if (page.parent[child] === box) return child
    return box
  }
  const to = step === 'next' ? box + 1 : box - 1
  return to >= page.depthStart[depth]! && to < page.depthStart[depth + 1]! ? to : box
}

/** The next (or previous) box that fulfils the search, around the end; NONE when there is none. */
export function nextFound(page: FlamePage, box: number, forward: boolean): number {
  const boxes = page.isFound.length
  for (let i = 1; i <= boxes; i++) {
    const at = (box + (forward ? i : boxes - i) + boxes) % boxes
    if (page.isFound[at] === 1) return at
  }
  return NONE
}

/** Scroll offset at which a row is visible. */
export function scrollRevealing(page: FlamePage, area: FlameArea, depth: number): CssPixels {
  const top = rowTop(page, { ...area, scrollPx: 0 }, depth)
  if (top < area.scrollPx) return top
  return top + BOX_HEIGHT > area.scrollPx + area.height ? top + BOX_HEIGHT - area.height : area.scrollPx
}
