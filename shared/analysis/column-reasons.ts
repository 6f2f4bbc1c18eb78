import { BLOCK_COLUMNS, type BlockColumn } from './block-columns'
import type { BlockValues } from './block-values'

/** Why a source tells a column of no block; null = it does. A single block may still lack a value. */
export function whyNotTold(column: BlockColumn, { knowsDeaths, snapshot: { blocks, event } }: BlockValues): string | null {
  switch (column) {
    case 'kind':
      return blocks.kind === undefined ? 'Only where the inside of heaps was read, as from a dump.' : null
    case 'site':
      return blocks.site === undefined ? 'The source has no call sites.' : null
    case 'why':
      return blocks.why === undefined ? 'Only of a simulated run that was explained.' : null
    case 'birth':
      return blocks.birth === undefined ? 'The source does not tell when blocks were made.' : null
    case 'age':
      return blocks.birth === undefined || event === undefined ? 'The source does not tell when blocks were made.' : null
    case 'death':
    case 'lifetime':
      return knowsDeaths ? null : 'Only a run tells when blocks end.'
    default:
      return null
  }
}

export const columnReasons = (values: BlockValues): Record<BlockColumn, string | null> =>
  Object.fromEntries(BLOCK_COLUMNS.map((column) => [column, whyNotTold(column, values)])) as Record<BlockColumn, string | null>
