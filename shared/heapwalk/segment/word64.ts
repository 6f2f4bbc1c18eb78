/** A 64-bit value as two halves; keys are XORed, and no double holds them. */
export interface Word64 {
  readonly low: number
  readonly high: number
}

export const word64 = (value: number): Word64 => ({ low: value % 0x100000000 >>> 0, high: Math.floor(value / 0x100000000) })
export const xor64 = (...words: readonly Word64[]): Word64 => ({ low: words.reduce((sum, { low }) => sum ^ low, 0) >>> 0, high: words.reduce((sum, { high }) => sum ^ high, 0) >>> 0 })

/** The value most votes are for, and how many; of equals, the one first met. */
export function mostVoted<T>(votes: readonly T[], idOf: (vote: T) => string): { readonly value: T; readonly votes: number } | undefined {
  const counts = new Map<string, { readonly value: T; votes: number }>()
  for (const value of votes) {
    const id = idOf(value)
    const known = counts.get(id)
    if (known === undefined) counts.set(id, { value, votes: 1 })
    else known.votes++
  }
  let best: { readonly value: T; readonly votes: number } | undefined
  for (const candidate of counts.values()) if (best === undefined || candidate.votes > best.votes) best = candidate
  return best
}
