import type { EventNumber } from '../../../../shared/base/units'

/** A stretch of events, both ends included. */
export interface EventRange {
  readonly from: EventNumber
  readonly to: EventNumber
}

export type BrushKind = 'born' | 'alive'

/** Condition on the blocks that were made in the stretch, or that lived in any part of it; a block that is never freed dies after every event. */
export function brushCondition({ from, to }: EventRange, kind: BrushKind): string {
  if (kind === 'born') return `birth >= ${from} and birth <= ${to}`
  return `birth <= ${to} and death > ${from}`
}

/** The condition with the stretch's put in place of an earlier one, and added to what else is asked. */
export function withBrush(where: string | undefined, range: EventRange, kind: BrushKind): string {
  const rest = (where ?? '').replace(BRUSHED, '').trim()
  const condition = brushCondition(range, kind)
  if (rest === '') return condition
  return `(${rest.replace(/^\((.*)\)$/s, (whole, inner: string) => (isBalanced(inner) ? inner : whole))}) and ${condition}`
}

const BRUSHED = /(?:\s*and\s+)?birth (?:>= \d+ and birth <= \d+|<= \d+ and death > \d+)$/

function isBalanced(text: string): boolean {
  let depth = 0
  for (const character of text) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    if (depth < 0) return false
  }
  return depth === 0
}
