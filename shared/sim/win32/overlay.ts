import type { Address, Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import type { BlockField } from '../heaps/kath-nt31/block-bytes'
import { TypeByte } from '../heaps/kath-nt31/handle-table'
import { addField, pointerText } from './block-overlay'
import type { ProcessCore } from './process-core'

/** Names the structure fields that touch [address, address + length), in address order. */
export function overlayFields(core: ProcessCore, address: Address, length: Bytes): OverlayField[] {
  const found: OverlayField[] = []
  const end = address + length
  for (const { heap } of core.heaps.values()) for (const field of heap.fields(address, end)) found.push(field)
  handleOverlay(core, address, end, found)
  return found.sort((a, b) => a.address - b.address)
}

function handleOverlay({ table }: ProcessCore, from: Address, to: Address, found: OverlayField[]): void {
  if (table.base === 0) return
  const { entryBytes } = table
  const { pointerBytes } = table.rules
  const first = Math.max(0, Math.floor((from - table.base) / entryBytes))
  const past = Math.min(table.entries, Math.ceil((to - table.base) / entryBytes))
  const scratch = new Uint8Array(entryBytes)
  for (let index = first; index < past; index++) {
    const at = table.entryAddress(index)
    const isLive = table.isLive(index)
    const structure = isLive ? `handle ${pointerText(table.handleOf(index))}` : 'free handle entry'
    const bytes = table.encode(index, scratch)
    const add1 = (field: string, offset: number, length: Bytes, text: string): void => {
      if (at + offset < to && at + offset + length > from) found.push({ address: at + offset, bytes: length, structure, field, text })
    }
    add1('lock count', 0, 1, String(bytes[0]))
    add1('not described', 1, 1, '0')
    add1('type', 2, 2, isLive ? typeText(table.typeOf(index)) : 'free')
    if (pointerBytes === 8) add1('not used', 4, 4, '0')
    const next = isLive ? -1 : table.nextFree(index)
    const target = isLive ? table.dataOf(index) : next < 0 ? 0 : table.entryAddress(next)
    const field: BlockField = { name: 'next free', offset: pointerBytes, bytes: pointerBytes, value: target }
    addField(found, from, to, structure, at, field, target === 0 && isLive ? 'discarded' : pointerText(target), isLive ? 'address of the data' : 'next free entry')
  }
}

/** In the words of the flags that made the block. */
function typeText(type: number): string {
  const low = (type & 0xff) === TypeByte.Discardable ? 'DISCARDABLE' : 'MOVEABLE'
  return (type >> 8) & TypeByte.Shared ? `${low}, DDESHARE` : low
}
