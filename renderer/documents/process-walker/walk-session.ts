import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Address } from '../../../shared/base/units'
import type { Failure } from '../../../shared/base/errors'
import type { WalkState } from '../../../shared/sim/workspace/workspace-types'
import { engine } from '../../client/engine-client'
import { failureOf, isCancelled } from '../../client/failure'
import { useWorkspace } from '../../stores/workspace'
import { walkJumps } from './walk-jumps'

/*
 * What one ProcessWalker shows: the process as of its last refresh, and where in it the reader is.
 *
 *   refresh --> state, generation + 1 --> list, map and bytes are asked for again
 *   goTo(address) --> cursor, range (the region around it) --> the list shows its row
 */
export interface ByteRange {
  readonly from: Address
  readonly to: Address
  readonly owner: string
  /** RegionState. */
  readonly state: number
}

export interface WalkSession {
  readonly workspaceId: string
  readonly state: Readonly<ShallowRef<WalkState | null>>
  readonly failure: Readonly<ShallowRef<Failure | null>>
  /** Grows with each refresh. */
  readonly generation: Readonly<Ref<number>>
  /** The process has moved on since the last refresh. */
  readonly isBehind: ComputedRef<boolean>
  readonly onlyChanged: Ref<boolean>
  readonly expanded: Ref<readonly Address[]>
  readonly cursor: Readonly<Ref<Address | null>>
  readonly range: Readonly<ShallowRef<ByteRange | null>>
  /** What the last search, jump or step had to say. */
  readonly message: Ref<string>
  viewer(): { readonly workspaceId: string; readonly viewerId: string }
  refresh(): Promise<void>
  goTo(address: Address): Promise<void>
  /** Moves inside the range shown. */
  moveTo(address: Address): void
  toggle(heap: Address): void
  nextChange(backwards: boolean): Promise<void>
  follow(address: Address): Promise<void>
  search(pattern: Uint8Array): Promise<void>
}

export function useWalkSession(workspaceId: string, start: Address | undefined): WalkSession {
  const workspace = useWorkspace()
  const state = shallowRef<WalkState | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const generation = ref(0)
  const onlyChanged = ref(false)
  const expanded = ref<readonly Address[]>([])
  const cursor = ref<Address | null>(null)
  const range = shallowRef<ByteRange | null>(null)
  const message = ref('')
  let isGone = false

  const isBehind = computed(() => state.value !== null && (workspace.state(workspaceId)?.revision ?? state.value.revision) !== state.value.revision)
  const viewer = (): { workspaceId: string; viewerId: string } => ({ workspaceId, viewerId: state.value?.viewerId ?? '' })

  /** Failures of the engine end what is shown; a cancelled request is none. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      failure.value = null
    } catch (error) {
      if (!isCancelled(error)) failure.value = failureOf(error)
    }
  }

  function accept(next: WalkState): void {
    state.value = next
    generation.value++
  }

  const open = (): Promise<void> => attempt(async () => {
    const opened = await engine.request('walkOpen', { workspaceId })
    if (isGone) return void engine.request('walkClose', { workspaceId, viewerId: opened.viewerId }).catch(() => undefined)
    accept(opened)
    await workspace.refresh(workspaceId)
    const first = start ?? workspace.state(workspaceId)?.heaps[0]?.handle
    if (first !== undefined) await place(first)
  })

  const refresh = (): Promise<void> => (state.value === null ? open() : attempt(async () => {
    accept(await engine.request('walkRefresh', viewer()))
    if (cursor.value !== null) await place(cursor.value)
    await workspace.refresh(workspaceId)
    message.value = summaryOf(state.value!)
  }))

  /** The region around the address becomes the range; without one the range stays. */
  async function place(address: Address): Promise<void> {
    const choice = { ...viewer(), expanded: [], onlyChanged: false }
    const { row } = await engine.request('walkRowAt', { ...choice, address })
    const page = row < 0 ? null : await engine.request('walkRows', { ...choice, offset: row, count: 1 })
    const region = page?.rows[0]
    if (region === undefined || region.kind !== 'region') {
      message.value = 'No region holds this address.'
      return
    }
    range.value = { from: region.address, to: region.address + region.bytes, owner: region.owner, state: region.state }
    cursor.value = address
  }

  const goTo = (address: Address): Promise<void> => attempt(() => place(address))

  function moveTo(address: Address): void {
    cursor.value = address
  }

  function toggle(heap: Address): void {
    expanded.value = expanded.value.includes(heap) ? expanded.value.filter((other) => other !== heap) : [...expanded.value, heap]
  }

  const jumps = walkJumps({ viewer, cursor, message, place })
  const nextChange = (backwards: boolean): Promise<void> => attempt(() => jumps.nextChange(backwards))
  const search = (pattern: Uint8Array): Promise<void> => attempt(() => jumps.search(pattern))
  const follow = (address: Address): Promise<void> => attempt(() => jumps.follow(address))

  void open()
  const stopRestart = engine.onRestart(() => {
    state.value = null
    range.value = null
    void open()
  })
  watch(onlyChanged, () => (message.value = ''))
  onScopeDispose(() => {
    isGone = true
    stopRestart()
    if (state.value !== null) void engine.request('walkClose', viewer()).catch(() => undefined)
  })

  return { workspaceId, state, failure, generation, isBehind, onlyChanged, expanded, cursor, range, message, viewer, refresh, goTo, moveTo, toggle, nextChange, follow, search }
}

const count = (value: number, noun: string): string => `${value.toLocaleString('en-US')} ${noun}${value === 1 ? '' : 's'}`

/** What a refresh found, in words. */
export function summaryOf({ newRegions, vanishedRegions, changedRegions, changedBytes, changedLines }: WalkState): string {
  if (newRegions + vanishedRegions + changedRegions + changedBytes === 0) return 'Nothing changed.'
  const parts = [
    newRegions > 0 ? `${count(newRegions, 'new region')}` : '',
    vanishedRegions > 0 ? `${count(vanishedRegions, 'region')} gone` : '',
    changedRegions > 0 ? `${count(changedRegions, 'region')} changed` : '',
    changedBytes > 0 ? `${count(changedBytes, 'byte')} in ${count(changedLines, 'line')}` : '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

