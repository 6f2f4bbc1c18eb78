import type { Address, Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import { BlockFlag, blockFields, type BlockField } from '../heaps/kath-nt31/block-bytes'
import type { ProcessHeap } from '../heaps/kath-nt31/process-heap'

/** Fields of the article's blocks that touch [from, to). */
export function blockOverlay(heap: ProcessHeap, from: Address, to: Address): OverlayField[] {
  const found: OverlayField[] = []
  const { fit, layout } = heap
  const { address, size } = fit.blocks
  for (let range = 0; range < fit.rangeCount; range++) {
    if (fit.rangeBase(range) >= to || fit.rangeEnd(range) <= from) continue
    for (let slot = fit.firstOfRange(range); slot !== 0 && size[slot]! > 0 && address[slot]! < to; slot = fit.blocks.after[slot]!) {
      if (address[slot]! + size[slot]! <= from) continue
      const facts = heap.factsOf(slot)
      const isTail = (facts.flags & (BlockFlag.Last | BlockFlag.Busy)) === BlockFlag.Last
      const structure = isTail ? 'heap tail' : (facts.flags & BlockFlag.Busy) !== 0 ? 'block header' : 'free block header'
      for (const field of blockFields(layout, facts)) addField(found, from, to, structure, address[slot]!, field, blockText(field, layout.granuleBytes))
    }
  }
  return found
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

export const pointerText = (value: number): string => (value === 0 ? 'none' : `0x${value.toString(16).toUpperCase().padStart(8, '0')}`)

const POINTERS: ReadonlySet<BlockField['name']> = new Set(['handle', 'next free', 'previous free'])

/** Adds a field of a structure at `base` where it touches [from, to). */
export function addField(found: OverlayField[], from: Address, to: Address, structure: string, base: Address, field: BlockField, text: string, name: string = field.name): void {
  const address = base + field.offset
  if (address >= to || address + field.bytes <= from) return
  const plain = { address, bytes: field.bytes, structure, field: name, text }
  found.push(POINTERS.has(field.name) && field.value !== 0 ? { ...plain, target: field.value } : plain)
}
