export type EffectLabel = 'negligible' | 'small' | 'medium' | 'large'

/** Usual words for the size of Cliff's delta: 0.147 small, 0.33 medium, 0.474 large (a convention, not a law). */
export function effectLabel(delta: number): EffectLabel {
  const size = Math.abs(delta)
  if (size >= 0.474) return 'large'
  if (size >= 0.33) return 'medium'
  return size >= 0.147 ? 'small' : 'negligible'
}
