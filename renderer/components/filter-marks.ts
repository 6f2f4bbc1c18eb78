import type { BlockFilter } from '../../shared/analysis/block-query'

/** The part of a filter a map shows by letting its blocks stand out; states and ranges it shows by what it dims. */
export function markedFilter({ states: _states, fromAddress: _from, toAddress: _to, ...rest }: BlockFilter): BlockFilter {
  return rest
}
