import { computed, inject, provide, reactive, type ComputedRef, type InjectionKey } from 'vue'
import type { BlockSelection } from '../../../shared/analysis/compare/select-blocks'
import type { Bytes } from '../../../shared/base/units'
import type { MemberId } from '../../../shared/ipc/comparison-api'
import { formatCount } from '../../components/format'

/*
 * What a comparison is looking at: the one truth that histogram, tables, maps, pictures and chips show. Views read it and
 * change it through its functions only.
 */
export interface SetSelection {
  readonly minBytes?: Bytes
  readonly maxBytes?: Bytes
  readonly site?: string
  readonly heap?: number
  /** A run or snapshot marked in pictures and tables. */
  readonly memberId?: MemberId
}

export interface SelectionChip {
  readonly id: 'size' | 'site' | 'heap' | 'member'
  readonly text: string
  readonly value: string
}

export interface SelectionSession {
  readonly selection: SetSelection
  /** The part that chooses blocks, as a plain object. */
  readonly blocks: ComputedRef<BlockSelection>
  /** Both undefined: every size. */
  selectSizes(minBytes: Bytes | undefined, maxBytes: Bytes | undefined): void
  /** The one chosen already is let go. */
  toggleSite(site: string): void
  selectHeap(heap: number | undefined): void
  toggleMember(memberId: MemberId): void
  clear(id?: SelectionChip['id']): void
}

type Writable = { -readonly [K in keyof SetSelection]: SetSelection[K] }

export function createSelection(): SelectionSession {
  const selection = reactive<Writable>({})
  const put = <K extends keyof Writable>(key: K, value: Writable[K] | undefined): void => {
    if (value === undefined) delete selection[key]
    else selection[key] = value as (typeof selection)[K]
  }
  const blocks = computed<BlockSelection>(() => {
    const { memberId: _memberId, ...chosen } = selection
    return { ...chosen }
  })
  function selectSizes(minBytes: Bytes | undefined, maxBytes: Bytes | undefined): void {
    put('minBytes', minBytes)
    put('maxBytes', maxBytes)
  }
  const drop = { size: () => selectSizes(undefined, undefined), site: () => put('site', undefined), heap: () => put('heap', undefined), member: () => put('memberId', undefined) }
  return {
    selection,
    blocks,
    selectSizes,
    toggleSite: (site) => put('site', selection.site === site ? undefined : site),
    selectHeap: (heap) => put('heap', heap),
    toggleMember: (memberId) => put('memberId', selection.memberId === memberId ? undefined : memberId),
    clear: (id) => (id === undefined ? Object.values(drop).forEach((one) => one()) : drop[id]()),
  }
}

/** What is selected, for the chips that let it go. */
export function selectionChips({ minBytes, maxBytes, site, heap, memberId }: SetSelection, titleOf: (memberId: MemberId) => string): SelectionChip[] {
  const chips: SelectionChip[] = []
  if (minBytes !== undefined || maxBytes !== undefined) chips.push({ id: 'size', text: 'size', value: rangeText(minBytes, maxBytes) })
  if (site !== undefined) chips.push({ id: 'site', text: 'site', value: site })
  if (heap !== undefined) chips.push({ id: 'heap', text: 'heap', value: formatCount(heap + 1) })
  if (memberId !== undefined) chips.push({ id: 'member', text: 'member', value: titleOf(memberId) })
  return chips
}

function rangeText(min: Bytes | undefined, max: Bytes | undefined): string {
  if (min === undefined || min === 0) return `up to ${formatCount(max ?? 0)} B`
  return max === undefined ? `${formatCount(min)} B and more` : `${formatCount(min)} to ${formatCount(max)} B`
}

const KEY: InjectionKey<SelectionSession> = Symbol('selection of a comparison')
export const provideSelection = (session: SelectionSession): void => provide(KEY, session)
export const useSelection = (): SelectionSession => inject(KEY)!
