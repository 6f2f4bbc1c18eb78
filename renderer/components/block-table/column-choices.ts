import type { BlockColumn } from '../../../shared/analysis/block-columns'
import type { ColumnReasons } from '../moment-session'
import type { BlockTableColumn } from './block-columns'
import type { WhyState } from './why-state'

export interface ColumnChoice {
  readonly key: BlockColumn
  readonly label: string
  readonly hint: string
  readonly isShown: boolean
  /** Why the source tells it of no block; null = it does, or that is not known yet. */
  readonly reason: string | null
  /** It can be neither shown nor hidden. */
  readonly isFixed: boolean
}

/** What the chooser offers, in the table's order. A column that is shown can be hidden, whether it has values or not. */
export function columnChoices(all: readonly BlockTableColumn[], shown: readonly BlockColumn[], reasons: ColumnReasons | null, why: WhyState): ColumnChoice[] {
  return all.map(({ key, label, hint }) => {
    const isShown = shown.includes(key)
    const told = reasons?.[key] ?? null
    const reason = key === 'why' && told !== null && why === 'askable' ? 'Explain the run first (w).' : told
    return { key, label, hint, isShown, reason: key === 'address' ? '' : reason, isFixed: key === 'address' || (reason !== null && !isShown) }
  })
}

/** The columns shown after one is shown or hidden, in the table's order. */
export const toggledColumns = (all: readonly BlockTableColumn[], shown: readonly BlockColumn[], key: BlockColumn): readonly BlockColumn[] =>
  all.map((column) => column.key).filter((other) => (other === key ? !shown.includes(key) : shown.includes(other)))
