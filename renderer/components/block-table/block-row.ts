import type { BlockColumn } from '../../../shared/analysis/block-columns'
import type { BlockPage } from '../../../shared/analysis/block-query'
import { UNKNOWN_SIZE } from '../../../shared/base/units'
import { CONFIDENCES } from '../../../shared/model/confidence'
import { PLACED_REASONS } from '../../../shared/model/placed-reasons'
import { BlockState } from '../../../shared/model/snapshot'
import { kindName, requestedText, stateName } from '../block-text'
import { formatAddress, formatCount, NOT_AVAILABLE } from '../format'

/** Columns a page of blocks tells; the others can be filtered, grouped and exported by. */
export type BlockTableColumn = Exclude<BlockColumn, 'end' | 'page' | 'class' | 'age' | 'death' | 'lifetime'>

/** A row of a page as texts; what is unknown or does not apply is an em dash. */
export function blockRowTexts(page: BlockPage, index: number, heapNames: readonly string[] = []): Record<BlockTableColumn, string> {
  const state = page.state[index]!
  const birth = page.birth[index]!
  return {
    address: formatAddress(page.address[index]!),
    requested: requestedText(state, page.requested[index]!),
    size: formatCount(page.size[index]!),
    overhead: overheadText(page, index),
    state: stateName(state),
    heap: heapNames[page.inside?.heap[index] ?? -1] ?? NOT_AVAILABLE,
    kind: kindName(page.inside?.kind[index] ?? -1),
    confidence: CONFIDENCES[page.inside?.confidence[index] ?? -1] ?? NOT_AVAILABLE,
    segment: page.segment[index]! < 0 ? NOT_AVAILABLE : String(page.segment[index]! + 1),
    birth: birth < 0 ? NOT_AVAILABLE : formatCount(birth),
    why: PLACED_REASONS[(page.why?.[index] ?? 0) - 1] ?? NOT_AVAILABLE,
    pins: state === BlockState.Busy ? formatCount(page.pins[index]!) : NOT_AVAILABLE,
    site: page.site[index] || NOT_AVAILABLE,
  }
}

function overheadText(page: BlockPage, index: number): string {
  const requested = page.requested[index]!
  return page.state[index] === BlockState.Busy && requested !== UNKNOWN_SIZE ? formatCount(page.size[index]! - requested) : NOT_AVAILABLE
}

/** One line for the clipboard, tab separated, with plain numbers. */
export function blockRowLine(page: BlockPage, index: number, shows: readonly BlockTableColumn[], heapNames: readonly string[] = []): string {
  const texts = { ...blockRowTexts(page, index, heapNames), address: `0x${page.address[index]!.toString(16).toUpperCase()}` }
  return shows.map((column) => texts[column].replace(/,/g, '')).join('\t')
}
