import type { BlockColumn } from '../analysis/block-columns'
import type { BlockFilter } from '../analysis/block-query'
import type { Bookmark } from '../analysis/bookmarks'
import type { ViewChoices } from '../analysis/view-text'
import type { Address, EventNumber } from '../base/units'

/**
 * What a window wants to find again when a document is opened again. Each member may be absent: a file of an older
 * version has fewer, one of a later version has more, and a reader takes those it knows.
 */
export interface ViewState {
  readonly event?: EventNumber
  readonly selectedAddress?: Address | null
  readonly filter?: BlockFilter
  readonly sort?: BlockColumn
  readonly descending?: boolean
  /** Columns of the block table. */
  readonly columns?: readonly BlockColumn[]
  /** Layout, colouring and chosen range of the map; colour and zoom of address and time. */
  readonly map?: ViewChoices
  /** Tab of the lists. */
  readonly list?: string
  /** Kind of the timeline. */
  readonly timeline?: string
  readonly bookmarks?: readonly Bookmark[]
}
