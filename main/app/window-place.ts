import type { WindowPlace } from '../settings/settings-store'

export const DEFAULT_SIZE = { width: 1280, height: 800 } as const
/** Below this the dock and a document no longer fit side by side. */
export const LEAST_SIZE = { width: 800, height: 560 } as const

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type StartPlace = { readonly width: number; readonly height: number } | Area

// A title bar's worth: the user can still grab the window.
const grabbable = { width: 120, height: 32 } as const

/**
 * Where the window opens: where it stood, if enough of its top edge still lies on a screen, else in the middle of the
 * main one; never larger than the largest screen.
 * @param workAreas of all screens, without task bars
 */
export function findStartPlace(saved: WindowPlace | null, workAreas: readonly Area[]): StartPlace {
  const width = Math.max(LEAST_SIZE.width, Math.min(saved?.width ?? DEFAULT_SIZE.width, ...maximum(workAreas, 'width')))
  const height = Math.max(LEAST_SIZE.height, Math.min(saved?.height ?? DEFAULT_SIZE.height, ...maximum(workAreas, 'height')))
  if (saved === null) return { width, height }
  const top = { x: saved.x, y: saved.y, width, height: grabbable.height }
  return workAreas.some((area) => isGrabbable(top, area)) ? { x: saved.x, y: saved.y, width, height } : { width, height }
}

function maximum(areas: readonly Area[], side: 'width' | 'height'): readonly number[] {
  return areas.length === 0 ? [] : [Math.max(...areas.map((area) => area[side]))]
}

function isGrabbable(a: Area, b: Area): boolean {
  const overlapX = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const overlapY = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return overlapX >= grabbable.width && overlapY >= grabbable.height
}
