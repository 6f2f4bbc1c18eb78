import { assert } from '../../base/assert'
import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import type { MemoryAccess } from '../vm/memory-access'
import { MemoryType, Protection } from '../vm/memory-constants'
import type { VirtualMemory } from '../vm/virtual-memory'

interface Surrounding {
  readonly base: Address
  readonly bytes: Bytes
  readonly owner: string
  readonly type: MemoryType
  /** Committed parts: offset and length in pages, protection. */
  readonly committed: readonly (readonly [firstPage: number, pages: number, protect: number])[]
}

const STACK_PAGES = 256

/**
 * What lies in a small process beside its heaps: environment and parameters at the bottom, one image, the main thread's
 * stack (1 MB reserved, one page and its guard committed), thread and process blocks and the shared system page on top.
 * Places and sizes are typical ones; nothing in the simulator depends on them.
 */
const SURROUNDINGS: readonly Surrounding[] = [
  { base: 0x00010000, bytes: 16 * PAGE_BYTES, owner: 'environment', type: MemoryType.MEM_PRIVATE, committed: [[0, 1, Protection.PAGE_READWRITE]] },
  { base: 0x00020000, bytes: 16 * PAGE_BYTES, owner: 'process parameters', type: MemoryType.MEM_PRIVATE, committed: [[0, 1, Protection.PAGE_READWRITE]] },
  {
    base: 0x00300000,
    bytes: STACK_PAGES * PAGE_BYTES,
    owner: 'stack of the main thread',
    type: MemoryType.MEM_PRIVATE,
    committed: [
      [STACK_PAGES - 2, 1, Protection.PAGE_READWRITE | Protection.PAGE_GUARD],
      [STACK_PAGES - 1, 1, Protection.PAGE_READWRITE],
    ],
  },
  {
    base: 0x00400000,
    bytes: 16 * PAGE_BYTES,
    owner: 'image of the program',
    type: MemoryType.MEM_IMAGE,
    committed: [
      [0, 1, Protection.PAGE_READONLY],
      [1, 8, Protection.PAGE_EXECUTE_READ],
      [9, 4, Protection.PAGE_READONLY],
      [13, 3, Protection.PAGE_WRITECOPY],
    ],
  },
  { base: 0x7ffd0000, bytes: 16 * PAGE_BYTES, owner: 'process and thread block', type: MemoryType.MEM_PRIVATE, committed: [[14, 2, Protection.PAGE_READWRITE]] },
  { base: 0x7ffe0000, bytes: 16 * PAGE_BYTES, owner: 'shared system page', type: MemoryType.MEM_PRIVATE, committed: [[0, 1, Protection.PAGE_READONLY]] },
]

/** The first bytes of every executable. */
const IMAGE_MAGIC = Uint8Array.of(0x4d, 0x5a)

export function placeSurroundings(memory: VirtualMemory, access: MemoryAccess): void {
  for (const { base, bytes, owner, type, committed } of SURROUNDINGS) {
    const allocation = memory.reserveKept(base, bytes, owner, type)
    assert(allocation?.base === base, 'a fresh address space has room for what belongs to every process')
    for (const [first, pages, protect] of committed) {
      const from = base + first * PAGE_BYTES
      memory.commitPages(allocation, from, from + pages * PAGE_BYTES, protect)
    }
    if (type === MemoryType.MEM_IMAGE) access.copyIn(base, IMAGE_MAGIC)
  }
}
