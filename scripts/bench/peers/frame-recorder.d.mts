export interface Frames {
  readonly frames: number
  /** From frame to frame. */
  readonly medianMs: number
  readonly p95Ms: number
  readonly worstMs: number
  /** Longest time the page's thread did not let go; 0 when none was above 50 ms, which is where the browser begins to tell. */
  readonly longestTaskMs: number
}

export function framesExpression(act: string, forMs: number): string
