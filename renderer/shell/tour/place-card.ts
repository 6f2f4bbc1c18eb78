/** A rectangle in CSS pixels of the page. */
export interface Rect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const GAP = 12

/**
 * Where a card of `card` size stands so that it covers as little of `target` as it can: beside it where there is room,
 * else above its lower end. Always whole inside the page.
 */
export function placeCard(target: Rect | null, card: { readonly width: number; readonly height: number }, page: { readonly width: number; readonly height: number }): { readonly left: number; readonly top: number } {
  const inside = (left: number, top: number): { left: number; top: number } => ({
    left: Math.max(GAP, Math.min(left, page.width - card.width - GAP)),
    top: Math.max(GAP, Math.min(top, page.height - card.height - GAP)),
  })
  if (target === null) return inside((page.width - card.width) / 2, (page.height - card.height) / 3)
  const { left, top, width, height } = target
  if (top + height + GAP + card.height + GAP <= page.height) return inside(left + GAP, top + height + GAP)
  if (top - GAP - card.height - GAP >= 0) return inside(left + GAP, top - GAP - card.height)
  if (left - GAP - card.width - GAP >= 0) return inside(left - GAP - card.width, top + GAP)
  if (left + width + GAP + card.width + GAP <= page.width) return inside(left + width + GAP, top + GAP)
  return inside(left + width - card.width - GAP, top + height - card.height - GAP)
}
