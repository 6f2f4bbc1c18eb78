import type { BlockColumn, BlockPage } from '../../../../shared/analysis/block-query'
import { BlockState } from '../../../../shared/model/snapshot'
import { requestedText, stateName } from '../../../components/block-text'
import { formatAddress, formatCount, NOT_AVAILABLE } from '../../../components/format'

export type BlockTableColumn = BlockColumn | 'site'

/** A row of a page as texts; what is unknown or does not apply is an em dash. */
export function blockRowTexts(page: BlockPage, index: number): Record<BlockTableColumn, string> {
  const state = page.state[index]!
  const birth = page.birth[index]!
  return {
    address: formatAddress(page.address[index]!),
    requested: requestedText(state, page.requested[index]!),
    size: formatCount(page.size[index]!),
    state: stateName(state),
    segment: page.segment[index]! < 0 ? NOT_AVAILABLE : String(page.segment[index]! + 1),
    birth: birth < 0 ? NOT_AVAILABLE : formatCount(birth),
    pins: state === BlockState.Busy ? formatCount(page.pins[index]!) : NOT_AVAILABLE,
    site: page.site[index] || NOT_AVAILABLE,
  }
}

/** One line for the clipboard, tab separated, with plain numbers. */
export function blockRowLine(page: BlockPage, index: number): string {
  const texts = blockRowTexts(page, index)
  const address = `0x${page.address[index]!.toString(16).toUpperCase()}`
  return [address, texts.requested, texts.size, texts.state, texts.segment, texts.birth, texts.pins, texts.site].map((text) => text.replace(/,/g, '')).join('\t')
}
