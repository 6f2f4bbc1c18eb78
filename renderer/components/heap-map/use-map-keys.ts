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
  readonly panBy: (rows: number) => void
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

type KeyActions = Readonly<Record<string, () => void>>

/** One answer at a time: a held key asks again only when the step before has been answered. */
class OneStep {
  #isUnderWay = false

  async take(step: () => Promise<void>): Promise<void> {
    if (this.#isUnderWay) return
    this.#isUnderWay = true
    try {
      await step()
    } catch {
      // The map's own request shows what is wrong with the document.
    } finally {
      this.#isUnderWay = false
    }
  }
}

function nearestSegment(segments: readonly MapSegment[], address: Address, forward: boolean): Address {
  const next = forward ? segments.find((segment) => segment.base > address) : segments.filter((segment) => segment.base + segment.reservedBytes <= address).at(-1)
  return next?.base ?? address
}

/** Lines of a screen. */
function pageLines({ geometry }: MapFrame): number {
  return geometry.drawing.layout === 'rows' ? Math.max(1, Math.floor(geometry.shown) - 1) : Math.max(1, geometry.drawing.space.side / 4)
}

/** The selection goes from block to block and from line to line. */
function selectionKeys(targets: MapKeyTargets, one: OneStep): KeyActions {
  const selectAt = (address: Address): Promise<void> => one.take(async () => {
    const block = await targets.source().blockAt(address, {})
    if (block !== null) targets.select(block.address)
  })
  const step = (forward: boolean): void => {
    const block = targets.selected()
    void selectAt(block === null ? (targets.segments()[0]?.base ?? 0) : neighbourAddress(targets.segments(), block, forward))
  }
  const stepLines = (lines: number): void => {
    const { geometry, top } = targets.frame()
    const block = targets.selected()
    if (block === null) return step(true)
    void selectAt(geometry.lineFrom(top, block.address, lines) ?? nearestSegment(targets.segments(), block.address, lines > 0))
  }
  return {
    ArrowRight: () => step(true),
    ArrowLeft: () => step(false),
    ArrowDown: () => stepLines(1),
    ArrowUp: () => stepLines(-1),
    PageDown: () => stepLines(pageLines(targets.frame())),
    PageUp: () => stepLines(-pageLines(targets.frame())),
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
}

/** With Shift a range grows from an anchor: where the selection stood, or the end of the range that is not moved. */
function rangeKeys(targets: MapKeyTargets, one: OneStep): KeyActions {
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
  const extendBlock = (forward: boolean): Promise<void> => one.take(async () => {
    startRange()
    const block = await targets.source().blockAt(forward ? focus : focus - 1, {})
    extendTo(block === null ? nearestSegment(targets.segments(), focus, forward) : forward ? block.address + block.sizeBytes : block.address)
  })

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

  return {
    ArrowRight: () => void extendBlock(true),
    ArrowLeft: () => void extendBlock(false),
    ArrowDown: () => extendLines(1),
    ArrowUp: () => extendLines(-1),
    PageDown: () => extendLines(pageLines(targets.frame())),
    PageUp: () => extendLines(-pageLines(targets.frame())),
    Home: () => extendToEnd(false),
    End: () => extendToEnd(true),
    '+': () => targets.zoomBy(1),
  }
}

/** With Ctrl the picture moves and the selection stays. */
function panKeys({ frame, panBy }: MapKeyTargets): KeyActions {
  const pageUnits = (): number => Math.max(1, Math.floor(frame().geometry.shown) - 1)
  const someUnits = (): number => (frame().geometry.unitName === 'row' ? PAN_ROWS : 1)
  return {
    ArrowUp: () => panBy(-someUnits()),
    ArrowDown: () => panBy(someUnits()),
    ArrowLeft: () => panBy(-pageUnits()),
    ArrowRight: () => panBy(pageUnits()),
    Home: () => panBy(-Infinity),
    End: () => panBy(Infinity),
  }
}

/** Keys of a map; each key that is used is kept from everybody else. */
export function useMapKeys(targets: MapKeyTargets): { onKeydown(event: KeyboardEvent): void } {
  const one = new OneStep()
  const plain = selectionKeys(targets, one)
  const shifted = rangeKeys(targets, one)
  const panned = panKeys(targets)
  return {
    onKeydown(event) {
      if (event.altKey) return
      const action = (event.ctrlKey || event.metaKey ? panned : event.shiftKey ? shifted : plain)[event.key]
      if (action === undefined) return
      event.preventDefault()
      event.stopPropagation()
      action()
    },
  }
}
