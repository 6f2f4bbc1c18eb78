import type { Address } from '../../../shared/base/units'
import type { BlockDetail } from '../../../shared/ipc/engine-api'
import type { MapSegment } from './layout'
import type { MapSource } from './map-source'
import type { MapFrame } from './use-map-picture'
import type { AddressRange } from './use-map-pointer'

export interface MapKeyTargets {
  readonly source: () => MapSource
  readonly segments: () => readonly MapSegment[]
  readonly selected: () => BlockDetail | null
  readonly frame: () => MapFrame
  select(address: Address | null): void
  readonly range: () => AddressRange | null
  setRange(range: AddressRange | null): void
  zoomBy(steps: number): void
  panBy(rows: number): void
  fit(): void
  zoomToBlock(block: BlockDetail): void
}

const PAN_ROWS = 4

/** Address of the block after (or before) `block` in address order; stays at the ends. */
export function neighbourAddress(segments: readonly MapSegment[], block: { address: Address; sizeBytes: number }, forward: boolean): Address {
  const wanted = forward ? block.address + block.sizeBytes : block.address - 1
  const inside = segments.find((segment) => wanted >= segment.base && wanted < segment.base + segment.reservedBytes)
  if (inside !== undefined) return wanted
  if (forward) return segments.find((segment) => segment.base >= wanted)?.base ?? block.address
  const before = segments.filter((segment) => segment.base + segment.reservedBytes <= block.address).at(-1)
  return before === undefined ? block.address : before.base + before.reservedBytes - 1
}

/** Keys of a map; each key that is used is kept from everybody else. */
export function useMapKeys(targets: MapKeyTargets): { onKeydown(event: KeyboardEvent): void } {
  // A held key asks again only when the step before has been answered.
  let stepping = false

  async function selectAt(address: Address): Promise<void> {
    if (stepping) return
    stepping = true
    try {
      const block = await targets.source().blockAt(address, {})
      if (block !== null) targets.select(block.address)
    } catch {
      // The map's own request shows what is wrong with the document.
    } finally {
      stepping = false
    }
  }

  function step(forward: boolean): void {
    const block = targets.selected()
    void selectAt(block === null ? (targets.segments()[0]?.base ?? 0) : neighbourAddress(targets.segments(), block, forward))
  }

  function stepLines(lines: number): void {
    const { geometry, top } = targets.frame()
    const block = targets.selected()
    if (block === null) return step(true)
    void selectAt(geometry.lineFrom(top, block.address, lines) ?? nearestSegment(block.address, lines > 0))
  }

  function nearestSegment(address: Address, forward: boolean): Address {
    const segments = targets.segments()
    const next = forward ? segments.find((segment) => segment.base > address) : segments.filter((segment) => segment.base + segment.reservedBytes <= address).at(-1)
    return next?.base ?? address
  }

  /** Lines of a screen. */
  function pageLines(): number {
    const { geometry } = targets.frame()
    return geometry.drawing.layout === 'rows' ? Math.max(1, Math.floor(geometry.shown) - 1) : Math.max(1, geometry.drawing.space.side / 4)
  }
  const pageUnits = (): number => Math.max(1, Math.floor(targets.frame().geometry.shown) - 1)

  /* The range grows from an anchor: where the selection stood, or the end of the range that is not moved. */
  let anchor: Address | null = null
  let focus: Address = 0

  function startRange(): void {
    const range = targets.range()
    if (range !== null && anchor !== null && (range.from === anchor || range.to === anchor)) return
    anchor = range?.from ?? targets.selected()?.address ?? targets.segments()[0]?.base ?? 0
    focus = range?.to ?? anchor
  }

  function extendTo(address: Address): void {
    focus = address
    targets.setRange(anchor === null || focus === anchor ? null : { from: Math.min(anchor, focus), to: Math.max(anchor, focus) })
  }

  /** To the next border of a block. */
  async function extendBlock(forward: boolean): Promise<void> {
    if (stepping) return
    stepping = true
    try {
      startRange()
      const block = await targets.source().blockAt(forward ? focus : focus - 1, {})
      extendTo(block === null ? nearestSegment(focus, forward) : forward ? block.address + block.sizeBytes : block.address)
    } catch {
      // As in selectAt.
    } finally {
      stepping = false
    }
  }

  function extendLines(lines: number): void {
    startRange()
    const { geometry, top } = targets.frame()
    extendTo(geometry.lineFrom(top, focus, lines) ?? focus)
  }

  function extendToEnd(last: boolean): void {
    startRange()
    const segments = targets.segments()
    const end = segments.at(-1)
    extendTo(last && end !== undefined ? end.base + end.reservedBytes : (segments[0]?.base ?? 0))
  }

  const plain: Record<string, () => void> = {
    ArrowRight: () => step(true),
    ArrowLeft: () => step(false),
    ArrowDown: () => stepLines(1),
    ArrowUp: () => stepLines(-1),
    PageDown: () => stepLines(pageLines()),
    PageUp: () => stepLines(-pageLines()),
    Home: () => void selectAt(targets.segments()[0]?.base ?? 0),
    End: () => {
      const last = targets.segments().at(-1)
      if (last !== undefined) void selectAt(last.base + last.reservedBytes - 1)
    },
    '+': () => targets.zoomBy(1),
    '=': () => targets.zoomBy(1),
    '-': () => targets.zoomBy(-1),
    '0': () => targets.fit(),
    Enter: () => {
      const block = targets.selected()
      if (block !== null) targets.zoomToBlock(block)
    },
    Escape: () => (targets.range() === null ? targets.select(null) : targets.setRange(null)),
  }
  const shifted: Record<string, () => void> = {
    ArrowRight: () => void extendBlock(true),
    ArrowLeft: () => void extendBlock(false),
    ArrowDown: () => extendLines(1),
    ArrowUp: () => extendLines(-1),
    PageDown: () => extendLines(pageLines()),
    PageUp: () => extendLines(-pageLines()),
    Home: () => extendToEnd(false),
    End: () => extendToEnd(true),
    '+': () => targets.zoomBy(1),
  }
  const panned: Record<string, () => void> = {
    ArrowUp: () => targets.panBy(targets.frame().geometry.unitName === 'row' ? -PAN_ROWS : -1),
    ArrowDown: () => targets.panBy(targets.frame().geometry.unitName === 'row' ? PAN_ROWS : 1),
    ArrowLeft: () => targets.panBy(-pageUnits()),
    ArrowRight: () => targets.panBy(pageUnits()),
    Home: () => targets.panBy(-Infinity),
    End: () => targets.panBy(Infinity),
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.altKey) return
    const action = (event.ctrlKey || event.metaKey ? panned : event.shiftKey ? shifted : plain)[event.key]
    if (action === undefined) return
    event.preventDefault()
    event.stopPropagation()
    action()
  }
  return { onKeydown }
}
