import { NONE } from '../../base/units'
import { BlockKind, BlockState, type BlockTable, type Snapshot } from '../../model/snapshot'
import { columnsOf, RowTable } from './row-table'

/*
 * Containers of a low-fragmentation front end, put together again from the blocks a walk left:
 *
 *   rows        [container][slot][slot][slot][container]   [container]
 *                 head      slots of one size   rest         waiting: cached, no slots
 */
interface Container {
  readonly firstRow: number
  readonly endRow: number
  readonly firstSlot: number
  readonly endSlot: number
}

/** Calls `visit` for each container in order of address. */
function eachContainer({ blocks }: Snapshot, visit: (container: Container) => void): void {
  const { kind } = blocks
  if (kind === undefined) return
  const rows = blocks.length
  for (let row = 0; row < rows; ) {
    const code = kind.at(row)
    if (code !== BlockKind.LfhSlot && code !== BlockKind.LfhContainer) {
      row++
      continue
    }
    const firstSlot = code === BlockKind.LfhContainer ? row + 1 : row
    let endSlot = firstSlot
    while (endSlot < rows && kind.at(endSlot) === BlockKind.LfhSlot && isSameRun(blocks, row, endSlot)) endSlot++
    const hasRest = endSlot > firstSlot && endSlot < rows && isRest(blocks, kind.at(endSlot), endSlot, kind.at(Math.min(endSlot + 1, rows - 1)))
    const endRow = hasRest ? endSlot + 1 : endSlot
    visit({ firstRow: row, endRow, firstSlot, endSlot })
    row = endRow
  }
}

/** A container's rows touch and belong to one heap. */
const isSameRun = ({ address, size, heap }: BlockTable, first: number, row: number): boolean =>
  row === first || (heap.at(row) === heap.at(first) && address.at(row) === address.at(row - 1) + size.at(row - 1))

/** What follows the slots is the rest of their container, unless it is the head of the next one. */
const isRest = (blocks: BlockTable, code: number, row: number, next: number): boolean =>
  code === BlockKind.LfhContainer && blocks.state.at(row) === BlockState.Internal && isSameRun(blocks, row - 1, row) && next !== BlockKind.LfhSlot

/** One row per container: where it lies, its slots by state, and what it costs besides. */
export function lfhContainers(snapshot: Snapshot): RowTable {
  const columns = columnsOf({
    address: 'f64', bytes: 'f64', heap: 'u8', segment: 'i32', slotBytes: 'f64', slots: 'u32', busy: 'u32', free: 'u32', utilisation: 'f64', freeBytes: 'f64', spareBytes: 'f64', confidence: 'u8',
  })
  const { blocks, segments } = snapshot
  eachContainer(snapshot, ({ firstRow, endRow, firstSlot, endSlot }) => {
    const slots = endSlot - firstSlot
    const slotBytes = slots === 0 ? 0 : blocks.size.at(firstSlot)
    let busy = 0
    for (let row = firstSlot; row < endSlot; row++) if (blocks.state.at(row) === BlockState.Busy) busy++
    const address = blocks.address.at(firstRow)
    const bytes = blocks.address.at(endRow - 1) + blocks.size.at(endRow - 1) - address
    columns.address.push(address)
    columns.bytes.push(bytes)
    columns.heap.push(blocks.heap.at(firstRow))
    columns.segment.push(segments.length === 0 ? NONE : segmentOf(snapshot, address))
    columns.slotBytes.push(slotBytes)
    columns.slots.push(slots)
    columns.busy.push(busy)
    columns.free.push(slots - busy)
    columns.utilisation.push(slots === 0 ? 0 : busy / slots)
    columns.freeBytes.push((slots - busy) * slotBytes)
    columns.spareBytes.push(bytes - slots * slotBytes)
    columns.confidence.push(blocks.confidence?.at(firstRow) ?? 0)
  })
  return new RowTable(columns)
}

const segmentOf = ({ segments }: Snapshot, address: number): number => segments.findIndex(({ base, reservedBytes }) => base <= address && address < base + reservedBytes)

/** One row per slot size: how many containers serve it, and how full they are; waiting containers are the row of size 0. */
export function lfhBuckets(containers: RowTable): RowTable {
  const columns = columnsOf({ slotBytes: 'f64', containers: 'u32', slots: 'f64', busy: 'f64', free: 'f64', utilisation: 'f64', freeBytes: 'f64', containerBytes: 'f64' })
  const of = (name: string): { at(row: number): number } => containers.numbers[name]!
  const rowOfSize = new Map<number, number>()
  for (let i = 0; i < containers.rows; i++) {
    const size = of('slotBytes').at(i)
    let row = rowOfSize.get(size)
    if (row === undefined) {
      row = columns.slotBytes.length
      rowOfSize.set(size, row)
      for (const [name, column] of Object.entries(columns)) column.push(name === 'slotBytes' ? size : 0)
    }
    const add = (name: keyof typeof columns, value: number): void => columns[name].set(row, columns[name].at(row) + value)
    add('containers', 1)
    add('slots', of('slots').at(i))
    add('busy', of('busy').at(i))
    add('free', of('free').at(i))
    add('freeBytes', of('freeBytes').at(i))
    add('containerBytes', of('bytes').at(i))
  }
  for (let row = 0; row < columns.slots.length; row++) columns.utilisation.set(row, columns.slots.at(row) === 0 ? 0 : columns.busy.at(row) / columns.slots.at(row))
  return new RowTable(columns)
}
