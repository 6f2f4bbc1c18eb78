import type { TilingSplit } from '../metrics/tiling-split'
import type { SweepMeasure, SweepResult } from './sweep-measure'
import { variantOf } from './sweep-ranking'

/** A finished point with what is drawn of it. */
export interface DrawnPoint extends SweepResult {
  readonly drawing: SweepMeasure['drawing']
}

export interface VariantDrawing {
  readonly key: string
  readonly drawing: SweepMeasure['drawing']
}

export interface VariantSplit {
  readonly key: string
  /** At each input's own peak, summed over the inputs. */
  readonly split: TilingSplit
}

/** Drawings of one input in the order of `variants`; variants without a result are left out. */
export function drawingsOf(points: readonly DrawnPoint[], input: string, variants: readonly string[]): VariantDrawing[] {
  const found = new Map(points.filter((point) => point.input === input).map((point) => [variantOf(point), point.drawing]))
  return variants.flatMap((key) => {
    const drawing = found.get(key)
    return drawing === undefined ? [] : [{ key, drawing }]
  })
}

/** In the order of `variants`. */
export function splitsOf(points: readonly DrawnPoint[], variants: readonly string[]): VariantSplit[] {
  const sums = new Map<string, TilingSplit>()
  for (const point of points) {
    const known = sums.get(variantOf(point))
    sums.set(variantOf(point), known === undefined ? point.drawing.peakSplit : addSplits(known, point.drawing.peakSplit))
  }
  return variants.flatMap((key) => {
    const split = sums.get(key)
    return split === undefined ? [] : [{ key, split }]
  })
}

function addSplits(a: TilingSplit, b: TilingSplit): TilingSplit {
  return Object.fromEntries(Object.entries(a).map(([term, bytes]) => [term, (bytes as number) + b[term as keyof TilingSplit]])) as unknown as TilingSplit
}
