import { conditionOf, type BlockFilter } from '../../shared/analysis/block-query'
import { viewStateMembers } from '../../shared/ipc/view-checks'
import type { ViewState } from '../../shared/ipc/view-state'

/**
 * What a file says of the view, member by member where it is sound: another program, or another version of this one, may
 * have written it. Null where it says nothing.
 */
export function soundViewState(view: unknown): ViewState | null {
  if (typeof view !== 'object' || view === null) return null
  const given = view as Readonly<Record<string, unknown>>
  const sound = Object.entries(viewStateMembers).flatMap(([name, check]) => {
    const checked = Object.hasOwn(given, name) ? check.safeParse(given[name]) : null
    const isSound = checked?.success === true && (name !== 'filter' || canBeRead(checked.data as BlockFilter))
    return isSound ? [[name, checked.data]] : []
  })
  return Object.fromEntries(sound) as ViewState
}

function canBeRead(filter: BlockFilter): boolean {
  try {
    conditionOf(filter)
    return true
  } catch {
    return false
  }
}
