import { mulberry32 } from '../../../base/random'
import { median } from '../intervals'
import { mannWhitney } from '../rank-test'
import { judgeBatch, SAMPLED_RULE } from '../trigger-rule'

/*
 * The published table of the rule's alarms: one metric (no Holm), percentages of trials in which a rule alarms.
 *
 *   p alone   Mann-Whitney p < .05        threshold   medians differ by 3 % or more
 *   batch     R3 in one batch             confirmed   R3 in two
 */
export interface TableRow {
  readonly noise: 'normal' | 'log-normal'
  readonly sigma: number
  readonly runs: number
  /** By change in percent: [p alone, threshold alone, one batch, confirmed]. */
  readonly cells: Readonly<Record<0 | 5 | 10, readonly [number, number, number, number]>>
}

export const TABLE_ROWS: readonly TableRow[] = [
  { noise: 'normal', sigma: 0.02, runs: 10, cells: { 0: [4.8, 0.3, 0.1, 0], 5: [100, 96.4, 96, 92.8], 10: [100, 100, 100, 100] } },
  { noise: 'normal', sigma: 0.05, runs: 10, cells: { 0: [4.8, 13.3, 0.68, 0], 5: [63.2, 76.5, 35, 12.1], 10: [98.5, 99.4, 92.5, 85.9] } },
  { noise: 'log-normal', sigma: 0.1, runs: 10, cells: { 0: [4.8, 29.5, 0.73, 0], 5: [25.8, 64.1, 9.1, 0.8], 10: [61.8, 89.1, 33.5, 11.2] } },
]
export const TABLE_TRIALS = 4000

/** Far above the floor of the rule, which the table leaves out of account. */
const CENTRE_BYTES = 1e9

export function simulateCell({ noise, sigma, runs }: TableRow, changePercent: number, trials: number, seed: number): number[] {
  const random = mulberry32(seed)
  const draw = (factor: number): number[] => Array.from({ length: runs }, () => CENTRE_BYTES * factor * (noise === 'normal' ? 1 + sigma * gaussian(random) : Math.exp(sigma * gaussian(random))))
  const batch = (): { baseline: number[]; candidate: number[] } => ({ baseline: draw(1), candidate: draw(1 + changePercent / 100) })
  const grows = (b: { baseline: number[]; candidate: number[] }): boolean => {
    const [judgement] = judgeBatch([b], [SAMPLED_RULE])
    return judgement!.triggered && judgement!.direction === 'up'
  }
  const alarms = [0, 0, 0, 0]
  for (let trial = 0; trial < trials; trial++) {
    const first = batch()
    if (mannWhitney(first.candidate, first.baseline).pGreater < 0.05) alarms[0]!++
    if (median(first.candidate) / median(first.baseline) - 1 >= 0.03) alarms[1]!++
    if (!grows(first)) continue
    alarms[2]!++
    if (grows(batch())) alarms[3]!++
  }
  return alarms.map((count) => (100 * count) / trials)
}

/** Box-Muller; the second of the pair is not used. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Four standard errors of the difference between two estimates of the same share, in percent; half a count is always allowed. */
export function samplingError(percent: number, trials: number): number {
  const share = Math.min(Math.max(percent / 100, 1 / TABLE_TRIALS), 1 - 1 / TABLE_TRIALS)
  return 100 * (4 * Math.sqrt(share * (1 - share) * (1 / TABLE_TRIALS + 1 / trials)) + 0.5 / TABLE_TRIALS)
}
