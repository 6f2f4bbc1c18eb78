import { columnNamed } from '../../../../shared/analysis/block-columns'
import type { EventNumber } from '../../../../shared/base/units'

/** A stretch of events, both ends included. */
export interface EventRange {
  readonly from: EventNumber
  readonly to: EventNumber
}

export type BrushKind = 'born' | 'alive'

/** Whether a filter can ask when a block ends; where it cannot, only births can be asked for. */
export const knowsDeath = (): boolean => columnNamed('death') !== undefined

/** Condition on the blocks that were made in the stretch, or that lived in any part of it. */
export function brushCondition({ from, to }: EventRange, kind: BrushKind): string {
  if (kind === 'born') return `birth >= ${from} and birth <= ${to}`
  return `birth <= ${to} and (death > ${from} or death is unknown)`
}

/** The condition with the stretch's put in place of an earlier one, and added to what else is asked. */
export function withBrush(where: string | undefined, range: EventRange, kind: BrushKind): string {
  const rest = (where ?? '').replace(BRUSHED, '').trim()
  const condition = brushCondition(range, kind)
  if (rest === '') return condition
  return `(${rest.replace(/^\((.*)\)$/s, (whole, inner: string) => (isBalanced(inner) ? inner : whole))}) and ${condition}`
}

const BRUSHED = /(?:\s*and\s+)?birth (?:>= \d+ and birth <= \d+|<= \d+ and \(death > \d+ or death is unknown\))$/

function isBalanced(text: string): boolean {
  let depth = 0
  for (const character of text) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    if (depth < 0) return false
  }
  return depth === 0
}
