import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Address } from '../../../shared/base/units'
import type { Failure } from '../../../shared/base/errors'
import { RegionState } from '../../../shared/model/region-table'
import type { WalkState } from '../../../shared/sim/workspace/workspace-types'
import { engine } from '../../client/engine-client'
import { failureOf, isCancelled } from '../../client/failure'
import type { HexRange, HexSelection, HexSource } from '../../components/hex-view/hex-source'
import { useWorkspace } from '../../stores/workspace'
import { walkJumps } from './walk-jumps'
import { fetchRegions, isCommittedAt, type RegionRow } from './walk-regions'

/*
 * What one ProcessWalker shows: the process as of its last refresh, and where in it the reader is.
 *
 *   refresh --> state, generation + 1 --> list, map and bytes are asked for again
 *   goTo(address) --> cursor, range (the region around it) --> the list shows its row
 */
export interface WalkSession {
  readonly workspaceId: string
  readonly state: Readonly<ShallowRef<WalkState | null>>
  /** Regions for the map; isCut when there are more of them. */
  readonly regions: Readonly<ShallowRef<{ readonly regions: readonly RegionRow[]; readonly isCut: boolean }>>
  readonly failure: Readonly<ShallowRef<Failure | null>>
  /** Grows with each refresh. */
  readonly generation: Readonly<Ref<number>>
  /** The process has moved on since the last refresh. */
  readonly isBehind: ComputedRef<boolean>
  readonly onlyChanged: Ref<boolean>
  readonly expanded: Ref<readonly Address[]>
  readonly cursor: Readonly<Ref<Address | null>>
  readonly selection: Ref<HexSelection | null>
  readonly range: Readonly<ShallowRef<HexRange | null>>
  readonly source: HexSource
  /** What the last search, jump or step had to say. */
  readonly message: Ref<string>
  viewer(): { readonly workspaceId: string; readonly viewerId: string }
  refresh(): Promise<void>
  /** Keeps what is shown as a moment, to be shown and compared later. */
  keep(): Promise<void>
  forget(momentId: string): Promise<void>
  /** Shows a kept moment (null = the last refresh) against another (null = the refresh before). */
  compare(shown: string | null, against: string | null): Promise<void>
  goTo(address: Address): Promise<void>
  /** Moves inside the range shown. */
  moveTo(address: Address): void
  toggle(heap: Address): void
  nextChange(backwards: boolean): Promise<void>
  follow(address: Address): Promise<void>
  search(pattern: Uint8Array): Promise<void>
  fail(error: unknown): void
}

/** The viewer in the engine and its moment: opened, refreshed, closed with the tab. */
function useMoment(workspaceId: string) {
  const state = shallowRef<WalkState | null>(null)
  const regions = shallowRef<Awaited<ReturnType<typeof fetchRegions>>>({ regions: [], isCut: false })
  const failure = shallowRef<Failure | null>(null)
  const generation = ref(0)
  let isGone = false

  const viewer = (): { workspaceId: string; viewerId: string } => ({ workspaceId, viewerId: state.value?.viewerId ?? '' })
  /** A cancelled request is no failure. */
  function fail(error: unknown): void {
    if (!isCancelled(error)) failure.value = failureOf(error)
  }
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      failure.value = null
    } catch (error) {
      fail(error)
    }
  }

  /** False: the tab was closed meanwhile. */
  async function open(): Promise<boolean> {
    const opened = await engine.request('walkOpen', { workspaceId })
    if (isGone) {
      await engine.request('walkClose', { workspaceId, viewerId: opened.viewerId })
      return false
    }
    await accept(opened)
    return true
  }
  async function accept(next: WalkState): Promise<void> {
    state.value = next
    regions.value = await fetchRegions(viewer())
    generation.value++
  }

  onScopeDispose(() => {
    isGone = true
    if (state.value !== null) void engine.request('walkClose', viewer()).catch(() => undefined)
  })
  return { state, regions, failure, generation, viewer, fail, attempt, open, accept }
}

function sourceOf({ viewer, regions }: Pick<WalkSession, 'viewer' | 'regions'>): HexSource {
  return {
    bytes: (address, length, options) => engine.request('walkBytes', { ...viewer(), address, length }, options),
    changedLines: (from, to, count) => engine.request('walkChangedLines', { ...viewer(), from, to, count }),
    leadsSomewhere: (address) => isCommittedAt(regions.value.regions, address),
  }
}

export function useWalkSession(workspaceId: string, start: Address | undefined): WalkSession {
  const workspace = useWorkspace()
  const moment = useMoment(workspaceId)
  const { state, regions, failure, generation, viewer, fail, attempt } = moment
  const onlyChanged = ref(false)
  const expanded = ref<readonly Address[]>([])
  const cursor = ref<Address | null>(null)
  const selection = shallowRef<HexSelection | null>(null)
  const range = shallowRef<HexRange | null>(null)
  const message = ref('')

  const isBehind = computed(() => state.value !== null && state.value.shown === null && (workspace.state(workspaceId)?.revision ?? state.value.revision) !== state.value.revision)

  const open = (): Promise<void> => attempt(async () => {
    if (!(await moment.open())) return
    await workspace.refresh(workspaceId)
    const first = start ?? workspace.state(workspaceId)?.heaps[0]?.handle
    if (first !== undefined) await place(first)
  })

  /** What is shown has become another moment of the process. */
  async function turnTo(next: WalkState): Promise<void> {
    await moment.accept(next)
    if (cursor.value !== null) await place(cursor.value)
    await workspace.refresh(workspaceId)
    message.value = summaryOf(next)
  }
  const refresh = (): Promise<void> => (state.value === null ? open() : attempt(async () => turnTo(await engine.request('walkRefresh', viewer()))))

  /** The region around the address becomes the range; without one the range stays. */
  async function place(address: Address): Promise<void> {
    const choice = { ...viewer(), expanded: [], onlyChanged: false }
    const { row } = await engine.request('walkRowAt', { ...choice, address })
    const page = row < 0 ? null : await engine.request('walkRows', { ...choice, offset: row, count: 1 })
    const region = page?.rows[0]
    if (region?.kind !== 'region') {
      message.value = 'No region holds this address.'
      return
    }
    range.value = rangeOf(region)
    selection.value = null
    cursor.value = address
  }

  function toggle(heap: Address): void {
    expanded.value = expanded.value.includes(heap) ? expanded.value.filter((other) => other !== heap) : [...expanded.value, heap]
  }

  const jumps = walkJumps({ viewer, cursor, selection, message, place })
  void open()
  const stopRestart = engine.onRestart(() => {
    state.value = null
    range.value = null
    void open()
  })
  onScopeDispose(stopRestart)
  watch(onlyChanged, () => (message.value = ''))

  return {
    workspaceId, state, regions, failure, generation, isBehind, onlyChanged, expanded, cursor, selection, range, message, source: sourceOf({ viewer, regions }),
    viewer, refresh, toggle, fail,
    keep: () => attempt(async () => {
      state.value = await engine.request('walkKeep', viewer())
      message.value = `Kept as ${state.value.moments.at(-1)!.title}.`
    }),
    forget: (momentId) => attempt(async () => turnTo(await engine.request('walkForget', { ...viewer(), momentId }))),
    compare: (shown, against) => attempt(async () => turnTo(await engine.request('walkCompare', { ...viewer(), shown, against }))),
    goTo: (address) => attempt(() => place(address)),
    moveTo: (address) => void (cursor.value = address),
    nextChange: (backwards) => attempt(() => jumps.nextChange(backwards)),
    search: (pattern) => attempt(() => jumps.search(pattern)),
    follow: (address) => attempt(() => jumps.follow(address)),
  }
}

function rangeOf({ address, bytes, owner, state }: RegionRow): HexRange {
  const range = { from: address, to: address + bytes, title: owner === '' ? 'free' : owner }
  if (state === RegionState.Free) return { ...range, problem: 'Free address space: there are no bytes.' }
  return state === RegionState.Reserved ? { ...range, problem: 'Reserved: nothing is committed here, so there are no bytes.' } : range
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
