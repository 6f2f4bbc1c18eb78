import type { Address, Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import { BlockFlag, blockFields, type BlockField } from '../heaps/kath-nt31/block-bytes'
import { TypeByte } from '../heaps/kath-nt31/handle-table'
import type { HeapRecord, ProcessCore } from './process-core'

/** Names the structure fields that touch [address, address + length), in address order. */
export function overlayFields(core: ProcessCore, address: Address, length: Bytes): OverlayField[] {
  const found: OverlayField[] = []
  const end = address + length
  for (const record of core.heaps.values()) blockOverlay(record, address, end, found)
  handleOverlay(core, address, end, found)
  return found.sort((a, b) => a.address - b.address)
}

function blockOverlay({ heap }: HeapRecord, from: Address, to: Address, found: OverlayField[]): void {
  const { fit, layout } = heap
  const { address, size } = fit.blocks
  for (let range = 0; range < fit.rangeCount; range++) {
    if (fit.rangeBase(range) >= to || fit.rangeEnd(range) <= from) continue
    for (let slot = fit.firstOfRange(range); slot !== 0 && size[slot]! > 0 && address[slot]! < to; slot = fit.blocks.after[slot]!) {
      if (address[slot]! + size[slot]! <= from) continue
      const facts = heap.factsOf(slot)
      const isTail = (facts.flags & (BlockFlag.Last | BlockFlag.Busy)) === BlockFlag.Last
      const structure = isTail ? 'heap tail' : (facts.flags & BlockFlag.Busy) !== 0 ? 'block header' : 'free block header'
      for (const field of blockFields(layout, facts)) add(found, from, to, structure, address[slot]!, field, blockText(field, layout.granuleBytes))
    }
  }
}

function blockText({ name, value }: BlockField, granule: Bytes): string {
  switch (name) {
    case 'size':
    case 'size of the block before':
      return `${value * granule} bytes`
    case 'flags':
      return flagsText(value)
    case 'spare bytes':
      return `${value} bytes not asked for`
    case 'segment':
      return `segment ${value + 1}`
    case 'zero':
      return '0'
    default:
      return pointerText(value)
  }
}

const FLAG_WORDS: readonly (readonly [number, string])[] = [
  [BlockFlag.Busy, 'busy'],
  [BlockFlag.Moveable, 'movable'],
  [BlockFlag.Last, 'last of its segment'],
]

const flagsText = (flags: number): string => FLAG_WORDS.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word).join(', ') || 'free'

const pointerText = (value: number): string => (value === 0 ? 'none' : `0x${value.toString(16).toUpperCase().padStart(8, '0')}`)

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
    add(found, from, to, structure, at, field, target === 0 && isLive ? 'discarded' : pointerText(target), isLive ? 'address of the data' : 'next free entry')
  }
}

/** In the words of the flags that made the block. */
function typeText(type: number): string {
  const low = (type & 0xff) === TypeByte.Discardable ? 'DISCARDABLE' : 'MOVEABLE'
  return (type >> 8) & TypeByte.Shared ? `${low}, DDESHARE` : low
}

const POINTERS: ReadonlySet<BlockField['name']> = new Set(['handle', 'next free', 'previous free'])

function add(found: OverlayField[], from: Address, to: Address, structure: string, base: Address, field: BlockField, text: string, name: string = field.name): void {
  const address = base + field.offset
  if (address >= to || address + field.bytes <= from) return
  const plain = { address, bytes: field.bytes, structure, field: name, text }
  found.push(POINTERS.has(field.name) && field.value !== 0 ? { ...plain, target: field.value } : plain)
}
