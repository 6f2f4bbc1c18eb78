/** Value of a two-player game by which players have moved: none, the first only, the second only, both. */
export interface TwoPlayerGame {
  readonly none: number
  readonly first: number
  readonly second: number
  readonly both: number
}

/** Each player's effect, averaged over the two orders of moving; the effects sum to both - none. */
export function twoPlayerShapley({ none, first, second, both }: TwoPlayerGame): { readonly first: number; readonly second: number } {
  return { first: (first - none + (both - second)) / 2, second: (second - none + (both - first)) / 2 }
}

export interface RatioAttribution {
  /** Change of C/Q. */
  readonly change: number
  /** Part that the footprint's change explains: dC (1/Q_A + 1/Q_B) / 2. */
  readonly footprintEffect: number
  /** Part that the demand's change explains: (1/Q_B - 1/Q_A) (C_A + C_B) / 2. */
  readonly demandEffect: number
}

/** Splits the change of C/Q between footprint and demand; null when one side has no live bytes. */
export function attributeRatio(a: { readonly footprint: number; readonly live: number }, b: { readonly footprint: number; readonly live: number }): RatioAttribution | null {
  if (!(a.live > 0) || !(b.live > 0)) return null
  const effects = twoPlayerShapley({ none: a.footprint / a.live, first: b.footprint / a.live, second: a.footprint / b.live, both: b.footprint / b.live })
  return { change: b.footprint / b.live - a.footprint / a.live, footprintEffect: effects.first, demandEffect: effects.second }
}

/** A figure of four replays: program A or B under heap A or B. */
export interface SwappedReplays {
  readonly programAHeapA: number
  readonly programBHeapA: number
  readonly programAHeapB: number
  readonly programBHeapB: number
}

export interface CauseAttribution {
  readonly change: number
  /** What the program's other requests do. */
  readonly workloadEffect: number
  /** What the heap's other behaviour does. */
  readonly policyEffect: number
}

/** Separates "the program allocates differently" from "the heap behaves differently". */
export function attributeCause(replays: SwappedReplays): CauseAttribution {
  const effects = twoPlayerShapley({ none: replays.programAHeapA, first: replays.programBHeapA, second: replays.programAHeapB, both: replays.programBHeapB })
  return { change: replays.programBHeapB - replays.programAHeapA, workloadEffect: effects.first, policyEffect: effects.second }
}
