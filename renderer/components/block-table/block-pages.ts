import { shallowRef, type ShallowRef } from 'vue'
import type { BlockPage } from '../../../shared/analysis/block-query'
import { useRowPages, type RowPages } from '../row-pages'

/** Pages of the sorted, filtered block table, with the bytes of all its rows. */
export interface BlockPages extends RowPages<BlockPage> {
  readonly totalBytes: Readonly<ShallowRef<number | null>>
}

export function useBlockPages(): BlockPages {
  const totalBytes = shallowRef<number | null>(null)
  const pages = useRowPages<BlockPage>((page) => page.address.length, (page) => (totalBytes.value = page.totalBytes))
  return { ...pages, totalBytes }
}
