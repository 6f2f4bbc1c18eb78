/** How far a statement can be trusted; simulated and recorded data are `verified`. */
export type Confidence = 'verified' | 'inferred' | 'uncertain' | 'opaque'
/** Values of a block's `confidence` in order of their codes. */
export const CONFIDENCES = ['verified', 'inferred', 'uncertain', 'opaque'] as const satisfies readonly Confidence[]
