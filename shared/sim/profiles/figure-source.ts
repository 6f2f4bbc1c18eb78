export interface FigureSource {
  readonly source: string
  /** high: two independent sources or real bytes; medium: one source; low: general knowledge, or a choice of ours. */
  readonly confidence: 'high' | 'medium' | 'low'
}
