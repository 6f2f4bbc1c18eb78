import type { Address } from '../../../shared/base/units'
import type { BlockDetail } from '../../../shared/ipc/engine-api'
import { addressAt, rowOfAddress, type MapSegment } from './layout'
import type { MapSource } from './map-source'
import type { MapFrame } from './use-map-picture'

export interface MapKeyTargets {
  readonly source: () => MapSource
  readonly segments: () => readonly MapSegment[]
  readonly selected: () => BlockDetail | null
  readonly frame: () => MapFrame
  select(address: Address | null): void
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

  function stepRows(rows: number): void {
    const { space } = targets.frame()
    const block = targets.selected()
    if (block === null) return step(true)
    const row = Math.min(space.totalRows - 1, Math.max(0, rowOfAddress(space, block.address) + rows))
    const segment = space.segments.filter((candidate) => candidate.base <= block.address).at(-1)
    const column = segment === undefined ? 0 : Math.floor(((block.address - segment.base) % space.rowBytes) / space.bytesPerCell)
    const x = space.plotLeft + ((column + 0.5) / space.cellsPerRow) * space.plotWidth
    // A band or the empty end of a segment lies there: take the nearest segment in the direction of travel.
    const at = addressAt(space, row, x, 0) ?? addressAt(space, row, space.plotLeft + 1, 0) ?? nearestSegment(block.address, rows > 0)
    void selectAt(at)
  }

  function nearestSegment(address: Address, forward: boolean): Address {
    const segments = targets.segments()
    const next = forward ? segments.find((segment) => segment.base > address) : segments.filter((segment) => segment.base + segment.reservedBytes <= address).at(-1)
    return next?.base ?? address
  }

  const pageRows = (): number => Math.max(1, Math.floor(targets.frame().height / targets.frame().space.rowPitch) - 1)

  const plain: Record<string, () => void> = {
    ArrowRight: () => step(true),
    ArrowLeft: () => step(false),
    ArrowDown: () => stepRows(1),
    ArrowUp: () => stepRows(-1),
    PageDown: () => stepRows(pageRows()),
    PageUp: () => stepRows(-pageRows()),
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
    Escape: () => targets.select(null),
  }
  const shifted: Record<string, () => void> = {
    ArrowUp: () => targets.panBy(-PAN_ROWS),
    ArrowDown: () => targets.panBy(PAN_ROWS),
    ArrowLeft: () => targets.panBy(-pageRows()),
    ArrowRight: () => targets.panBy(pageRows()),
    PageUp: () => targets.panBy(-pageRows()),
    PageDown: () => targets.panBy(pageRows()),
    '+': () => targets.zoomBy(1),
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = (event.shiftKey ? shifted : plain)[event.key]
    if (action === undefined) return
    event.preventDefault()
    event.stopPropagation()
    action()
  }
  return { onKeydown }
}
