import { conditionOf, type BlockFilter } from '../../../shared/analysis/block-query'
import { columnsAsked } from '../../../shared/analysis/filter/block-condition'

/** Whether the reasons of a document's blocks are known, could be asked for, or cannot be known. */
export type WhyState = 'told' | 'askable' | 'none'

/** Whether a filter asks why blocks lie where they do. */
export function asksWhy(filter: BlockFilter): boolean {
  const condition = conditionOf(filter)
  return condition !== undefined && columnsAsked(condition).includes('why')
}
