import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { type FindingList, hex } from '../finding-list'
import type { Layout } from '../layouts/choose-layout'
import type { MemoryView } from '../memory-view'

export interface LargeBlock {
  readonly address: Address
  readonly size: Bytes
  readonly requested: Bytes
}

const MAX_NODES = 65_536
/** Low bits of the stored address that count unused bytes. */
const UNUSED_SPAN = 0x10000

/** Blocks with reservations of their own, from the tree of their records. */
export function readLargeBlocks(view: MemoryView, heap: Address, layout: Layout, findings: FindingList): LargeBlock[] {
  const { bits } = layout
  const word = bits / 8
  const tree = heap + layout.offset('SEGMENT_HEAP', 'LargeAllocMetadata')
  const blocks: LargeBlock[] = []
  const seen = new Set<Address>()
  const waiting = [rootOf(view, tree, bits)]
  while (waiting.length > 0) {
    const node = waiting.pop()!
    if (!(node > 0)) continue
    if (seen.has(node) || seen.size === MAX_NODES) {
      findings.add('large-tree-broken', 'damage', `The tree of large blocks comes back to ${hex(node)}.`, { address: node })
      break
    }
    seen.add(node)
    const block = readLarge(view, node, layout)
    if (block === undefined) findings.add('virtual-block-damaged', 'damage', `The record of a large block at ${hex(node)} does not fit a block.`, { address: node })
    else blocks.push(block)
    waiting.push(view.pointer(node, bits), view.pointer(node + word, bits))
  }
  return blocks
}

/** Since 1703 a set bit beside the root says that the root is XORed with the tree's address. */
function rootOf(view: MemoryView, tree: Address, bits: 32 | 64): Address {
  if ((view.u32(tree + bits / 8) & 1) === 0) return view.pointer(tree, bits)
  const low = (view.u32(tree) ^ tree % 0x100000000) >>> 0
  const high = bits === 64 ? (view.u32(tree + 4) ^ Math.floor(tree / 0x100000000)) >>> 0 : 0
  return high < 0x200000 ? high * 0x100000000 + low : NaN
}

function readLarge(view: MemoryView, node: Address, layout: Layout): LargeBlock | undefined {
  const { bits } = layout
  const mixed = view.pointer(node + layout.offset('HEAP_LARGE_ALLOC_DATA', 'VirtualAddress'), bits)
  const pages = Math.floor(view.word(node + layout.offset('HEAP_LARGE_ALLOC_DATA', 'AllocatedPages'), bits) / PAGE_BYTES)
  const unused = mixed % UNUSED_SPAN
  const address = mixed - unused
  const size = pages * PAGE_BYTES
  return address > 0 && size > unused && Number.isSafeInteger(address + size) ? { address, size, requested: size - unused } : undefined
}
