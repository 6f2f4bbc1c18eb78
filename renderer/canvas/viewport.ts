/*
 * A window on a line of `total` units:   0 ----[from=====to]---------------- total
 * Pure: every change gives a new window that lies inside the line and is at least `smallest` long.
 */
export interface Viewport {
  readonly from: number
  readonly to: number
}

export interface ViewportLimits {
  readonly total: number
  /** Shortest window, in units; a line shorter than that is always shown whole. */
  readonly smallest: number
}

export const wholeViewport = (limits: ViewportLimits): Viewport => ({ from: 0, to: limits.total })

export const viewportSpan = (view: Viewport): number => view.to - view.from

export function clampViewport(view: Viewport, limits: ViewportLimits): Viewport {
  const span = Math.min(limits.total, Math.max(Math.min(limits.smallest, limits.total), view.to - view.from))
  const from = Math.min(Math.max(0, view.from), limits.total - span)
  return { from, to: from + span }
}

/** Makes the window `factor` times as long and keeps the unit at `place` (0..1 of the window) where it is. */
export function zoomViewport(view: Viewport, place: number, factor: number, limits: ViewportLimits): Viewport {
  const span = viewportSpan(view)
  const fixed = view.from + span * place
  const wanted = Math.min(limits.total, Math.max(Math.min(limits.smallest, limits.total), span * factor))
  return clampViewport({ from: fixed - wanted * place, to: fixed - wanted * place + wanted }, limits)
}

export function panViewport(view: Viewport, units: number, limits: ViewportLimits): Viewport {
  return clampViewport({ from: view.from + units, to: view.to + units }, limits)
}

/** Moves the window by the least that makes `unit` visible with a margin of a twentieth of the window. */
export function revealInViewport(view: Viewport, unit: number, limits: ViewportLimits): Viewport {
  const margin = viewportSpan(view) / 20
  if (unit < view.from + margin) return panViewport(view, unit - margin - view.from, limits)
  if (unit > view.to - margin) return panViewport(view, unit + margin - view.to, limits)
  return view
}

/** Place of `unit` in the window, 0 at its start, 1 at its end. */
export function placeInViewport(view: Viewport, unit: number): number {
  const span = viewportSpan(view)
  return span === 0 ? 0 : (unit - view.from) / span
}

/** Round values for about `count` marks between `from` and `to`, at 1, 2 or 5 times a power of ten. */
export function roundTicks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / Math.max(1, count)
  if (!(rough > 0)) return []
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick)
  return ticks
}

/** Round byte counts from 0 to `to`, at powers of two times 1, 2 or 4, about `count` of them. */
export function byteTicks(to: number, count: number): number[] {
  if (!(to > 0)) return [0]
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(to / Math.max(1, count))))
  const ticks: number[] = []
  for (let tick = 0; tick <= to; tick += step) ticks.push(tick)
  return ticks
}
