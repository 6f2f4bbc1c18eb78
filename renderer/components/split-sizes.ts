/**
 * Sizes after the separator in front of pane `index` moved by `by` pixels: what one side gains the nearest panes of
 * the other side give, down to their least sizes.
 */
export function moveSeparator(sizes: readonly number[], index: number, by: number, least: readonly number[]): number[] {
  const next = [...sizes]
  const grower = by > 0 ? index - 1 : index
  const givers = by > 0 ? range(index, sizes.length) : range(0, index).reverse()
  let wanted = Math.abs(by)
  for (const giver of givers) {
    const given = Math.min(wanted, Math.max(0, next[giver]! - (least[giver] ?? 0)))
    next[giver]! -= given
    next[grower]! += given
    wanted -= given
  }
  return next
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
