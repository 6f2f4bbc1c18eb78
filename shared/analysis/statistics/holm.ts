/**
 * p-values adjusted for being several, by Holm's step-down method: comparing each with alpha keeps the chance of any
 * false alarm at or below alpha, whatever the dependence. Same order as given.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!)
  const adjusted = new Array<number>(pValues.length)
  let largest = 0
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[index]! * (pValues.length - rank)))
    adjusted[index] = largest
  })
  return adjusted
}
