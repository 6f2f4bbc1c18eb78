/** The kept item that fits, moved to the end; else a new one, and the oldest goes when there are too many. */
export function keepRecent<T>(kept: T[], fits: (item: T) => boolean, make: () => T, most: number): T {
  const found = kept.findIndex(fits)
  const item = found >= 0 ? kept.splice(found, 1)[0]! : make()
  kept.push(item)
  if (kept.length > most) kept.shift()
  return item
}
